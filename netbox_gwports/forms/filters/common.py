"""Fields shared by several filter forms."""

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.constants import BOOLEAN_WITH_BLANK_CHOICES
from utilities.forms.fields import DynamicModelMultipleChoiceField, MultipleChoiceField

from ...rules.ports import HIGHEST, PROTOCOLS

__all__ = ('PortFilterForm', 'RemoteFilterForm', 'boolean', 'choices', 'objects')


def objects(model, label, **kwargs):
    return DynamicModelMultipleChoiceField(label=label, queryset=model.objects.all(), required=False, **kwargs)


def choices(choiceset, label):
    return MultipleChoiceField(label=label, choices=choiceset, required=False)


def boolean(label):
    return forms.NullBooleanField(label=label, required=False, widget=forms.Select(choices=BOOLEAN_WITH_BLANK_CHOICES))


class PortFilterForm(forms.Form):
    protocol = forms.MultipleChoiceField(
        label=_('Protocol'), choices=[(name, name) for name in PROTOCOLS], required=False
    )
    port = forms.IntegerField(
        label=_('Port'), required=False, min_value=1, max_value=HIGHEST, help_text=_('Including ranges that contain it')
    )


class RemoteFilterForm(forms.Form):
    remote_ip = forms.CharField(
        label=_('Remote address'), required=False, help_text=_('Including prefixes and ranges that contain it')
    )
    dns_name = forms.CharField(label=_('DNS name'), required=False, help_text=_('Including matching wildcards'))
