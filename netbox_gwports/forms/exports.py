"""The options of an export, as people choose them."""

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.fields import ChoiceField, MultipleChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.utils import add_blank_choice

from ..choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ..export_formats import formats, read_options
from ..exports import OptionError

__all__ = ('ExportForm', 'format_choices')

LINES = {'rows': 3, 'class': 'font-monospace'}


def lines(label, help_text):
    return forms.CharField(label=label, required=False, widget=forms.Textarea(attrs=LINES), help_text=help_text)


def format_choices():
    """All formats by their label, and none; one that cannot be used here says why."""
    return add_blank_choice([
        (exporter.name, f'{exporter.label} ({why})' if (why := exporter.unavailable()) else exporter.label)
        for exporter in formats().values()
    ])


def initial(format_name: str, attributes: dict) -> dict:
    """What the form begins with, where a firewall has attributes of Options of its own."""
    found = {'format_name': format_name}
    for name in ('gateway_zone', 'gateway_interface'):
        found[name] = attributes.get(name, '')
    for name, attribute in (('zone_name', 'zone_names'), ('interface', 'interfaces')):
        found[name] = '\n'.join(f'{zone}:{value}' for zone, value in attributes.get(attribute, {}).items())
    networks = attributes.get('networks', {}).items()
    found['networks'] = '\n'.join(f'{zone}:{",".join(map(str, known))}' for zone, known in networks)
    return found


class ExportForm(forms.Form):
    """``options`` are exports.Options when it is valid; ``defaults`` are attributes of them, for what is left empty."""

    format_name = ChoiceField(label=_('Format'), choices=())
    perspective = ChoiceField(
        label=_('Perspective'),
        choices=add_blank_choice((('transit', _('A firewall on the way')), ('host', _('That of the gateway itself')))),
        required=False,
    )
    zone = MultipleChoiceField(label=_('Zones'), choices=ZoneChoices, required=False, help_text=_('None: all'))
    direction = MultipleChoiceField(
        label=_('Directions'), choices=DirectionChoices, required=False, help_text=_('None: both')
    )
    state = MultipleChoiceField(
        label=_('States'),
        choices=[choice for choice in FlowStatusChoices if choice[0] in FlowStatusChoices.WANTED],
        required=False,
        help_text=_('None: all that is wanted'),
    )
    networks = lines(
        _('Networks'),
        _(
            'What lies behind each zone, for formats that cannot tell zones apart, one zone a line: '
            'internal:10.0.0.0/8,2001:db8:1::/48. A zone that is not there: its name and a colon'
        ),
    )
    zone_name = lines(_('Zone names'), _('What the firewall calls the zones, one a line: internet:untrust'))
    gateway_zone = forms.CharField(label=_('Zone of the gateways'), required=False)
    interface = lines(_('Interfaces'), _('By which interface a zone is reached, one a line: internet:eth0'))
    gateway_interface = forms.CharField(label=_('Interface of the gateways'), required=False)
    logging = forms.BooleanField(label=_('Log'), required=False)
    without_deny = forms.BooleanField(label=_('No deny at the end'), required=False)
    nat = forms.BooleanField(
        label=_('NAT'), required=False, help_text=_('Write the address that the policy matches before it translates')
    )
    strict = forms.BooleanField(
        label=_('Strict'), required=False, help_text=_('Refuse instead of leaving something out')
    )

    fieldsets = (
        FieldSet('format_name', 'zone', 'direction', 'state', 'strict', name=_('What')),
        FieldSet(
            'perspective', 'networks', 'gateway_zone', 'zone_name', 'gateway_interface', 'interface', 'logging',
            'without_deny', 'nat',
            name=_('Firewall'),
        ),
    )  # fmt: skip

    def __init__(self, *args, defaults=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.defaults = defaults or {}
        self.fields['format_name'].choices = format_choices()[1:]

    def clean(self):
        super().clean()
        said = {}
        for name in ('zone', 'direction', 'state'):
            said[name] = self.cleaned_data.get(name) or []
        for name in ('networks', 'zone_name', 'interface'):
            said[name] = [line.strip() for line in self.cleaned_data.get(name, '').splitlines() if line.strip()]
        for name in ('perspective', 'gateway_zone', 'gateway_interface'):
            said[name] = [self.cleaned_data[name]] if self.cleaned_data.get(name) else []
        for name in ('logging', 'nat', 'strict'):
            said[name] = ['true'] if self.cleaned_data.get(name) else []
        said['final_deny'] = ['false'] if self.cleaned_data.get('without_deny') else []
        try:
            self.options = read_options({name: texts for name, texts in said.items() if texts}, **self.defaults)
        except OptionError as e:
            self.add_error(e.field, e.message)
        return self.cleaned_data
