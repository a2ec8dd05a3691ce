"""How the requirements page writes addresses, services and objects."""

from collections import Counter

from django import template
from django.apps import apps
from django.urls import reverse
from django.utils.html import format_html
from utilities.views import get_viewname

from ..choices import ZoneChoices
from ..display import as_text
from ..models import FlowTemplate, GatewayService, RequiredFlow
from ..rules.facts import of_service
from ..rules.ports import port_text

__all__ = (
    'address_link',
    'flow_field',
    'reasons',
    'ref_link',
    'service_names',
    'specs',
    'template_field',
    'tickets',
    'zone_label',
)

register = template.Library()
register.filter('as_text', as_text)


@register.simple_tag
def ref_link(ref):
    """A NetBox object by name, as a link."""
    return format_html('<a href="{}">{}</a>', _url(ref), ref.name)


@register.simple_tag
def address_link(address):
    """An address as a link to its object, with the VRF where it has one; the name beside it where that says more."""
    text = str(address)
    refs = sorted(address.refs, key=lambda ref: not ref.type.startswith('ipam.'))
    link = format_html('<a href="{}" class="font-monospace">{}</a>', _url(refs[0]), text) if refs else text
    names = [ref.name for ref in refs if ref.name != text]
    vrf = f' [{address.vrf.name}]' if address.vrf else ''
    return format_html('{}{}{}', link, vrf, f' {names[-1]}' if names else '')


def _url(ref):
    return reverse(get_viewname(apps.get_model(ref.type)), kwargs={'pk': ref.id})


@register.simple_tag
def flow_field(name):
    """A field of a flow as people read it."""
    return RequiredFlow._meta.get_field(name).verbose_name


@register.simple_tag
def template_field(name):
    """A field of a flow template, or of its service, as people read it."""
    model = GatewayService if name in {fact.name for fact in of_service()} else FlowTemplate
    return model._meta.get_field(name).verbose_name


@register.filter
def specs(services):
    """TCP 22,443 and UDP 53: the ports of each protocol together; equal ports of TCP and UDP once."""
    ports = {}
    for spec in services:
        ports.setdefault(spec.protocol, []).append(port_text(spec.first, spec.last) if spec.first else '')
    protocols = {}
    for protocol, numbers in ports.items():
        protocols.setdefault(','.join(numbers), []).append(protocol.upper())
    return '; '.join(f'{"+".join(names)} {numbers}'.strip() for numbers, names in protocols.items())


@register.filter
def reasons(flows):
    """(purpose, row, number of flows) of the flows of several gateways, each reason once."""
    counted = Counter((flow.purpose, flow.row) for flow in flows)
    return [(purpose, row, number) for (purpose, row), number in counted.items()]


@register.filter
def service_names(line):
    return ', '.join(dict.fromkeys(flow.name for flow in line.flows))


@register.filter
def tickets(flows):
    return ', '.join(dict.fromkeys(flow.ticket for flow in flows if flow.ticket))


@register.filter
def zone_label(line):
    return dict(ZoneChoices).get(line.zone, line.zone)
