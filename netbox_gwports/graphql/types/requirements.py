"""The resolved rules of a gateway: computed, so they have no model."""

import strawberry

__all__ = ('AddressType', 'RuleType', 'SideType', 'UnresolvedType')


@strawberry.type(name='GwportsAddress')
class AddressType:
    """``address`` is a host without mask, a prefix in CIDR or ``first-last``; ``vrf`` is a name."""

    address: str
    vrf: str | None

    @classmethod
    def of(cls, address):
        return cls(address=str(address), vrf=address.vrf.name if address.vrf else None)


@strawberry.type(name='GwportsSide')
class SideType:
    """Exactly one of any (address of the rule's zone), addresses, or host names."""

    any: bool
    addresses: list[AddressType]
    dns_names: list[str]

    @classmethod
    def of(cls, side):
        return cls(any=side.any, addresses=[AddressType.of(a) for a in side.addresses], dns_names=list(side.dns_names))


@strawberry.type(name='GwportsRule')
class RuleType:
    """What a firewall must permit; ``id`` is its key."""

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
    """A need, or a part of one, that yields no rule; ``id`` is its flow's and may occur more than once."""

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
