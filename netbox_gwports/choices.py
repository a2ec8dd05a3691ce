from django.utils.translation import gettext_lazy as _
from utilities.choices import Choice, ChoiceSet

from .rules import constants

__all__ = (
    'AddressUseChoices',
    'DirectionChoices',
    'EndpointScopeChoices',
    'FlowStatusChoices',
    'GatewayStatusChoices',
    'RemoteRoleKindChoices',
    'ZoneChoices',
)


class ZoneChoices(ChoiceSet):
    """Where a remote sits as seen from the gateway. A site may add its own (FIELD_CHOICES)."""

    key = 'RemoteRole.zone'

    INTERNET = constants.INTERNET
    INTERNAL = constants.INTERNAL
    DMZ = constants.DMZ
    MANAGEMENT = constants.MANAGEMENT

    CHOICES = [
        Choice(INTERNET, _('Internet'), 'red', _('Beyond the outer firewall')),
        Choice(INTERNAL, _('Internal'), 'green', _('Behind the inner firewall')),
        Choice(DMZ, _('DMZ'), 'orange', _('Beside the gateway')),
        Choice(MANAGEMENT, _('Management'), 'blue', _('The network of administrators and monitoring')),
    ]


class DirectionChoices(ChoiceSet):
    INBOUND = constants.INBOUND
    OUTBOUND = constants.OUTBOUND

    CHOICES = (
        Choice(INBOUND, _('Inbound'), 'cyan', _('Opened by the other end')),
        Choice(OUTBOUND, _('Outbound'), 'purple', _('Opened by the gateway')),
    )


class RemoteRoleKindChoices(ChoiceSet):
    NAMED = constants.NAMED
    ANY = constants.ANY
    PEERS = constants.PEERS
    PROXY = constants.PROXY

    CHOICES = (
        Choice(NAMED, _('Named'), 'blue', _('Somebody must say who it is here')),
        Choice(ANY, _('Any'), 'red', _('Any address of its zone is meant, unless endpoints narrow it')),
        Choice(PEERS, _('Peers'), 'teal', _('The other gateways of the group that run the same product')),
        Choice(PROXY, _('Proxy'), 'gray', _('The web proxy that HTTP and HTTPS to the Internet take')),
    )


class GatewayStatusChoices(ChoiceSet):
    key = 'Gateway.status'

    PLANNED = 'planned'
    ACTIVE = 'active'
    DECOMMISSIONING = 'decommissioning'
    RETIRED = 'retired'

    CHOICES = [
        Choice(PLANNED, _('Planned'), 'cyan'),
        Choice(ACTIVE, _('Active'), 'green'),
        Choice(DECOMMISSIONING, _('Decommissioning'), 'yellow', _('Its openings are being closed')),
        Choice(RETIRED, _('Retired'), 'gray', _('Nothing is open for it any more')),
    ]


class AddressUseChoices(ChoiceSet):
    BOTH = 'both'
    INBOUND = 'inbound'
    OUTBOUND = 'outbound'

    CHOICES = (
        Choice(BOTH, _('Both'), 'blue'),
        Choice(INBOUND, _('Inbound'), 'cyan', _('A published or virtual address: others connect to it')),
        Choice(OUTBOUND, _('Outbound'), 'purple', _('The gateway connects from it')),
    )


class EndpointScopeChoices(ChoiceSet):
    """From the narrowest to the widest: the narrowest scope that has an endpoint for a role wins."""

    GATEWAYS = 'gateways'
    GROUPS = 'groups'
    SITES = 'sites'
    EVERYWHERE = 'everywhere'

    CHOICES = (
        Choice(GATEWAYS, _('Gateways'), 'purple', _('For the gateways listed')),
        Choice(GROUPS, _('Gateway groups'), 'blue', _('For the gateways of the groups listed')),
        Choice(SITES, _('Sites'), 'cyan', _('For the gateways at the sites listed')),
        Choice(EVERYWHERE, _('Everywhere'), 'gray', _('For every gateway')),
    )


class FlowStatusChoices(ChoiceSet):
    PLANNED = constants.PLANNED
    REQUESTED = constants.REQUESTED
    APPROVED = constants.APPROVED
    IMPLEMENTED = constants.IMPLEMENTED
    RETIRING = 'retiring'
    RETIRED = 'retired'
    REJECTED = 'rejected'
    WAIVED = 'waived'

    CHOICES = (
        Choice(PLANNED, _('Planned'), 'cyan', _('Needed, nobody was asked yet')),
        Choice(REQUESTED, _('Requested'), 'blue', _('The firewall team was asked')),
        Choice(APPROVED, _('Approved'), 'indigo', _('May be opened')),
        Choice(IMPLEMENTED, _('Implemented'), 'green', _('Open on the firewalls')),
        Choice(RETIRING, _('Retiring'), 'orange', _('No longer needed, still to be closed')),
        Choice(RETIRED, _('Retired'), 'gray', _('No longer needed, closed')),
        Choice(REJECTED, _('Rejected'), 'red', _('Asked for and refused')),
        Choice(WAIVED, _('Waived'), 'gray', _('Listed by the vendor, not opened here')),
    )

    # From the first step to the furthest: the statuses in which a flow is wanted and gives rules
    WANTED = constants.STATES
    # Something may be open on a firewall: such a flow is retired, never forgotten
    OPEN = (APPROVED, IMPLEMENTED, RETIRING)
