"""The resolved rules of a gateway: computed, so they have no model. Their shape is that of ``exports.shape``."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Self

import strawberry

__all__ = ('AddressType', 'RefType', 'RuleFlowType', 'RuleType', 'SideType', 'UnresolvedType')


class Shaped:
    """A type that is made from plain data with exactly its fields; ``nested`` maps fields to the types within them."""

    nested: Mapping[str, type['Shaped']] = {}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError for a key that is missing in the data, TypeError for one that the type lacks."""
        if unknown := data.keys() - {field.name for field in fields(cls)}:
            raise TypeError(f'{cls.__name__} has no field {", ".join(sorted(unknown))}')
        return cls(**{field.name: cls._value(field.name, data[field.name]) for field in fields(cls)})

    @classmethod
    def _value(cls, name: str, value: Any) -> Any:
        if (nested := cls.nested.get(name)) is None or value is None:
            return value
        return [nested.of(each) for each in value] if isinstance(value, list) else nested.of(value)


@strawberry.type(name='GwportsRef')
class RefType(Shaped):
    """A NetBox object."""

    id: int
    object_type: str
    display: str


@strawberry.type(name='GwportsAddress')
class AddressType(Shaped):
    """A host without mask, a prefix in CIDR notation or a range, with its VRF and the object that gave it."""

    nested = {'vrf': RefType, 'object': RefType}

    address: str
    vrf: RefType | None
    object: RefType | None


@strawberry.type(name='GwportsSide')
class SideType(Shaped):
    """One end of a rule: any address of the rule's zone, addresses, or DNS names, as ``kind`` says."""

    nested = {'addresses': AddressType, 'endpoints': RefType}

    kind: str
    any: bool
    addresses: list[AddressType]
    dns_names: list[str]
    endpoints: list[RefType]


@strawberry.type(name='GwportsRuleFlow')
class RuleFlowType(Shaped):
    """A required flow, as the reason of a rule."""

    nested = {'feature': RefType}

    id: int
    name: str
    purpose: str
    feature: RefType | None
    row: str
    status: str


@strawberry.type(name='GwportsRule')
class RuleType(Shaped):
    """What a firewall must permit for one gateway, of one protocol and family."""

    nested = {'gateway': RefType, 'source': SideType, 'destination': SideType, 'flows': RuleFlowType}

    key: str
    gateway: RefType
    direction: str
    zone: str
    family: int
    protocol: str
    ports: list[str]
    source: SideType
    destination: SideType
    via_proxy_to: list[str]
    flows: list[RuleFlowType]
    standing: str
    tickets: list[str]
    clear_text: bool
    same_segment: bool
    covered_by: list[str]


@strawberry.type(name='GwportsUnresolved')
class UnresolvedType(Shaped):
    """A required flow, or a part of one, that yields no rule."""

    nested = {'flow': RuleFlowType}

    flow: RuleFlowType
    zone: str
    reason: str
    detail: str
