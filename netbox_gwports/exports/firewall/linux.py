"""What nftables and iptables share: hooks, interfaces, and what a host cannot do without."""

from ...rules.constants import DMZ, INBOUND, OUTBOUND
from ...rules.ports import PROTOCOLS, number
from ...rules.rule import Rule
from ..base import Reason, Work
from ..options import HOST, Options
from .base import FirewallExporter
from .terms import Term

__all__ = ('NEIGHBOURS', 'LinuxExporter')

HOOKS = {INBOUND: 'input', OUTBOUND: 'output'}
# The ICMPv6 types of neighbor discovery, without which a host has no IPv6
NEIGHBOURS = (133, 134, 135, 136)


class LinuxExporter(FirewallExporter):
    options = (
        *FirewallExporter.options,
        'deny_gateways', 'final_deny', 'perspective', 'gateway_interface', 'interface', 'leg_interface',
    )  # fmt: skip
    perspectives = ('transit', 'host')
    mark = '#'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        if rule.family == 6 and number(rule.protocol) == PROTOCOLS['ah']:
            # There it is an extension header: for the kernel, the protocol is what follows it
            return 'protocol', f'{self.label} does not see ah as a protocol of IPv6'
        return super().refuse(rule, options)

    def distinguishes(self, zone: str, options: Options) -> bool:
        # By the interface that packets pass, if it is known that no other zone is behind it, nor the gateways
        interface, leg = options.interfaces.get(zone), options.leg_interface(zone)
        others = [
            options.interfaces.get(other) or None
            for other in options.site.other_zones(zone)
            # Without networks there is nothing behind any interface; the gateways' own zone is on their side
            if options.networks.get(other) != () and (other != DMZ or other in options.interfaces)
        ]
        if not interface or None in others or interface in others:
            return False
        return options.perspective == HOST or bool(leg and (zone == DMZ or interface != leg))

    @staticmethod
    def hook(direction: str) -> str:
        """The hook of a direction on the gateway itself."""
        return HOOKS[direction]

    def hooks(self, work: Work, terms: list[Term]) -> dict[str, list[Term]]:
        """Hook -> its terms. On the gateway itself each direction has a hook; one not exported is left alone."""
        if work.options.perspective != HOST:
            return {'forward': terms}
        return {
            HOOKS[direction]: [term for term in terms if term.direction == direction]
            for direction in work.options.directions or HOOKS
        }

    def interfaces(self, term: Term, options: Options) -> tuple[str, str]:
        """The interfaces through which the packets of a term come in and go out, where they are known."""
        remote = options.interfaces.get(term.zone, '')
        local = '' if options.perspective == HOST else options.leg_interface(term.zone)
        return (remote, local) if term.direction == INBOUND else (local, remote)
