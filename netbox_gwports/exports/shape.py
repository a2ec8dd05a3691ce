"""The one shape of a rule in REST, GraphQL, JSON and YAML, as plain dicts: see docs/rule-shape.md.

Whoever adds a key adds it here; the serializers of REST and the types of GraphQL only describe it. A key that is
renamed or removed, or that changes its meaning, needs a new VERSION.
"""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from ..rules.addresses import Address, Ref, Vrf
from ..rules.compact import Line
from ..rules.needs import Flow
from ..rules.ports import PortSpec, port_text
from ..rules.rule import Rule, Side, Unresolved
from .rendering import Skipped

__all__ = (
    'FORMAT',
    'VERSION',
    'address_data',
    'content_data',
    'flow_data',
    'line_data',
    'ref_data',
    'rule_data',
    'side_data',
    'skipped_data',
    'unresolved_data',
)

FORMAT, VERSION = 'netbox-gwports/rules', 1

# The keys of a rule that do not change after it was requested
CONTENT = (
    'key', 'gateway', 'direction', 'zone', 'family', 'protocol', 'ports', 'source', 'destination', 'via_proxy_to',
    'clear_text',
)  # fmt: skip

type Data = dict[str, Any]


def rule_data(rule: Rule) -> Data:
    """One rule: of one gateway, family and protocol."""
    return {
        'key': rule.key,
        'gateway': ref_data(rule.gateway),
        'direction': rule.direction,
        'zone': rule.zone,
        'family': rule.family,
        'protocol': rule.protocol,
        'ports': list(rule.port_list),
        **_common(rule),
        'covered_by': list(rule.covered_by),
    }


def content_data(rule: Rule) -> Data:
    """What a rule permits, without its reasons and standing: the rule of a line of a change request."""
    return {name: value for name, value in rule_data(rule).items() if name in CONTENT}


def line_data(line: Line) -> Data:
    """Joined rules: the keys of a rule, with a list wherever several rules may differ."""
    return {
        'keys': [rule.key for rule in line.rules],
        'gateways': [ref_data(ref) for ref in line.gateways],
        'direction': line.direction,
        'zone': line.zone,
        'families': list(line.families),
        'services': _services(line.services),
        **_common(line),
        'covered_by': sorted({key for rule in line.rules for key in rule.covered_by}),
    }


def _common(rule: Rule | Line) -> Data:
    return {
        'source': side_data(rule.source),
        'destination': side_data(rule.destination),
        'via_proxy_to': list(rule.via_proxy_to),
        'flows': [flow_data(flow) for flow in rule.flows],
        'standing': rule.standing,
        'tickets': list(rule.tickets),
        'clear_text': any(flow.clear_text for flow in rule.flows),
        'same_segment': rule.same_segment,
    }


def _services(specs: Iterable[PortSpec]) -> list[Data]:
    """Protocols with the ports of each; those of a line are sorted by protocol."""
    return [
        {'protocol': protocol, 'ports': [port_text(spec.first, spec.last) for spec in group if spec.first]}
        for protocol, group in groupby(specs, key=lambda spec: spec.protocol)
    ]


def side_data(side: Side) -> Data:
    """One end: any address of the rule's zone, addresses, or DNS names, as ``kind`` says."""
    return {
        'kind': side.kind,
        'any': side.any,
        'addresses': [address_data(address) for address in side.addresses],
        'dns_names': list(side.dns_names),
        'endpoints': [ref_data(ref) for ref in side.endpoints],
    }


def address_data(address: Address) -> Data:
    """A host without mask, a prefix in CIDR notation or ``first-last``, with its VRF and the object that gave it."""
    # The IPAM object rather than the device that it stands for
    refs = sorted(address.refs, key=lambda ref: not ref.type.startswith('ipam.'))
    return {
        'address': str(address),
        'vrf': _vrf_data(address.vrf) if address.vrf else None,
        'object': ref_data(refs[0]) if refs else None,
    }


def ref_data(ref: Ref) -> Data:
    """A NetBox object."""
    return {'id': ref.id, 'object_type': ref.type, 'display': ref.name}


def _vrf_data(vrf: Vrf) -> Data:
    return {'id': vrf.id, 'object_type': 'ipam.vrf', 'display': vrf.name}


def flow_data(flow: Flow) -> Data:
    """A required flow, as the reason of a rule."""
    return {
        'id': flow.id,
        'name': flow.name,
        'purpose': flow.purpose,
        'feature': ref_data(flow.feature) if flow.feature else None,
        'row': flow.row,
        'status': flow.status,
    }


def unresolved_data(entry: Unresolved) -> Data:
    """A flow, or a part of one, that yields no rule."""
    return {'flow': flow_data(entry.flow), 'zone': entry.zone, 'reason': entry.reason, 'detail': entry.detail}


def skipped_data(entry: Skipped) -> Data:
    """A rule, or a flow that yields none, that a file lacks."""
    return {
        'key': entry.key,
        'gateway': entry.gateway,
        'flows': list(entry.flows),
        'reason': entry.reason,
        'detail': entry.detail,
    }
