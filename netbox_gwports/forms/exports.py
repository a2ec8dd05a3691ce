"""The form for the options of an export."""

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.fields import ChoiceField, MultipleChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice

from ..choices import DirectionChoices, StandingChoices, ZoneChoices
from ..export_formats import formats, read_options
from ..exports import OptionError
from ..rules.constants import STANDINGS

__all__ = ('ExportForm', 'format_choices')

LINES = {'rows': 3, 'class': 'font-monospace'}


def lines(label, help_text):
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs=LINES), help_text=help_text)


def format_choices():
    """A blank choice and all formats by label; the label of an unavailable format includes the reason."""
    return add_blank_choice([
        (exporter.name, f'{exporter.label} ({why})' if (why := exporter.unavailable()) else exporter.label)
        for exporter in formats().values()
    ])


def initial(format_name: str, attributes: dict) -> dict:
    """Initial form data from the attributes of ``exports.Options`` that are recorded for a firewall."""
    found = {'format_name': format_name}
    for name in ('gateway_zone', 'gateway_interface'):
        found[name] = attributes.get(name, '')
    for name, attribute in (
        ('zone_name', 'zone_names'),
        ('interface', 'interfaces'),
        ('leg_zone', 'leg_zones'),
        ('leg_interface', 'leg_interfaces'),
    ):
        found[name] = '\n'.join(f'{zone}:{value}' for zone, value in attributes.get(attribute, {}).items())
    networks = attributes.get('networks', {}).items()
    found['networks'] = '\n'.join(f'{zone}:{",".join(map(str, known))}' for zone, known in networks)
    return found


class ExportForm(forms.Form):
    """Sets ``options`` (exports.Options) if valid. ``defaults`` are attributes of them, used for empty fields."""

    format_name = ChoiceField(label=_('Format'), choices=())
    perspective = ChoiceField(
        label=_('Perspective'),
        choices=add_blank_choice((('transit', _('Transit firewall')), ('host', _('Host firewall on the gateway')))),
        required=False,
        help_text=_('Leave empty for a transit firewall'),
    )
    zone = MultipleChoiceField(
        label=_('Zones'), choices=ZoneChoices, required=False, help_text=_('Leave empty for all zones')
    )
    direction = MultipleChoiceField(
        label=_('Directions'), choices=DirectionChoices, required=False, help_text=_('Leave empty for both')
    )
    standing = MultipleChoiceField(
        label=_('Standings'),
        choices=[choice for choice in StandingChoices if choice[0] in STANDINGS],
        required=False,
        help_text=_('Leave empty for all standings'),
    )
    networks = lines(
        _('Networks'),
        _(
            'Networks of each zone, for formats without zones. One zone per line, e.g. '
            'internal:10.0.0.0/8,2001:db8:1::/48. To declare that a zone does not exist, enter its name and a colon'
        ),
    )
    zone_name = lines(_('Zone names'), _('Names of the zones on the firewall. One per line, e.g. internet:untrust'))
    gateway_zone = forms.CharField(label=_('Gateway zone'), required=False)
    interface = lines(_('Interfaces'), _('Interfaces facing the zones. One per line, e.g. internet:eth0'))
    gateway_interface = forms.CharField(label=_('Gateway interface'), required=False)
    leg_zone = lines(
        _('Gateway zones per zone'),
        _('If gateways have interfaces in several firewall zones: one per line, e.g. internet:dmz1'),
    )
    leg_interface = lines(
        _('Gateway interfaces per zone'), _('Interfaces facing the gateways. One per line, e.g. internet:eth1')
    )
    prefix = forms.CharField(
        label=_('Name prefix'),
        required=False,
        help_text=_('Begins the names of everything that the file creates. Leave empty to use the ID'),
    )
    present = lines(
        _('Rules on the firewall'),
        _('Keys of rules that an earlier file created (PAN-OS and FortiOS). Rules no longer needed are removed'),
    )
    logging = forms.BooleanField(label=_('Logging'), required=False, help_text=_('Log permitted connections'))
    keep_gateways = forms.BooleanField(
        label=_('Do not deny other traffic of these gateways'),
        required=False,
        help_text=_('The rest of the configuration of the firewall decides about it'),
    )
    final_deny = forms.BooleanField(
        label=_('Final deny'), required=False, help_text=_('Deny all other traffic, including that of others')
    )
    allow_empty = forms.BooleanField(
        label=_('Allow empty'), required=False, help_text=_('Write configuration that permits nothing')
    )
    nat = forms.BooleanField(
        label=_('NAT'),
        required=False,
        help_text=_('Use the outside address of a gateway if the policy is applied before translation'),
    )
    strict = forms.BooleanField(
        label=_('Strict'), required=False, help_text=_('Fail instead of skipping rules that cannot be exported')
    )

    fieldsets = (
        FieldSet('format_name', 'zone', 'direction', 'standing', 'strict', name=_('Rules')),
        FieldSet(
            'perspective', 'networks', 'gateway_zone', 'leg_zone', 'zone_name', 'gateway_interface', 'leg_interface',
            'interface', 'prefix', 'present', 'logging', 'keep_gateways', 'final_deny', 'allow_empty', 'nat',
            name=_('Firewall'),
        ),
    )  # fmt: skip

    def __init__(self, *args, defaults=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.defaults = defaults or {}
        self.fields['format_name'].choices = format_choices()[1:]

    def clean(self):
        super().clean()
        texts = {}
        for name in ('zone', 'direction', 'standing'):
            texts[name] = self.cleaned_data.get(name) or []
        for name in ('networks', 'zone_name', 'interface', 'leg_zone', 'leg_interface', 'present'):
            texts[name] = [line.strip() for line in self.cleaned_data.get(name, '').splitlines() if line.strip()]
        for name in ('perspective', 'gateway_zone', 'gateway_interface', 'prefix'):
            texts[name] = [self.cleaned_data[name]] if self.cleaned_data.get(name) else []
        for name in ('logging', 'final_deny', 'allow_empty', 'nat', 'strict'):
            texts[name] = ['true'] if self.cleaned_data.get(name) else []
        texts['deny_gateways'] = ['false'] if self.cleaned_data.get('keep_gateways') else []
        try:
            self.options = read_options({name: values for name, values in texts.items() if values}, **self.defaults)
        except OptionError as e:
            self.add_error(e.field, e.message)
        return self.cleaned_data
