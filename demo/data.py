"""A realistic DMZ: three mail gateways in one group and an HA pair, behind two firewalls.

seg01 is a device with one dual-stack address, seg02 a device with an external, an internal and a management address,
seg03 a virtual machine. seg04 and seg05 are a pair with a virtual address (VRRP) for mail from the Internet. Most
roles have endpoints; key servers, lexical data servers, PMM users and the vendor's look-up servers have none on
purpose, so that the page shows open items.
"""

from dcim.models import Device, DeviceRole, DeviceType, Interface, Manufacturer, Site
from ipam.models import FHRPGroup, FHRPGroupAssignment, IPAddress, Prefix
from virtualization.models import Cluster, ClusterType, VirtualMachine, VMInterface

from netbox_gwports.catalog.files import bundled
from netbox_gwports.loading.loader import load as load_catalog
from netbox_gwports.loading.loader import parse
from netbox_gwports.models import (
    EnforcementPoint,
    EnforcementZone,
    Gateway,
    GatewayAddress,
    GatewayGroup,
    GatewayProfile,
    RemoteEndpoint,
    RemoteRole,
)

__all__ = ('load',)

PREFIXES = {
    'DMZ': ('192.0.2.0/24', '2001:db8:d::/64'),
    'DMZ, inner side': ('10.20.0.0/24',),
    'Internal servers': ('10.1.0.0/24', '10.1.1.0/24', '2001:db8:1::/64'),
    'Internal mail': ('10.1.2.0/28',),
    'Management': ('10.99.0.0/24',),
    'Administrators': ('10.99.1.0/24',),
}
# Name, description, addresses
SERVERS = (
    ('dns01', 'DNS', ('10.1.0.53/24', '2001:db8:1::53/64')),
    ('dns02', 'DNS', ('10.1.1.53/24',)),
    ('ntp01', 'NTP', ('10.1.0.123/24',)),
    ('dc01', 'Directory and domain controller', ('10.1.0.88/24',)),
    ('log01', 'syslog over TLS, on its own port', ('10.1.0.14/24',)),
    ('backup01', 'FTP and SFTP', ('10.1.0.21/24',)),
    ('nms01', 'SNMP manager', ('10.99.0.61/24',)),
)
# Endpoint, role, members, further attributes
ENDPOINTS = (
    ('DNS servers', 'dns-servers', {'devices': ('dns01', 'dns02')}, {}),
    ('NTP servers', 'ntp-servers', {'devices': ('ntp01',)}, {}),
    ('Active Directory', 'directory-servers', {'devices': ('dc01',)}, {}),
    ('Domain controllers', 'domain-controllers', {'devices': ('dc01',)}, {}),
    ('Log collector', 'log-servers', {'devices': ('log01',)}, {'port_map': ['tcp/514=tcp/6514']}),
    ('Backup', 'backup-servers', {'devices': ('backup01',)}, {}),
    ('Monitoring', 'snmp-managers', {'devices': ('nms01',)}, {}),
    ('Internal mail', 'internal-mail-servers', {'prefixes': ('10.1.2.0/28',)}, {}),
    ('Administrators', 'administrators', {'prefixes': ('10.99.1.0/24',)}, {}),
)
# Firewall, zone, its name on the firewall (empty: the firewall only knows the networks), names of the networks
ZONES = (
    ('outer-fw', 'internet', 'outside', ()),
    ('outer-fw', 'internal', '', ('Internal servers', 'Internal mail')),
    ('outer-fw', 'management', '', ('Management', 'Administrators')),
    ('outer-fw', 'dmz', '', ('DMZ', 'DMZ, inner side')),
    ('inner-fw', 'internal', 'inside', ('Internal servers', 'Internal mail')),
    ('inner-fw', 'management', 'management', ('Management', 'Administrators')),
)
# In addition to the product's defaults. Directory look-ups use LDAP, so that the page shows clear text
FEATURES = ('snmp-polling', 'snmp-alerts', 'log-export', 'pmm', 'pmm-full', 'ldap', 'key-ldaps', 'lexical-sftp',
            'sandbox', 'url-lookup', 'greylist-sharing', 'cockpit', 'mta-sts')  # fmt: skip


def load(user):
    """Create all demo objects in an empty NetBox."""
    load_catalog(parse(bundled()['clearswift-seg-6.3'].read_text(encoding='utf-8'), 'clearswift-seg-6.3'))
    site = _saved(Site(name='Data centre', slug='data-centre'))
    for description, prefixes in PREFIXES.items():
        for prefix in prefixes:
            _saved(Prefix(prefix=prefix, description=description))
    maker = _saved(Manufacturer(name='Example Systems', slug='example-systems'))
    kinds = {
        name: (
            _saved(DeviceType(manufacturer=maker, model=name, slug=slug)),
            _saved(DeviceRole(name=name, slug=slug, color=color)),
        )
        for name, slug, color in (
            ('Mail gateway', 'mail-gateway', '3f51b5'),
            ('Server', 'server', '9e9e9e'),
            ('Firewall', 'firewall', 'f44336'),
        )
    }
    for name, description, addresses in SERVERS:
        _machine(_device(site, kinds['Server'], name, description), {'eth0': addresses})
    _machine(
        _device(site, kinds['Firewall'], 'outer-fw', 'Between the Internet and the DMZ'),
        {'outside': ('198.51.100.1/24',), 'dmz': ('192.0.2.1/24', '2001:db8:d::1/64')},
    )
    _machine(
        _device(site, kinds['Firewall'], 'inner-fw', 'Between the DMZ, the inside and management'),
        {'dmz': ('192.0.2.2/24',), 'inner-dmz': ('10.20.0.1/24',), 'inside': ('10.1.0.1/24',)},
    )
    _endpoints()
    _gateways(site, kinds['Mail gateway'])
    _firewalls()


def _saved(instance):
    instance.full_clean()
    instance.save()
    return instance


def _device(site, kind, name, description):
    device_type, role = kind
    return _saved(Device(name=name, site=site, device_type=device_type, role=role, description=description))


def _machine(machine, interfaces):
    """Add interfaces with addresses to a machine; the first of each family becomes primary. Returns the addresses."""
    found = []
    for name, addresses in interfaces.items():
        if isinstance(machine, Device):
            interface = _saved(Interface(device=machine, name=name, type='1000base-t'))
        else:
            interface = _saved(VMInterface(virtual_machine=machine, name=name))
        found += [_saved(IPAddress(address=a, assigned_object=interface)) for a in addresses]
    for ip in reversed(found):
        setattr(machine, f'primary_ip{ip.family}', ip)
    _saved(machine)
    return {str(ip.address.ip): ip for ip in found}


def _endpoints():
    roles = {role.slug: role for role in RemoteRole.objects.all()}
    for name, role, members, attributes in ENDPOINTS:
        endpoint = _saved(RemoteEndpoint(name=name, role=roles[role], **attributes))
        for device in Device.objects.filter(name__in=members.get('devices', ())):
            endpoint.devices.add(device)
        for prefix in Prefix.objects.filter(prefix__in=members.get('prefixes', ())):
            endpoint.prefixes.add(prefix)


def _gateways(site, kind):
    profile = GatewayProfile.objects.get(slug='clearswift-seg-6-3')
    group = _saved(GatewayGroup(name='Secure Email Gateways', slug='seg'))
    cluster = _saved(
        Cluster(name='DMZ cluster', type=_saved(ClusterType(name='Hypervisor', slug='hypervisor')), scope=site)
    )
    seg01 = _device(site, kind, 'seg01', 'One address, IPv4 and IPv6')
    seg02 = _device(site, kind, 'seg02', 'External, internal and management address')
    seg03 = _saved(VirtualMachine(name='seg03', cluster=cluster, site=site, description='A virtual machine'))
    _machine(seg01, {'eth0': ('192.0.2.10/24', '2001:db8:d::10/64')})
    external = _machine(seg02, {'eth0': ('192.0.2.11/24',), 'eth1': ('10.20.0.11/24',), 'eth2': ('10.99.0.11/24',)})
    _machine(seg03, {'eth0': ('192.0.2.12/24', '2001:db8:d::12/64')})
    for machine in ({'device': seg01}, {'device': seg02}, {'virtual_machine': seg03}):
        gateway = _saved(Gateway(profile=profile, group=group, **machine))
        gateway.features.add(*profile.features.filter(slug__in=FEATURES))
        gateway.features.remove(*profile.features.filter(slug='ldaps'))
    gateway = seg02.gwports_gateway
    for address, zones in (
        ('192.0.2.11', ['internet', 'dmz']),
        ('10.20.0.11', ['internal']),
        ('10.99.0.11', ['management']),
    ):
        _saved(GatewayAddress(gateway=gateway, ip_address=external[address], zones=zones))
    _pair(site, kind, profile)


def _pair(site, kind, profile):
    """Two gateways of one group: mail arrives at the virtual address, and each connects from its own address."""
    group = _saved(GatewayGroup(name='Secure Email Gateways, HA pair', slug='seg-ha'))
    shared = _saved(FHRPGroup(name='Mail from the Internet', protocol='vrrp3', group_id=25))
    virtual = _saved(IPAddress(address='192.0.2.100/24', role='vrrp', assigned_object=shared))
    for name, text, priority in (('seg04', '192.0.2.13/24', 100), ('seg05', '192.0.2.14/24', 50)):
        machine = _device(site, kind, name, 'One of a pair with a virtual address')
        own = _machine(machine, {'eth0': (text,)})
        _saved(FHRPGroupAssignment(group=shared, interface=machine.interfaces.get(), priority=priority))
        gateway = _saved(Gateway(profile=profile, group=group, device=machine))
        _saved(GatewayAddress(gateway=gateway, ip_address=virtual, zones=['internet'], use='inbound'))
        _saved(GatewayAddress(gateway=gateway, ip_address=own[text.split('/')[0]]))


def _firewalls():
    points = {}
    for name, format_name in (('outer-fw', 'nftables'), ('inner-fw', 'juniper_srx')):
        points[name] = _saved(
            EnforcementPoint(device=Device.objects.get(name=name), gateway_zone='dmz', format_name=format_name)
        )
        points[name].groups.add(*GatewayGroup.objects.filter(slug__in=('seg', 'seg-ha')))
    for name, zone, known_as, networks in ZONES:
        known = _saved(
            EnforcementZone(enforcement_point=points[name], zone=zone, name=known_as, separated=bool(known_as))
        )
        known.prefixes.add(*Prefix.objects.filter(description__in=networks))
