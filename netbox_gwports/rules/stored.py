"""Rules as plain data that can be stored, read back, and signed: the lines of a change request.

The keys are those of docs/rule-shape.md. What is stored does not follow NetBox: a renamed VRF or a deleted address
changes nothing of it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .addresses import Address, Ref, Vrf, parse
from .needs import Flow
from .ports import PortSpec, port_text
from .ports import parse as parse_port
from .rule import Rule, Side

__all__ = ('address_data', 'content', 'digest', 'reasons', 'ref_data', 'restore', 'side_data')

type Data = dict[str, Any]

# What is kept of a flow, as the reason of a line
REASON = ('id', 'name', 'purpose', 'row', 'application_protocol', 'clear_text', 'justification', 'mitigation')


def content(rule: Rule) -> Data:
    """What a rule permits, without gateway, reasons and standing."""
    return {
        'direction': rule.direction,
        'zone': rule.zone,
        'family': rule.family,
        'protocol': rule.protocol,
        'ports': [port_text(spec.first, spec.last) for spec in rule.ports if spec.first],
        'local': side_data(rule.local),
        'remote': side_data(rule.remote),
        'via_proxy_to': list(rule.via_proxy_to),
    }


def reasons(rule: Rule) -> list[Data]:
    """The flows behind a rule, as they are now."""
    return [
        {name: getattr(flow, name) for name in REASON} | {'feature': ref_data(flow.feature) if flow.feature else None}
        for flow in rule.flows
    ]


def restore(gateway: Ref, stored: Mapping[str, Any], why: Iterable[Mapping[str, Any]] = ()) -> Rule:
    """The rule of ``content`` and ``reasons``. Raises KeyError or ValueError for data that neither of them wrote."""
    protocol = stored['protocol']
    return Rule(
        gateway=gateway,
        direction=stored['direction'],
        zone=stored['zone'],
        family=stored['family'],
        protocol=protocol,
        ports=tuple(parse_port(f'{protocol}/{port}') for port in stored['ports']) or (PortSpec(protocol, 0, 0),),
        local=_side(stored['local']),
        remote=_side(stored['remote']),
        flows=tuple(_flow(stored, reason) for reason in why),
        via_proxy_to=tuple(stored['via_proxy_to']),
    )


def digest(lines: Iterable[Mapping[str, Any]]) -> str:
    """A hash of what somebody signs, whatever the order of the lines and of their keys."""
    texts = sorted(json.dumps(line, sort_keys=True, separators=(',', ':')) for line in lines)
    return hashlib.sha256('\n'.join(texts).encode()).hexdigest()[:32]


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
        'vrf': ref_data(Ref('ipam.vrf', address.vrf.id, address.vrf.name)) if address.vrf else None,
        'object': ref_data(refs[0]) if refs else None,
    }


def ref_data(ref: Ref) -> Data:
    """A NetBox object."""
    return {'id': ref.id, 'object_type': ref.type, 'display': ref.name}


def _ref(stored: Mapping[str, Any]) -> Ref:
    return Ref(stored['object_type'], stored['id'], stored['display'])


def _side(stored: Mapping[str, Any]) -> Side:
    return Side(
        any=stored['any'],
        addresses=tuple(_address(address) for address in stored['addresses']),
        dns_names=tuple(stored['dns_names']),
        endpoints=tuple(_ref(ref) for ref in stored['endpoints']),
    )


def _address(stored: Mapping[str, Any]) -> Address:
    vrf, given_by = stored['vrf'], stored['object']
    return replace(
        parse(stored['address']),
        vrf=Vrf(vrf['id'], vrf['display']) if vrf else None,
        refs=(_ref(given_by),) if given_by else (),
    )


def _flow(stored: Mapping[str, Any], reason: Mapping[str, Any]) -> Flow:
    """A reason as a flow: what it was resolved with is no longer known, and no longer matters."""
    return Flow(
        **{name: reason[name] for name in REASON},
        feature=_ref(reason['feature']) if reason['feature'] else None,
        direction=stored['direction'],
        role=Ref('', 0, ''),
        role_slug='',
        role_kind='',
        role_zone=stored['zone'],
        ports=(),
    )
