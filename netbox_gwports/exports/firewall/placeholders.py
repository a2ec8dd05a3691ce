"""Host names where aerleon knows none.

Each is written as an address that nobody has, and what stands for that address in the file is rewritten into what the
target says for a name.
"""

import re
from collections.abc import Iterable
from dataclasses import replace

from ...rules.addresses import Address, parse
from ...rules.rule import Rule, Side
from ..rendering import ExportError
from .terms import Term

__all__ = ('Placeholders', 'reserved')

# Of ranges that are reserved or discarded: no rule names an address of them
RANGES = {4: parse('240.0.0.0/4'), 6: parse('100::/64')}


def reserved(rule: Rule) -> tuple[str, str] | None:
    """Why a rule cannot stand beside placeholders, or None."""
    found = RANGES[rule.family]
    if any(found.meets(replace(a, vrf=None)) for a in (*rule.local.addresses, *rule.remote.addresses)):
        return 'reserved', f'it names an address of {found}, which no network has'
    return None


class Placeholders:
    """Those of the host names in some terms. ``names`` maps the address of each, as text, to its host name.

    A name has one a family: that of the gateway's end, which is the family of the term.
    """

    def __init__(self, terms: Iterable[Term]):
        dns_names = sorted({
            (t.family, dns_name) for t in terms for side in (t.source, t.destination) for dns_name in side.dns_names
        })
        self._standing = {
            (family, dns_name): Address(family, *[RANGES[family].first + number] * 2)
            for number, (family, dns_name) in enumerate(dns_names, 1)
        }
        self.names = {str(address): dns_name for (_family, dns_name), address in self._standing.items()}

    def put(self, term: Term) -> Term:
        """The term with placeholders instead of names."""
        sides = {
            name: Side(addresses=tuple(self._standing[term.family, dns_name] for dns_name in side.dns_names))
            for name in ('source', 'destination')
            if (side := getattr(term, name)).dns_names
        }
        return replace(term, **sides)

    def check(self, text: str, written: Iterable[str]) -> str:
        """The finished text, in which these placeholders became names.

        Raises ExportError unless they are all of them, and none is left.
        """
        if missing := self.names.keys() - set(written):
            raise ExportError(f'{", ".join(sorted({self.names[m] for m in missing}))} could not be written as names')
        left = '|'.join(map(re.escape, self.names))
        if left and re.search(rf'(?<![0-9a-f:.])({left})(?![0-9a-f:.])', text):
            raise ExportError('a placeholder of a host name was left in the file')
        return text
