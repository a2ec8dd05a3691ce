"""DNS names for targets where aerleon supports none.

Each name is written as an address that nobody uses. In the finished file, what stands for that address is then replaced
by what the target has for a name.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ...rules.addresses import Address, parse
from ...rules.rule import Rule, Side
from ..base import Reason
from ..rendering import ExportError
from .terms import Term

__all__ = ('Placeholders', 'reserved')

# Reserved or discard-only ranges: no rule names an address in them
RANGES = {4: parse('240.0.0.0/4'), 6: parse('100::/64')}


def reserved(rule: Rule) -> Reason | None:
    """Why a rule cannot be in one file with placeholders, or None."""
    placeholders = RANGES[rule.family]
    if any(placeholders.meets(replace(a, vrf=None)) for a in (*rule.local.addresses, *rule.remote.addresses)):
        return 'reserved', f'it names an address in {placeholders}, which no network uses'
    return None


class Placeholders:
    """The placeholders of the DNS names in some terms. ``names`` maps the address of each, as text, to its name.

    A name has one placeholder for each family of its terms, which is the family of the gateway's addresses.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        dns_names = sorted({
            (t.family, dns_name) for t in terms for side in (t.source, t.destination) for dns_name in side.dns_names
        })
        self._addresses = {
            (family, dns_name): _host(family, RANGES[family].first + number)
            for number, (family, dns_name) in enumerate(dns_names, 1)
        }
        self.names = {str(address): dns_name for (_family, dns_name), address in self._addresses.items()}

    def put(self, term: Term) -> Term:
        """The term with placeholders instead of names."""
        return replace(
            term, source=self._side(term.source, term.family), destination=self._side(term.destination, term.family)
        )

    def _side(self, side: Side, family: int) -> Side:
        if not side.dns_names:
            return side
        return Side(addresses=tuple(self._addresses[family, dns_name] for dns_name in side.dns_names))

    def check(self, text: str, written: Iterable[str]) -> str:
        """The finished text, in which the placeholders ``written`` were replaced by names.

        Raises ExportError unless these are all of them and none is left.
        """
        if missing := self.names.keys() - set(written):
            raise ExportError(
                f'{", ".join(sorted({self.names[m] for m in missing}))} could not be written as DNS names'
            )
        left = '|'.join(map(re.escape, self.names))
        if left and re.search(rf'(?<![0-9a-f:.])({left})(?![0-9a-f:.])', text):
            raise ExportError('a placeholder of a DNS name was left in the file')
        return text


def _host(family: int, number: int) -> Address:
    return Address(family, number, number)
