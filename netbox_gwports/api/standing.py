"""Where rules stand, in REST. The rules have the shape of ``exports.shape``."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from ..changes import standing_digest
from ..choices import StandingChoices
from ..exports.shape import ref_data, rule_data
from ..models import EnforcementPoint
from ..requirements import SeenStanding
from ..requirements.firewalls import FirewallStanding
from ..rules.rule import Rule
from ..rules.standing import Firewall, counts
from .rules import RefSerializer, RuleSerializer, ShapeSerializer

__all__ = ('FirewallStandingSerializer', 'StandingSerializer', 'firewall_data', 'standing_data')

AT_FIREWALL = ('to_open', 'in_place', 'to_close', 'unapproved')


def standing_data(standing: SeenStanding) -> dict:
    """The standing of one gateway as plain data: see ``StandingSerializer``."""
    resolution = standing.resolution
    rules = {
        'to_request': standing.to_request,
        'requested': standing.rules(StandingChoices.REQUESTED),
        'to_open': standing.to_open,
        'in_place': standing.in_place,
        'to_close': standing.to_close,
        'unapproved': standing.unapproved,
    }
    incomplete = resolution.hidden or standing.unseen
    return {
        'gateway': ref_data(resolution.gateway),
        'counts': counts(standing),
        **_rules(rules),
        'firewalls': [_at(firewall) for firewall in standing.firewalls],
        # Who may not view all of it cannot sign it
        'digest': None if incomplete else standing_digest(standing),
        'hidden': resolution.hidden,
        'unseen': standing.unseen,
    }


def firewall_data(point: EnforcementPoint, found: FirewallStanding) -> dict:
    """The standing of one firewall as plain data: see ``FirewallStandingSerializer``."""
    rules = {name: getattr(found, name) for name in AT_FIREWALL}
    return {
        'enforcement_point': {'id': point.pk, 'object_type': point._meta.label_lower, 'display': str(point)},
        'counts': _counts(rules),
        **_rules(rules),
        'hidden': found.hidden,
        'unseen': found.unseen,
    }


def _at(firewall: Firewall) -> dict:
    # A firewall that the user may not view has no name
    visible = firewall.ref is not None and firewall.ref.name
    return {
        'enforcement_point': ref_data(firewall.ref) if visible else None,
        'hidden': firewall.ref is not None and not visible,
        **_rules({name: getattr(firewall, name) for name in AT_FIREWALL}),
    }


def _counts(rules: dict[str, Iterable[Rule]]) -> dict[str, int]:
    return {name: len(found) for name, found in rules.items()}


def _rules(rules: dict[str, Iterable[Rule]]) -> dict[str, list[dict]]:
    return {name: [rule_data(rule) for rule in found] for name, found in rules.items()}


class AtFirewallSerializer(ShapeSerializer):
    to_open = RuleSerializer(many=True, help_text=_('Approved, and not open there'))
    in_place = RuleSerializer(many=True, help_text=_('Approved and open there'))
    to_close = RuleSerializer(many=True, help_text=_('Open there and no longer required'))
    unapproved = RuleSerializer(many=True, help_text=_('Open there without approval, required or not'))


@extend_schema_serializer(component_name='GwportsStandingAtFirewall')
class OneFirewallSerializer(AtFirewallSerializer):
    """``enforcement_point`` is null if no firewall is recorded, or if it is hidden from the user."""

    enforcement_point = RefSerializer(allow_null=True)
    hidden = serializers.BooleanField()


@extend_schema_serializer(component_name='GwportsStandingCounts')
class CountsSerializer(serializers.Serializer):
    rules = serializers.IntegerField(help_text=_('Rules that a firewall must have'))
    to_request = serializers.IntegerField()
    requested = serializers.IntegerField()
    to_open = serializers.IntegerField()
    in_place = serializers.IntegerField()
    to_close = serializers.IntegerField()
    unapproved = serializers.IntegerField()
    open_items = serializers.IntegerField()
    clear_text = serializers.IntegerField(help_text=_('Unencrypted, without a documented mitigation'))


@extend_schema_serializer(component_name='GwportsStanding')
class StandingSerializer(ShapeSerializer):
    """Where the rules of one gateway stand. A rule that stands in two ways is split into parts."""

    shape = staticmethod(standing_data)

    gateway = RefSerializer()
    counts = CountsSerializer()
    to_request = RuleSerializer(many=True, help_text=_('Required and neither approved nor requested'))
    requested = RuleSerializer(many=True)
    to_open = RuleSerializer(many=True, help_text=_('Approved, and not open on all firewalls'))
    in_place = RuleSerializer(many=True)
    to_close = RuleSerializer(many=True, help_text=_('Open on a firewall and no longer required'))
    unapproved = RuleSerializer(many=True, help_text=_('Open on a firewall without approval, required or not'))
    firewalls = OneFirewallSerializer(many=True)
    digest = serializers.CharField(allow_null=True, help_text=_('For the review; null if you may not view all of it'))
    hidden = serializers.IntegerField(help_text=_('Number of required flows that you may not view'))
    unseen = serializers.IntegerField(help_text=_('Number of open rules that you may not view'))


@extend_schema_serializer(component_name='GwportsFirewallCounts')
class FirewallCountsSerializer(serializers.Serializer):
    to_open = serializers.IntegerField()
    in_place = serializers.IntegerField()
    to_close = serializers.IntegerField()
    unapproved = serializers.IntegerField()


@extend_schema_serializer(component_name='GwportsFirewallStanding')
class FirewallStandingSerializer(AtFirewallSerializer):
    """What stands on one firewall, over all gateways behind it."""

    enforcement_point = RefSerializer()
    counts = FirewallCountsSerializer()
    hidden = serializers.IntegerField(help_text=_('Number of required flows that you may not view'))
    unseen = serializers.IntegerField(help_text=_('Number of open rules that you may not view'))
