"""The resolved rules of a gateway, which are computed and have no model."""

import strawberry

__all__ = ('AddressType', 'RuleType', 'SideType', 'UnresolvedType')


@strawberry.type(name='GwportsAddress')
class AddressType:
    """``address`` is an IP address without mask, a prefix in CIDR notation or a range ``first-last``."""

    address: str
    vrf: str | None

    @classmethod
    def of(cls, address):
        return cls(address=str(address), vrf=address.vrf.name if address.vrf else None)


@strawberry.type(name='GwportsSide')
class SideType:
    """Exactly one of any (address in the rule's zone), addresses or DNS names."""

    any: bool
    addresses: list[AddressType]
    dns_names: list[str]

    @classmethod
    def of(cls, side):
        return cls(any=side.any, addresses=[AddressType.of(a) for a in side.addresses], dns_names=list(side.dns_names))


@strawberry.type(name='GwportsRule')
class RuleType:
    """Traffic that a firewall must permit; ``id`` is the key of the rule."""

    id: strawberry.ID
    direction: str
    zone: str
    family: int
    protocol: str
    ports: list[str]
    source: SideType
    destination: SideType
    flow_ids: list[int]
    purposes: list[str]
    state: str
    clear_text: bool
    same_segment: bool
    covered_by: list[str]
    via_proxy_to: list[str]

    @classmethod
    def of(cls, rule):
        return cls(
            id=strawberry.ID(rule.key),
            ports=list(rule.port_list),
            source=SideType.of(rule.source),
            destination=SideType.of(rule.destination),
            flow_ids=[flow.id for flow in rule.flows],
            purposes=[flow.purpose for flow in rule.flows],
            covered_by=list(rule.covered_by),
            via_proxy_to=list(rule.via_proxy_to),
            **{
                name: getattr(rule, name)
                for name in ('direction', 'zone', 'family', 'protocol', 'state', 'clear_text', 'same_segment')
            },
        )


@strawberry.type(name='GwportsUnresolved')
class UnresolvedType:
    """A required flow, or a part of one, that yields no rule; ``id`` is that of the flow and may occur repeatedly."""

    id: strawberry.ID
    name: str
    purpose: str
    reason: str
    detail: str

    @classmethod
    def of(cls, entry):
        flow = entry.flow
        pk = strawberry.ID(str(flow.id))
        return cls(id=pk, name=flow.name, purpose=flow.purpose, reason=entry.reason, detail=entry.detail)
