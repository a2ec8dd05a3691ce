"""Addresses, services and objects as shown on the requirements page."""

from collections import Counter

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from utilities.views import get_viewname

from ..choices import ZoneChoices
from ..rules.ports import port_text

__all__ = (
    'address_link',
    'clear_text_title',
    'ip_link',
    'reason_counts',
    'ref_link',
    'service_names',
    'specs',
    'zone_label',
)

register = template.Library()


@register.simple_tag
def ref_link(ref):
    """A NetBox object as a link with its name."""
    return format_html('<a href="{}">{}</a>', _url(ref), ref.name)


@register.simple_tag
def address_link(address):
    """An address as a link to its object, followed by its VRF and by the name of its machine, if any."""
    text = str(address)
    refs = sorted(address.refs, key=lambda ref: not ref.type.startswith('ipam.'))
    link = format_html('<a href="{}" class="font-monospace">{}</a>', _url(refs[0]), text) if refs else text
    names = [ref.name for ref in refs if ref.name != text]
    vrf = f' [{address.vrf.name}]' if address.vrf else ''
    return format_html('{}{}{}', link, vrf, f' {names[-1]}' if names else '')


def _url(ref):
    return reverse(get_viewname(apps.get_model(ref.type)), kwargs={'pk': ref.id})


@register.simple_tag
def ip_link(ip_address):
    """An IP address without its mask, as a link."""
    return format_html(
        '<a href="{}" class="font-monospace">{}</a>', ip_address.get_absolute_url(), ip_address.address.ip
    )


@register.simple_tag
def clear_text_title(flow):
    """Tooltip of a flow in clear text."""
    return _('Unencrypted: {mitigation}').format(mitigation=flow.mitigation or _('no mitigation documented'))


@register.filter
def specs(services):
    """Port specs grouped by protocol: "TCP 22,443; UDP 53". Protocols with the same ports are joined: "TCP+UDP 53"."""
    ports = {}
    for spec in services:
        ports.setdefault(spec.protocol, []).append(port_text(spec.first, spec.last) if spec.first else '')
    protocols = {}
    for protocol, numbers in ports.items():
        protocols.setdefault(','.join(numbers), []).append(protocol.upper())
    return '; '.join(f'{"+".join(names)} {numbers}'.strip() for numbers, names in protocols.items())


@register.filter
def reason_counts(flows):
    """(purpose, row, number of flows), each reason once, for the flows of several gateways."""
    counts = Counter((flow.purpose, flow.row) for flow in flows)
    return [(purpose, row, number) for (purpose, row), number in counts.items()]


@register.filter
def service_names(line):
    """Names of the services of a line, each once."""
    return ', '.join(dict.fromkeys(flow.name for flow in line.flows))


@register.filter
def zone_label(line):
    """Display name of the zone of a line."""
    return dict(ZoneChoices).get(line.zone, line.zone)
