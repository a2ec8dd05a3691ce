"""What several import forms share."""

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
    """Filters of the profile that a record names, for the related objects that are unique within it.

    ``stored`` leads from the instance to its profile's key, for an update that names none.
    """
    if data and data.get('profile'):
        return {f'profile__{form.fields["profile"].to_field_name}': data['profile']}
    return {'profile': stored(form.instance) if form.instance.pk else None}


class HostColumns(forms.Form):
    """A related object is named by its device or its virtual machine: two columns, exactly one of them filled."""

    # The field of the model that both columns are for
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
        # The related object is no field of the form, but its constraints count
        return super()._get_validation_exclusions() - {self.named}


class GatewayColumns(HostColumns):
    named = 'gateway'
    name_one = _('Name the gateway by a device or a virtual machine, exactly one of them.')

    device = SourceField(
        source='gateway',
        label=_('Device'),
        queryset=Gateway.objects.all(),
        to_field_name='device__name',
        required=False,
        help_text=_('Name of the device that is the gateway'),
    )
    virtual_machine = SourceField(
        source='gateway',
        label=_('Virtual machine'),
        queryset=Gateway.objects.all(),
        to_field_name='virtual_machine__name',
        required=False,
        help_text=_('Name of the virtual machine that is the gateway; one of the two is filled'),
    )


class EnforcementPointColumns(HostColumns):
    named = 'enforcement_point'
    name_one = _('Name the enforcement point by a device or a virtual machine, exactly one of them.')

    device = SourceField(
        source='enforcement_point',
        label=_('Device'),
        queryset=EnforcementPoint.objects.all(),
        to_field_name='device__name',
        required=False,
        help_text=_('Name of the device that is the enforcement point'),
    )
    virtual_machine = SourceField(
        source='enforcement_point',
        label=_('Virtual machine'),
        queryset=EnforcementPoint.objects.all(),
        to_field_name='virtual_machine__name',
        required=False,
        help_text=_('Name of the virtual machine that is the enforcement point; one of the two is filled'),
    )
