"""Columns shared by several import forms."""

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.fields import CSVModelChoiceField, CSVModelMultipleChoiceField

from ...models import EnforcementPoint, Gateway, GatewayProfile
from .fields import SourceField

__all__ = ('EnforcementPointColumns', 'GatewayColumns', 'named_profile', 'profile_column', 'several')


def several(model, label, field=CSVModelMultipleChoiceField, **kwargs):
    return field(label=label, queryset=model.objects.all(), required=False, **kwargs)


def profile_column(source=None, **kwargs):
    kwargs |= {'queryset': GatewayProfile.objects.all(), 'to_field_name': 'slug'}
    kwargs.setdefault('label', _('Profile'))
    kwargs.setdefault('help_text', _('Slug of the profile'))
    return SourceField(source=source, **kwargs) if source else CSVModelChoiceField(**kwargs)


def named_profile(form, data, stored):
    """Filter parameters for related objects of the profile in this record.

    ``stored`` returns the profile's key for an existing instance, for updates without a profile column.
    """
    if data and data.get('profile'):
        return {f'profile__{form.fields["profile"].to_field_name}': data['profile']}
    return {'profile': stored(form.instance) if form.instance.pk else None}


class MachineColumns(forms.Form):
    """Identifies a related object by its device or virtual machine: two columns, of which exactly one is set."""

    # The model field that both columns set
    named = ''
    name_one = ''

    def clean(self):
        super().clean()
        names = [name for name in ('device', 'virtual_machine') if name in self.fields]
        if names and not any(name in self.errors for name in names):
            found = [self.cleaned_data[name] for name in names if self.cleaned_data[name]]
            if len(found) == 1:
                setattr(self.instance, self.named, found[0])
            else:
                self.add_error(names[0], self.name_one)
        return self.cleaned_data

    def _get_validation_exclusions(self):
        # The related object is not a form field, but its constraints must be validated
        return super()._get_validation_exclusions() - {self.named}


class GatewayColumns(MachineColumns):
    named = 'gateway'
    name_one = _("Specify either the gateway's device or its virtual machine.")

    device = SourceField(
        source='gateway',
        label=_('Device'),
        queryset=Gateway.objects.all(),
        to_field_name='device__name',
        required=False,
        help_text=_("Name of the gateway's device"),
    )
    virtual_machine = SourceField(
        source='gateway',
        label=_('Virtual machine'),
        queryset=Gateway.objects.all(),
        to_field_name='virtual_machine__name',
        required=False,
        help_text=_("Name of the gateway's virtual machine (if not a device)"),
    )


class EnforcementPointColumns(MachineColumns):
    named = 'enforcement_point'
    name_one = _("Specify either the enforcement point's device or its virtual machine.")

    device = SourceField(
        source='enforcement_point',
        label=_('Device'),
        queryset=EnforcementPoint.objects.all(),
        to_field_name='device__name',
        required=False,
        help_text=_("Name of the enforcement point's device"),
    )
    virtual_machine = SourceField(
        source='enforcement_point',
        label=_('Virtual machine'),
        queryset=EnforcementPoint.objects.all(),
        to_field_name='virtual_machine__name',
        required=False,
        help_text=_("Name of the enforcement point's virtual machine (if not a device)"),
    )
