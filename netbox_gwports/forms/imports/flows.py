from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelImportForm
from utilities.forms.fields import CSVChoiceField, CSVModelChoiceField, CSVModelMultipleChoiceField

from ...choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ...models import ProfileFeature, RemoteEndpoint, RemoteRole, RequiredFlow
from ...rules.facts import copied
from ..common import KeepHiddenMembersMixin, SkipReportedFieldsMixin
from ..fields import DNSNamesField, PortsField
from .common import GatewayColumns

__all__ = ('RequiredFlowImportForm',)


class RequiredFlowImportForm(GatewayColumns, KeepHiddenMembersMixin, SkipReportedFieldsMixin, PrimaryModelImportForm):
    hidden_stay = ('endpoints',)

    ports = PortsField()
    direction = CSVChoiceField(label=_('Direction'), choices=DirectionChoices)
    remote_role = CSVModelChoiceField(
        label=_('Remote role'),
        queryset=RemoteRole.objects.all(),
        to_field_name='slug',
        help_text=_('Slug of the remote role'),
    )
    feature = CSVModelChoiceField(
        label=_('Feature'),
        queryset=ProfileFeature.objects.all(),
        to_field_name='slug',
        required=False,
        help_text=_("Slug of a feature of the gateway's profile"),
    )
    dns_names = DNSNamesField(required=False, help_text=_('DNS names separated by commas'))
    zone = CSVChoiceField(
        label=_('Zone'), choices=ZoneChoices, required=False, help_text=_('Zone of the DNS names; defaults to internet')
    )
    endpoints = CSVModelMultipleChoiceField(
        label=_('Endpoints'),
        queryset=RemoteEndpoint.objects.all(),
        to_field_name='name',
        required=False,
        help_text=_('Names separated by commas; used instead of the endpoints assigned to the remote role'),
    )
    status = CSVChoiceField(
        label=_('Status'), choices=FlowStatusChoices, required=False, help_text=_('Defaults to required')
    )

    class Meta:
        model = RequiredFlow
        fields = (
            *(fact.name for fact in copied()), 'endpoints', 'status', 'justification', 'mitigation',
            'valid_until', 'description', 'owner', 'comments', 'tags',
        )  # fmt: skip

    def __init__(self, data=None, *args, **kwargs):
        super().__init__(data, *args, **kwargs)
        if data:
            of_gateway = Q(pk__in=[])
            for name in ('device', 'virtual_machine'):
                if data.get(name):
                    of_gateway |= Q(**{f'profile__gateways__{self.fields[name].to_field_name}': data[name]})
            if self.instance.pk:
                # A withdrawn flow keeps the feature of its previous release
                of_gateway |= Q(profile=self.instance.gateway.profile_id) | Q(pk=self.instance.feature_id)
            self.fields['feature'].queryset = ProfileFeature.objects.filter(of_gateway).distinct()
