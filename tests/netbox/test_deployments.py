"""The typical deployments of the documentation: what is entered there gives the rules that are printed there."""

from pathlib import Path

from dcim.models import Interface
from django.test import TestCase
from ipam.models import FHRPGroup, FHRPGroupAssignment

from netbox_gwports.choices import DirectionChoices, RemoteRoleKindChoices, ZoneChoices
from netbox_gwports.requirements import requirements

from . import factories

PAGE = Path(__file__).parents[2] / 'docs' / 'deployments.md'
# The first column of a table -> what it holds
COLUMNS = {'Address': 'addresses', 'Endpoint': 'endpoints', 'Source': 'rules'}


def deployments():
    """Title -> kind of table -> rows, in the order of the page."""
    found = {}
    for section in PAGE.read_text(encoding='utf-8').split('\n## ')[1:]:
        title, _, text = section.partition('\n')
        tables, kind = {}, None
        for line in text.splitlines():
            cells = [cell.strip() for cell in line.strip('|').split('|')] if line.startswith('|') else None
            if cells is None:
                kind = None
            elif kind is None:
                kind = COLUMNS[cells[0]]
                tables[kind] = []
            elif set(''.join(cells)) != {'-'}:
                tables[kind].append(cells)
        if tables:
            found[title] = tables
    return found


def product():
    of = factories.profile('Mail gateway')
    inbound, outbound = DirectionChoices.INBOUND, DirectionChoices.OUTBOUND
    for name, ports, direction, role, names in (
        ('Mail', ['tcp/25'], inbound, factories.role('mail', ZoneChoices.INTERNET, RemoteRoleKindChoices.ANY), []),
        ('Administration', ['tcp/443'], inbound, factories.role('administrators', ZoneChoices.MANAGEMENT), []),
        ('DNS', ['tcp/53', 'udp/53'], outbound, factories.role('dns-servers'), []),
        ('Updates', ['tcp/443'], outbound, factories.role('updates', ZoneChoices.INTERNET), ['updates.example.net']),
        *(
            (
                'Synchronization',
                ['tcp/8891'],
                d,
                factories.role('peers', ZoneChoices.DMZ, RemoteRoleKindChoices.PEERS),
                [],
            )
            for d in (inbound, outbound)
        ),
    ):
        service = of.services.filter(name=name).first() or factories.service(
            of, name, ports, application_protocol='HTTPS' if name == 'Updates' else ''
        )
        factories.template(service, role, name, direction, dns_names=names)
    return of


class Deployment:
    """A gateway as a section of the page says."""

    def __init__(self, tables):
        of = product()
        pair = any(row[1] == 'peer' for row in tables['addresses'])
        group = factories.group() if pair else None
        self.gateway = factories.gateway(of, group=group)
        self.peer = factories.gateway(of, group=group) if pair else None
        for row in tables['addresses']:
            self.address(*row)
        for row in tables['endpoints']:
            self.endpoint(*row)

    def address(self, text, on, zones, use):
        machine = self.gateway.machine
        if on == 'FHRP':
            shared = FHRPGroup.objects.create(protocol='vrrp3', group_id=1)
            for member in (self.gateway, self.peer):
                interface = member.machine.interfaces.first() or interface_of(member.machine, 'eth0')
                FHRPGroupAssignment.objects.create(group=shared, interface=interface, priority=100)
            ip = factories.ip(text, assigned_object=shared)
        elif on.startswith('eth'):
            interface = machine.interfaces.filter(name=on).first() or interface_of(machine, on)
            ip = factories.ip(text, assigned_object=interface)
            if not getattr(machine, f'primary_ip{ip.family}'):
                setattr(machine, f'primary_ip{ip.family}', ip)
                machine.save()
        else:
            ip = factories.ip(text, self.peer.machine if on == 'peer' else factories.device(on))
        if zones == '-':
            return
        facing = [] if zones == 'every other' else zones.split(', ')
        members = {'peer': [self.peer], 'FHRP': [self.gateway, self.peer]}.get(on, [self.gateway])
        for member in members:
            factories.address(member, ip, facing, use=use)

    def endpoint(self, name, role, members):
        role = factories.role(role, kind=RemoteRoleKindChoices.PROXY if role == 'web-proxies' else 'named')
        texts = members.split(', ')
        maps = [text for text in texts if '=' in text]
        factories.endpoint(role, name, literals=[text for text in texts if text not in maps], port_map=maps)

    def rules(self):
        [found] = requirements([self.gateway])
        assert not found.unresolved, found.unresolved
        return [
            [
                said(rule.source),
                said(rule.destination),
                ', '.join(map(str, rule.ports)),
                rule.zone,
                'no' if rule.same_segment else 'yes',
            ]
            for rule in found.rules
        ]


def interface_of(machine, name):
    interface = Interface(device=machine, name=name, type='1000base-t')
    interface.full_clean()
    interface.save()
    return interface


def said(side):
    return 'any' if side.any else ', '.join([*map(str, side.addresses), *side.dns_names])


class DeploymentTests(TestCase):
    def test_the_page_has_five(self):
        self.assertEqual(len(deployments()), 5)

    def assertPrinted(self, number):
        tables = list(deployments().values())[number]
        self.assertGreaterEqual(len(tables['rules']), 5)
        self.assertEqual(sorted(Deployment(tables).rules()), sorted(tables['rules']))

    def test_single_homed(self):
        self.assertPrinted(0)

    def test_two_legs(self):
        self.assertPrinted(1)

    def test_behind_a_load_balancer(self):
        self.assertPrinted(2)

    def test_ha_pair_with_a_virtual_address(self):
        self.assertPrinted(3)

    def test_dual_stack_with_a_web_proxy(self):
        self.assertPrinted(4)

    def test_the_proxy_is_told_what_to_let_through(self):
        deployment = Deployment(list(deployments().values())[4])
        [found] = requirements([deployment.gateway])
        through = {rule.via_proxy_to for rule in found.rules if str(rule.ports[0]) == 'tcp/8080'}
        self.assertEqual(through, {('updates.example.net',)})
