"""Objects that the tests share: each function saves what it returns, the way a user's request would.

Names are neutral and unique where the model wants them unique; keyword arguments set or replace attributes, lists of
related objects are set after saving.
"""

from itertools import count

from core.models import ObjectType
from dcim.choices import DeviceStatusChoices
from dcim.models import Device, DeviceRole, DeviceType, Interface, Manufacturer, Site
from django.utils.text import slugify
from ipam.models import IPAddress, IPRange, Prefix
from users.models import ObjectPermission
from virtualization.models import Cluster, ClusterType, VirtualMachine, VMInterface

from netbox_gwports.choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from netbox_gwports.models import (
    EnforcementPoint,
    EnforcementZone,
    FlowTemplate,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteEndpoint,
    RemoteRole,
    RequiredFlow,
)

__all__ = (
    'address',
    'allow',
    'device',
    'endpoint',
    'enforcement_point',
    'enforcement_zone',
    'feature',
    'flow',
    'gateway',
    'group',
    'ip',
    'ip_range',
    'manufacturer',
    'prefix',
    'product',
    'profile',
    'role',
    'service',
    'site',
    'template',
    'virtual_machine',
)

_numbers = count(1000)  # far from the numbers that tests name themselves


def _save(model, /, lists=(), **values):
    """Validated and saved; ``lists`` are the names of many-to-many relations among the values."""
    lists = {name: values.pop(name) for name in lists if name in values}
    instance = model(**values)
    instance.full_clean()
    instance.save()
    for name, objects in lists.items():
        getattr(instance, name).set(objects)
    return instance


def _get(model, /, **values):
    return model.objects.filter(**values).first() or _save(model, **values)


def allow(user, model, *actions, constraints=None):
    """The user may do this with objects of the model."""
    permission = ObjectPermission.objects.create(name=model.__name__, actions=actions, constraints=constraints)
    permission.users.add(user)
    permission.object_types.add(ObjectType.objects.get_for_model(model))


#
# Around gateways
#


def site(name='Site 1'):
    return _get(Site, name=name, slug=slugify(name))


def manufacturer(name='Maker 1'):
    return _get(Manufacturer, name=name, slug=slugify(name))


def device(name=None, at=None, **values):
    values.setdefault('status', DeviceStatusChoices.STATUS_ACTIVE)
    return _save(
        Device,
        name=name or f'device-{next(_numbers)}',
        site=at or site(),
        device_type=_get(DeviceType, manufacturer=manufacturer(), model='Type 1', slug='type-1'),
        role=_get(DeviceRole, name='Role 1', slug='role-1'),
        **values,
    )


def virtual_machine(name=None, at=None, **values):
    cluster_type = _get(ClusterType, name='Cluster type 1', slug='cluster-type-1')
    cluster = Cluster.objects.filter(name='Cluster 1').first() or _save(Cluster, name='Cluster 1', type=cluster_type)
    return _save(VirtualMachine, name=name or f'vm-{next(_numbers)}', cluster=cluster, site=at or site(), **values)


def ip(text, host=None, primary=False, **values):
    """An IP address; with a host, on an interface of it."""
    if host is not None:
        values['assigned_object'] = _interface(host)
    created = _save(IPAddress, address=text, **values)
    if primary:
        setattr(host, f'primary_ip{created.family}', created)
        host.save()
    return created


def _interface(host):
    if isinstance(host, Device):
        return host.interfaces.first() or _save(Interface, device=host, name='eth0', type='1000base-t')
    return host.interfaces.first() or _save(VMInterface, virtual_machine=host, name='eth0')


def prefix(text, **values):
    return _save(Prefix, prefix=text, **values)


def ip_range(first, last, **values):
    return _save(IPRange, start_address=first, end_address=last, **values)


#
# Catalog
#


def profile(name='Product', version=None, **values):
    version = version or f'{next(_numbers)}.0'
    values.setdefault('slug', slugify(f'{name}-{version}'.replace('.', '-')))
    values.setdefault('manufacturer', manufacturer())
    return _save(GatewayProfile, name=name, version=version, **values)


def feature(of, name, **values):
    return _save(ProfileFeature, profile=of, name=name, slug=values.pop('slug', slugify(name)), **values)


def service(of, name='Service', ports=('tcp/443',), **values):
    return _save(GatewayService, profile=of, name=name, ports=list(ports), **values)


def role(slug='servers', zone=ZoneChoices.INTERNAL, kind=RemoteRoleKindChoices.NAMED, **values):
    values.setdefault('name', slug.replace('-', ' ').capitalize())
    return RemoteRole.objects.filter(slug=slug).first() or _save(RemoteRole, slug=slug, zone=zone, kind=kind, **values)


def template(of, remote, purpose='Purpose', direction=DirectionChoices.OUTBOUND, **values):
    """``of`` is the service, ``remote`` the role."""
    return _save(FlowTemplate, service=of, remote_role=remote, purpose=purpose, direction=direction, **values)


def product(**values):
    """A profile with three features, two services, three roles and five templates.

    Features: base (on by default), mode, and full mode, whose parent is mode. Templates, in the table's order: DNS
    for always (1.1, outbound); HTTPS for administrators (2.1, inbound), for the update hosts (2.2, outbound), with
    mode (2.3, inbound) and with full mode (2.4, not opened by default).
    """
    of = profile(**values)
    feature(of, 'Base', enabled_by_default=True)
    mode = feature(of, 'Mode')
    full = feature(of, 'Full mode', parent=mode)
    dns = service(of, 'DNS', ['tcp/53', 'udp/53'], application_protocol='DNS', clear_text=True)
    https = service(of, 'HTTPS', ['tcp/443'], application_protocol='HTTPS')
    servers, administrators = role('dns-servers'), role('administrators', ZoneChoices.MANAGEMENT)
    updates = role('update-servers', ZoneChoices.INTERNET)
    inbound = DirectionChoices.INBOUND
    template(dns, servers, 'Names', row=1, item=1)
    template(https, administrators, 'Web interface', inbound, row=2, item=1)
    template(https, updates, 'Updates', dns_names=['*.updates.example.net'], row=2, item=2)
    template(https, administrators, 'Mode', inbound, feature=mode, row=2, item=3)
    template(https, updates, 'Full mode', feature=full, not_opened='Not here', row=2, item=4)
    return of


#
# This site
#


def group(name='Group 1', **values):
    return _save(GatewayGroup, name=name, slug=slugify(name), **values)


def gateway(of=None, host=None, **values):
    """Of a profile (a new product), on a device or virtual machine (a new device)."""
    host = host or device()
    name = 'device' if isinstance(host, Device) else 'virtual_machine'
    return _save(Gateway, lists=('features',), profile=of or product(), **{name: host}, **values)


def address(of, text_or_ip, zones=(), **values):
    """An address of a gateway; a text becomes an IP address on its host."""
    found = ip(text_or_ip, of.machine) if isinstance(text_or_ip, str) else text_or_ip
    return _save(GatewayAddress, gateway=of, ip_address=found, zones=list(zones), **values)


def endpoint(of, name=None, **values):
    """Of a role; members and scope lists as keyword arguments."""
    lists = (*RemoteEndpoint.MEMBER_LISTS, *RemoteEndpoint.SCOPE_LISTS.values())
    return _save(RemoteEndpoint, lists=lists, role=of, name=name or f'Endpoint {next(_numbers)}', **values)


def enforcement_point(host=None, **values):
    """On a device or virtual machine (a new device); groups and gateways as keyword arguments."""
    host = host or device()
    name = 'device' if isinstance(host, Device) else 'virtual_machine'
    return _save(EnforcementPoint, lists=('groups', 'gateways'), **{name: host}, **values)


def enforcement_zone(of, zone=ZoneChoices.INTERNET, **values):
    """Of an enforcement point."""
    return _save(EnforcementZone, lists=('prefixes',), enforcement_point=of, zone=zone, **values)


def flow(of, remote, name='By hand', purpose='Purpose', ports=('tcp/8443',), **values):
    """Of a gateway, written by hand."""
    values.setdefault('direction', DirectionChoices.OUTBOUND)
    return _save(
        RequiredFlow,
        lists=('endpoints',),
        gateway=of,
        remote_role=remote,
        name=name,
        purpose=purpose,
        ports=list(ports),
        **values,
    )
