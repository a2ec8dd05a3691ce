from django.utils.translation import gettext_lazy as _
from utilities.choices import Choice, ChoiceSet

from .rules import constants

__all__ = (
    'AddressUseChoices',
    'DifferenceChoices',
    'DirectionChoices',
    'EndpointScopeChoices',
    'FlowStatusChoices',
    'GatewayStatusChoices',
    'LineStateChoices',
    'LoadActionChoices',
    'PlanActionChoices',
    'RemoteRoleKindChoices',
    'WeightChoices',
    'ZoneChoices',
)


class ZoneChoices(ChoiceSet):
    """Where a remote is located as seen from the gateway. Extensible through FIELD_CHOICES."""

    key = 'RemoteRole.zone'

    INTERNET = constants.INTERNET
    INTERNAL = constants.INTERNAL
    DMZ = constants.DMZ
    MANAGEMENT = constants.MANAGEMENT

    CHOICES = [
        Choice(INTERNET, _('Internet'), 'red', _('Outside the perimeter firewall')),
        Choice(INTERNAL, _('Internal'), 'green', _('Inside the internal firewall')),
        Choice(DMZ, _('DMZ'), 'orange', _('Perimeter networks of the gateways')),
        Choice(MANAGEMENT, _('Management'), 'blue', _('Administration and monitoring networks')),
    ]


class DirectionChoices(ChoiceSet):
    INBOUND = constants.INBOUND
    OUTBOUND = constants.OUTBOUND

    CHOICES = (
        Choice(INBOUND, _('Inbound'), 'cyan', _('Connection initiated by the remote')),
        Choice(OUTBOUND, _('Outbound'), 'purple', _('Connection initiated by the gateway')),
    )


class RemoteRoleKindChoices(ChoiceSet):
    NAMED = constants.NAMED
    ANY = constants.ANY
    PEERS = constants.PEERS
    PROXY = constants.PROXY

    CHOICES = (
        Choice(NAMED, _('Named'), 'blue', _('Remote endpoints must be assigned')),
        Choice(ANY, _('Any'), 'red', _('Any address in its zone, unless remote endpoints are assigned')),
        Choice(PEERS, _('Peers'), 'teal', _('Other gateways in the group running the same product')),
        Choice(PROXY, _('Proxy'), 'gray', _('Web proxy for HTTP and HTTPS to the Internet')),
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
        Choice(DECOMMISSIONING, _('Decommissioning'), 'yellow', _('Firewall rules are being removed')),
        Choice(RETIRED, _('Retired'), 'gray', _('All firewall rules have been removed')),
    ]


class AddressUseChoices(ChoiceSet):
    BOTH = 'both'
    INBOUND = 'inbound'
    OUTBOUND = 'outbound'

    CHOICES = (
        Choice(BOTH, _('Both'), 'blue', _('Inbound and outbound connections')),
        Choice(INBOUND, _('Inbound'), 'cyan', _('Published or virtual address for inbound connections')),
        Choice(OUTBOUND, _('Outbound'), 'purple', _('Source address for outbound connections')),
    )


class EndpointScopeChoices(ChoiceSet):
    """Ordered from most to least specific: the most specific scope that has an endpoint for a role applies."""

    GATEWAYS = 'gateways'
    GROUPS = 'groups'
    SITES = 'sites'
    EVERYWHERE = 'everywhere'

    CHOICES = (
        Choice(GATEWAYS, _('Gateways'), 'purple', _('Selected gateways')),
        Choice(GROUPS, _('Gateway groups'), 'blue', _('All gateways in the selected groups')),
        Choice(SITES, _('Sites'), 'cyan', _('All gateways at the selected sites')),
        Choice(EVERYWHERE, _('Everywhere'), 'gray', _('All gateways')),
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
    WITHDRAWN = 'withdrawn'

    CHOICES = (
        Choice(PLANNED, _('Planned'), 'cyan', _('Required, not yet requested')),
        Choice(REQUESTED, _('Requested'), 'blue', _('Requested from the firewall team')),
        Choice(APPROVED, _('Approved'), 'indigo', _('Approved, to be opened')),
        Choice(IMPLEMENTED, _('Implemented'), 'green', _('In place on the firewalls')),
        Choice(RETIRING, _('Retiring'), 'orange', _('No longer required, to be closed')),
        Choice(RETIRED, _('Retired'), 'gray', _('No longer required and closed')),
        Choice(REJECTED, _('Rejected'), 'red', _('Requested but rejected')),
        Choice(WAIVED, _('Waived'), 'gray', _('Listed by the vendor but not used here')),
        Choice(WITHDRAWN, _('Withdrawn'), 'gray', _('No longer required; earlier decisions are kept')),
    )

    # Statuses of flows that produce rules, from the least to the most advanced
    WANTED = constants.STATES
    # Set by reconcile where the profile no longer needs a flow; ``status_before_retiring`` has what it was
    NOT_NEEDED = (RETIRING, RETIRED, WITHDRAWN)
    # Rules may be open on a firewall: such a flow is retired, never deleted
    OPEN = (APPROVED, IMPLEMENTED, RETIRING)


#
# Computed values, which no model stores
#


class LineStateChoices(ChoiceSet):
    """State of a line: the least advanced status of its flows."""

    CHOICES = (
        Choice(FlowStatusChoices.PLANNED, _('Not requested'), 'orange'),
        Choice(FlowStatusChoices.REQUESTED, _('Requested'), 'blue', _('Requested from the firewall team')),
        Choice(FlowStatusChoices.APPROVED, _('Approved'), 'indigo', _('Approved, to be opened')),
        Choice(FlowStatusChoices.IMPLEMENTED, _('In place'), 'green', _('In place on the firewalls')),
    )


class PlanActionChoices(ChoiceSet):
    """Pending changes to the required flows of a gateway: ``reconcile.Plan.steps``."""

    CHOICES = (
        Choice('create', _('Add'), 'green', _('Create a required flow')),
        Choice('update', _('Change'), 'blue', _('Update the required flow')),
        Choice('retire', _('Close'), 'orange', _('No longer required, but approved or in place: rules must be closed')),
        Choice('withdraw', _('Withdraw'), 'gray', _('No longer required; earlier decisions and notes are kept')),
        Choice('delete', _('Delete'), 'red', _('No longer required, and never approved')),
    )


class LoadActionChoices(ChoiceSet):
    """Changes by a catalog import: ``loading.plan.Step.action``."""

    CHOICES = (
        Choice('create', _('Add'), 'green'),
        Choice('update', _('Change'), 'blue'),
        Choice('withdraw', _('Withdraw'), 'orange', _('Removed from the catalog, but still used by required flows')),
        Choice('delete', _('Delete'), 'red'),
        Choice('keep', _('Keep'), 'gray', _('Differs from the catalog, but is kept')),
    )


class WeightChoices(ChoiceSet):
    """How much a doubt of the converter matters: ``catalog.convert.Doubt.weight``."""

    CHOICES = (
        Choice('opens', _('Opens ports'), 'red', _('The draft may open more than the table says')),
        Choice('meaning', _('Changes meaning'), 'orange', _('The draft may mean something else than the table')),
        Choice('wording', _('Wording'), 'gray', _('Names and texts')),
    )


class DifferenceChoices(ChoiceSet):
    """Differences between two releases: ``loading.release_difference.Entry.kind``."""

    CHOICES = (
        Choice('moved', _('Moved'), 'orange', _('Different ports, direction, remote role, DNS names or zone')),
        Choice('removed', _('Removed'), 'red'),
        Choice('added', _('Added'), 'green'),
        Choice('changed', _('Changed'), 'blue', _('Same ports and remote, different condition or property')),
        Choice('reworded', _('Reworded'), 'gray', _('Different wording only')),
        Choice('same', _('Unchanged'), 'gray'),
    )
