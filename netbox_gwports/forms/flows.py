from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField, DynamicModelMultipleChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice
from utilities.forms.widgets import DatePicker

from ..choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ..models import Gateway, ProfileFeature, RemoteEndpoint, RemoteRole, RequiredFlow
from ..rules.facts import copied
from .common import REMOTE_FIELDS, KeepHiddenMembersMixin, SkipReportedFieldsMixin
from .fields import DNSNamesField, PortsField

__all__ = ('RequiredFlowForm',)


class RequiredFlowForm(KeepHiddenMembersMixin, SkipReportedFieldsMixin, PrimaryModelForm):
    hidden_stay = ('endpoints',)

    gateway = DynamicModelChoiceField(label=_('Gateway'), queryset=Gateway.objects.all(), selector=True)
    ports = PortsField()
    direction = ChoiceField(label=_('Direction'), choices=DirectionChoices)
    remote_role = DynamicModelChoiceField(label=_('Remote role'), queryset=RemoteRole.objects.all(), quick_add=True)
    feature = DynamicModelChoiceField(
        label=_('Feature'),
        queryset=ProfileFeature.objects.all(),
        required=False,
        query_params={'gateway_id': '$gateway'},
        help_text=_('Feature of the gateway that requires this flow'),
    )
    dns_names = DNSNamesField(required=False)
    zone = ChoiceField(
        label=_('Zone'),
        choices=add_blank_choice(ZoneChoices),
        required=False,
        help_text=_('Zone of the DNS names; leave empty for the Internet'),
    )
    endpoints = DynamicModelMultipleChoiceField(
        label=_('Endpoints'),
        queryset=RemoteEndpoint.objects.all(),
        required=False,
        query_params={'role_id': '$remote_role'},
        selector=True,
        help_text=_('Used for this flow instead of the endpoints assigned to the remote role'),
    )
    status = ChoiceField(label=_('Status'), choices=FlowStatusChoices, initial=FlowStatusChoices.REQUIRED)

    fieldsets = (
        FieldSet('status', 'justification', 'mitigation', 'valid_until', 'tags', name=_('Decision')),
        FieldSet('gateway', 'name', 'purpose', 'application_protocol', 'ports', 'direction', 'clear_text', 'feature',
                 'description', name=_('Required Flow')),
        FieldSet('remote_role', 'endpoints', *REMOTE_FIELDS, name=_('Remote')),
    )  # fmt: skip

    class Meta:
        model = RequiredFlow
        fields = (
            'gateway', *(fact.name for fact in copied()), 'endpoints', 'status', 'justification', 'mitigation',
            'valid_until', 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {
            'justification': forms.Textarea(attrs={'rows': 2}),
            'mitigation': forms.Textarea(attrs={'rows': 2}),
            'valid_until': DatePicker(),
        }
