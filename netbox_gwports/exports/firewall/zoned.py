"""What firewalls whose policies are between zones share: Juniper SRX, Palo Alto PAN-OS, Fortinet FortiOS."""

import hashlib
import re
from collections.abc import Iterable

from ...rules.constants import DMZ, INBOUND
from ...rules.rule import Rule, Side
from ..base import Work
from ..options import Options
from .base import FirewallExporter, cidrs
from .terms import Term

__all__ = ('ZonedExporter', 'labels')


class ZonedExporter(FirewallExporter):
    denied_scope = 'in the directions and between the zones of this file'
    options = (*FirewallExporter.options, 'deny_gateways', 'gateway_zone', 'zone_name', 'leg_zone')

    def distinguishes(self, zone: str, options: Options) -> bool:
        # Two zones of NetBox may be one zone of the firewall, which may also hold the gateways
        names = [options.zone_name(known) for known in options.site.zones]
        name = options.zone_name(zone)
        has_gateways = zone != DMZ and name == options.leg_zone(zone)
        return names.count(name) <= 1 and not has_gateways

    def pair(self, term: Term, options: Options) -> tuple[str, str]:
        """The zones of the firewall between which a term is."""
        pair = options.zone_name(term.zone), options.leg_zone(term.zone)
        return pair if term.direction == INBOUND else pair[::-1]

    def policies(self, work: Work) -> list[Term]:
        """The terms, followed by the deny of the rest of the gateways."""
        return [*self.terms(work), *self.rest(work)]

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        rules = list(rules)
        unnamed = sorted({rule.zone for rule in rules if not options.zone_names.get(rule.zone)})
        if any(not (options.leg_zones.get(rule.zone) or options.gateway_zone) for rule in rules):
            unnamed.append('the gateways')
        text = f"no name was given for the zone of {', '.join(unnamed)}, so NetBox's own is used"
        return (*super().warnings(rules, options), *([text] if unnamed else ()))


def _network_label(network: str) -> str:
    """A network as part of the name of an object: the same network has the same name."""
    host, _, length = network.partition('/')
    whole = length == ('128' if ':' in host else '32')
    return host.replace(':', '-') + ('' if whole else f'_{length}')


def _dns_label(name: str) -> str:
    """A DNS name as part of the name of an object: with a digest, since it may be too long or hold ``*``."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f'{re.sub(r"[^a-z0-9.-]", "", name).strip(".")[:24]}-{digest}'


def labels(side: Side, family: int) -> dict[str, str]:
    """Name of an object without its prefix -> the network or DNS name that it holds."""
    networks = (network for address in side.addresses for network in cidrs(address))
    return {_network_label(network): network for network in networks} | {
        f'dns{family}-{_dns_label(name)}': name for name in side.dns_names
    }
