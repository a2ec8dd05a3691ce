"""Fields that several filter forms share."""

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.constants import BOOLEAN_WITH_BLANK_CHOICES
from utilities.forms.fields import DynamicModelMultipleChoiceField, MultipleChoiceField

from ...rules.ports import HIGHEST, PROTOCOLS

__all__ = ('PortFilterForm', 'RemoteFilterForm', 'choices', 'objects', 'yes_or_no')


def objects(model, label, **kwargs):
    return DynamicModelMultipleChoiceField(label=label, queryset=model.objects.all(), required=False, **kwargs)


def choices(choiceset, label):
    return MultipleChoiceField(label=label, choices=choiceset, required=False)


def yes_or_no(label):
    return forms.NullBooleanField(label=label, required=False, widget=forms.Select(choices=BOOLEAN_WITH_BLANK_CHOICES))


class PortFilterForm(forms.Form):
    protocol = forms.MultipleChoiceField(
        label=_('Protocol'), choices=[(name, name) for name in PROTOCOLS], required=False
    )
    port = forms.IntegerField(
        label=_('Port'), required=False, min_value=1, max_value=HIGHEST, help_text=_('Finds ranges around it, too')
    )


class RemoteFilterForm(forms.Form):
    remote_ip = forms.CharField(
        label=_('Address'), required=False, help_text=_('Of a remote, or in one of its prefixes or ranges')
    )
    dns_name = forms.CharField(label=_('Host name'), required=False, help_text=_('Finds wildcards above it, too'))
