"""Loads the endpoints that may apply to some gateways, with their members and scopes."""

from collections import defaultdict
from dataclasses import replace

from django.db.models import Exists, OuterRef, Q
from netaddr import IPNetwork

from ..choices import EndpointScopeChoices, RemoteRoleKindChoices
from ..models import RemoteEndpoint, RequiredFlow
from ..models.endpoints import literal_addresses
from ..rules.addresses import Address, covered_families
from ..rules.needs import Endpoint, Member
from ..rules.ports import parse_map
from .interfaces import Machines, key_of
from .refs import host_address, network_address, notes_of, ref, vrf

__all__ = ('load_addresses', 'load_endpoints')

RANKS = {scope: rank for rank, scope in enumerate(EndpointScopeChoices.values())}


def load_endpoints(facts, flows, user=None):
    """(gateway pk -> endpoints in scope, flow pk -> its own endpoints)."""
    links = defaultdict(list)
    for link in RequiredFlow.endpoints.through.objects.filter(requiredflow__in=[f.pk for f in flows]).order_by('pk'):
        links[link.requiredflow_id].append(link.remoteendpoint_id)
    named = {pk for pks in links.values() for pk in pks}
    records = _records(facts, {f.remote_role_id for f in flows}, named)
    applies = _applies(records, facts)
    members = _members(records, user)
    visible = None
    if user is not None:
        visible = set(RemoteEndpoint.objects.restrict(user, 'view').filter(pk__in=records).values_list('pk', flat=True))
    endpoints = {pk: _endpoint(r, members[pk], visible is None or pk in visible) for pk, r in records.items()}
    in_scope = {gateway: tuple(endpoints[pk] for pk in sorted(applies[gateway])) for gateway in facts}
    return in_scope, {flow: tuple(endpoints[pk] for pk in sorted(pks)) for flow, pks in links.items()}


def load_addresses(queryset) -> dict[RemoteEndpoint, tuple[Address, ...]]:
    """Endpoint -> all addresses of its members, at a fixed number of queries."""
    records = {endpoint.pk: endpoint for endpoint in queryset.select_related('role', 'vrf').order_by('pk')}
    members = _members(records, others=False)
    return {
        record: (
            *(a for member in members[pk] for a in member.addresses),
            *literal_addresses(record.literals, record.vrf),
        )
        for pk, record in records.items()
    }


def _records(facts, roles, named):
    """The endpoints of these roles and the web proxies in scope of a gateway, and endpoints assigned to flows."""
    scopes = EndpointScopeChoices
    in_scope = Q(scope=scopes.EVERYWHERE)
    for scope, name, keys in _lists(facts):
        through = getattr(RemoteEndpoint, name).through
        field = _target(through)
        in_scope |= Q(
            Exists(through.objects.filter(remoteendpoint=OuterRef('pk'), **{f'{field}__in': keys})), scope=scope
        )
    playing = Q(role__in=roles) | Q(role__kind=RemoteRoleKindChoices.PROXY)
    queryset = RemoteEndpoint.objects.filter(Q(pk__in=named) | (playing & in_scope)).select_related('role', 'vrf')
    return {endpoint.pk: endpoint for endpoint in queryset.order_by('pk')}


def _lists(facts):
    scopes = EndpointScopeChoices
    yield scopes.GATEWAYS, 'gateways', set(facts)
    yield scopes.GROUPS, 'groups', {fact.group for fact in facts.values()} - {None}
    yield scopes.SITES, 'sites', {fact.site for fact in facts.values()} - {None}


def _target(through):
    """The name of the foreign key to the other model of an automatic many-to-many table."""
    return next(f.name for f in through._meta.fields if f.is_relation and f.related_model is not RemoteEndpoint)


def _applies(records, facts):
    """Gateway pk -> pks of the endpoints whose scope includes it. An emptied list includes nobody."""
    applies = {pk: {e.pk for e in records.values() if e.scope == EndpointScopeChoices.EVERYWHERE} for pk in facts}
    for scope, name, keys in _lists(facts):
        through = getattr(RemoteEndpoint, name).through
        target = f'{_target(through)}_id'
        scoped = [pk for pk, endpoint in records.items() if endpoint.scope == scope]
        of_key = defaultdict(set)
        for link in through.objects.filter(remoteendpoint__in=scoped):
            of_key[getattr(link, target)].add(link.remoteendpoint_id)
        for pk, fact in facts.items():
            key = {'gateways': pk, 'groups': fact.group, 'sites': fact.site}[name]
            applies[pk] |= of_key.get(key, set()) if key in keys else set()
    return applies


def _members(records, user=None, others=True):
    """Endpoint pk -> its members of all kinds; one query per kind.

    With ``others``, members also list the other addresses of a device or virtual machine that the user may view.
    """
    found, machines = defaultdict(list), []
    for name, make in (
        ('ip_addresses', _ip_address),
        ('prefixes', _prefix),
        ('ip_ranges', _ip_range),
        ('devices', _machine),
        ('virtual_machines', _machine),
    ):
        through = getattr(RemoteEndpoint, name).through
        target = _target(through)
        related = ('primary_ip4__vrf', 'primary_ip6__vrf') if make is _machine else ('vrf',)
        links = through.objects.filter(remoteendpoint__in=records).order_by('pk')
        for link in links.select_related(*(f'{target}__{field}' for field in related)):
            found[link.remoteendpoint_id].append(make(getattr(link, target)))
            if make is _machine:
                machines.append((link.remoteendpoint_id, len(found[link.remoteendpoint_id]) - 1, getattr(link, target)))
    if others and machines:
        on_interfaces = Machines(machine for _endpoint, _place, machine in machines).addresses(user)
        for endpoint, place, machine in machines:
            member = found[endpoint][place]
            found[endpoint][place] = replace(member, others=_others(member, machine, on_interfaces[key_of(machine)]))
    return found


def _others(member, machine, on_interfaces):
    """The machine's other addresses in the same families, one of which might be intended."""
    families = {address.family for address in member.addresses}
    oob = getattr(machine, 'oob_ip_id', None)
    addresses = {
        host_address(ip) for ip in on_interfaces if ip.pk != oob and not IPNetwork(ip.address).ip.is_link_local()
    }
    others = (a for a in addresses - set(member.addresses) if a.family in families)
    return tuple(sorted(others, key=lambda address: address.sort_key))


def _ip_address(ip):
    address = host_address(ip)
    return Member(str(address), (address,), note=notes_of(ip))


def _prefix(prefix):
    return Member(str(prefix.prefix), (network_address(prefix.prefix, prefix, ref(prefix, str(prefix.prefix))),))


def _ip_range(ip_range):
    first, last = ip_range.start_address, ip_range.end_address
    address = Address(first.version, int(first.ip), int(last.ip), vrf(ip_range), (ref(ip_range),))
    return Member(str(address), (address,))


def _machine(machine):
    addresses = [ip for ip in (machine.primary_ip4, machine.primary_ip6) if ip]
    notes = [notes_of(machine), *map(notes_of, addresses)]
    return Member(
        label=str(machine),
        addresses=tuple(host_address(ip, ref(machine)) for ip in addresses),
        note='; '.join(filter(None, notes)),
    )


def _endpoint(record, members, visible):
    literals = [Member(str(address), (address,)) for address in literal_addresses(record.literals, record.vrf)]
    return Endpoint(
        ref=ref(record),
        role=record.role.slug,
        zone=record.zone or record.role.zone,
        members=_without_everyone((*members, *literals)),
        dns_names=tuple(record.dns_names),
        any=record.any_address,
        port_map=tuple(parse_map(text) for text in record.port_map),
        scope=RANKS[record.scope],
        proxy=record.role.kind == RemoteRoleKindChoices.PROXY,
        visible=visible,
    )


def _without_everyone(members):
    """The members without those of a family that together cover every address: only *any* may do that.

    It is refused when an endpoint is written; a prefix may be changed later.
    """
    if not (families := covered_families(address for member in members for address in member.addresses)):
        return members
    return tuple(
        replace(member, addresses=tuple(a for a in member.addresses if a.family not in families)) for member in members
    )
