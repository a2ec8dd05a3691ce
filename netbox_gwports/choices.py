from django.utils.translation import gettext_lazy as _
from utilities.choices import Choice, ChoiceSet

from .rules import constants

__all__ = (
    'AddressUseChoices',
    'ChangeActionChoices',
    'ChangeRequestStatusChoices',
    'DifferenceChoices',
    'DirectionChoices',
    'EndpointScopeChoices',
    'FlowStatusChoices',
    'GatewayStatusChoices',
    'LoadActionChoices',
    'PlanActionChoices',
    'RemoteRoleKindChoices',
    'SignOffKindChoices',
    'SignOffOriginChoices',
    'StandingChoices',
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
    """What a person decides about a need. What is approved and open is a matter of rules: see StandingChoices."""

    REQUIRED = 'required'
    WAIVED = 'waived'
    REJECTED = 'rejected'
    WITHDRAWN = 'withdrawn'

    CHOICES = (
        Choice(REQUIRED, _('Required'), 'green', _('Required at this site')),
        Choice(WAIVED, _('Waived'), 'gray', _('Listed by the vendor but not used here')),
        Choice(REJECTED, _('Rejected'), 'red', _('Not permitted at this site')),
        Choice(WITHDRAWN, _('Withdrawn'), 'gray', _('No longer required; earlier decisions are kept')),
    )

    # Decisions against a flow: they need a justification, and so does changing them
    JUSTIFIED = (WAIVED, REJECTED)


class ChangeRequestStatusChoices(ChoiceSet):
    DRAFT = 'draft'
    REQUESTED = constants.REQUESTED
    APPROVED = constants.APPROVED
    REJECTED = constants.REJECTED
    WITHDRAWN = 'withdrawn'

    CHOICES = (
        Choice(DRAFT, _('Draft'), 'gray', _('Not yet submitted')),
        Choice(REQUESTED, _('Requested'), 'blue', _('Submitted for approval')),
        Choice(APPROVED, _('Approved'), 'green'),
        Choice(REJECTED, _('Rejected'), 'red'),
        Choice(WITHDRAWN, _('Withdrawn'), 'gray', _('Withdrawn by the requester')),
    )


class ChangeActionChoices(ChoiceSet):
    OPEN = 'open'
    CLOSE = 'close'

    CHOICES = (
        Choice(OPEN, _('Open'), 'green'),
        Choice(CLOSE, _('Close'), 'orange'),
    )


class SignOffKindChoices(ChoiceSet):
    REQUESTED = 'requested'
    APPROVED = 'approved'
    REJECTED = 'rejected'
    WITHDRAWN = 'withdrawn'
    IMPLEMENTED = 'implemented'
    ROLLED_BACK = 'rolled_back'
    REVIEWED = 'reviewed'

    CHOICES = (
        Choice(REQUESTED, _('Requested'), 'blue'),
        Choice(APPROVED, _('Approved'), 'green'),
        Choice(REJECTED, _('Rejected'), 'red'),
        Choice(WITHDRAWN, _('Withdrawn'), 'gray'),
        Choice(IMPLEMENTED, _('Implemented'), 'teal', _('Done on a firewall')),
        Choice(ROLLED_BACK, _('Rolled back'), 'orange', _('Undone on a firewall')),
        Choice(REVIEWED, _('Reviewed'), 'cyan', _('Required and open rules were reviewed')),
    )

    # Those that decide on a request, of which the last one counts
    DECISIONS = (REQUESTED, APPROVED, REJECTED, WITHDRAWN)


class SignOffOriginChoices(ChoiceSet):
    PERSON = 'person'
    AUTOMATION = 'automation'
    COVERAGE = 'coverage'

    CHOICES = (
        Choice(PERSON, _('Person'), 'blue'),
        Choice(AUTOMATION, _('Automation'), 'purple', _('Recorded through the REST API')),
        Choice(COVERAGE, _('Coverage'), 'gray', _('Already permitted by a broader rule on the firewall')),
    )


#
# Computed values, which no model stores
#


class StandingChoices(ChoiceSet):
    """Where a rule stands on the firewalls. The standing of a line is that of its least advanced rule."""

    NOT_REQUESTED = constants.NOT_REQUESTED
    REJECTED = constants.REJECTED
    REQUESTED = constants.REQUESTED
    UNAPPROVED = constants.UNAPPROVED
    APPROVED = constants.APPROVED
    IN_PLACE = constants.IN_PLACE
    TO_CLOSE = constants.TO_CLOSE

    CHOICES = (
        Choice(NOT_REQUESTED, _('Not requested'), 'orange'),
        Choice(REJECTED, _('Rejected'), 'red', _('Requested but rejected')),
        Choice(REQUESTED, _('Requested'), 'blue', _('Requested from the firewall team')),
        Choice(UNAPPROVED, _('Open without approval'), 'pink', _('In place on the firewalls but not approved')),
        Choice(APPROVED, _('Approved (to open)'), 'indigo', _('Approved, not yet in place on all firewalls')),
        Choice(IN_PLACE, _('In place'), 'green', _('Approved and in place on the firewalls')),
        Choice(TO_CLOSE, _('To close'), 'yellow', _('Open but no longer required')),
    )


class PlanActionChoices(ChoiceSet):
    """Pending changes to the required flows of a gateway: ``reconcile.Plan.steps``."""

    CHOICES = (
        Choice('create', _('Add'), 'green', _('Create a required flow')),
        Choice('update', _('Change'), 'blue', _('Update the required flow')),
        Choice('withdraw', _('Withdraw'), 'gray', _('No longer required; decided, annotated, approved or open before')),
        Choice('delete', _('Delete'), 'red', _('No longer required; never decided, approved or opened')),
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
