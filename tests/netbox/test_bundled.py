"""The bundled catalogs from the file to rules: each for a gateway of the demo's DMZ with every feature on."""

from django.test import TestCase
from users.models import User

from demo import data
from netbox_gwports.catalog.files import bundled
from netbox_gwports.choices import FlowStatusChoices, RemoteRoleKindChoices
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import (
    FlowTemplate,
    GatewayProfile,
    GatewayService,
    ProfileFeature,
    RemoteRole,
    RequiredFlow,
)
from netbox_gwports.requirements import requirements

from . import factories

MODELS = (GatewayProfile, ProfileFeature, GatewayService, RemoteRole, FlowTemplate)


def read(name):
    return parse(bundled()[name].read_text(encoding='utf-8'), name)


class BundledTestCase(TestCase):
    @classmethod
    def setUpTestData(cls):
        data.load(User.objects.create(username='boss', is_superuser=True))

    def gateway(self, name):
        """With an address for each side of the DMZ, none of them those of the demo's gateways."""
        catalog = read(name)
        load(catalog)
        host = factories.device('gw')
        profile = GatewayProfile.objects.get(slug=catalog.slug)
        gateway = factories.gateway(profile, host, features=list(profile.features.all()))
        for address, zones in (
            ('192.0.2.50/24', ['internet', 'dmz']),
            ('10.20.0.50/24', ['internal']),
            ('10.99.0.50/24', ['management']),
        ):
            factories.address(gateway, address, zones)
        return gateway

    def resolved(self, name):
        return requirements([self.gateway(name)])[0]


class LoadingTests(TestCase):
    def test_every_catalog_loads_and_a_second_time_changes_nothing(self):
        for name in bundled():
            with self.subTest(name):
                catalog = read(name)
                load(catalog)
                profile = GatewayProfile.objects.get(slug=catalog.slug)
                templates = FlowTemplate.objects.filter(service__profile=profile)
                self.assertEqual(templates.count(), len(catalog.flows))
                self.assertEqual(profile.partial, catalog.partial)
                before = [list(model.objects.order_by('pk').values()) for model in MODELS]
                self.assertEqual(load(catalog).steps, ())
                self.assertEqual([list(model.objects.order_by('pk').values()) for model in MODELS], before)

    def test_they_agree_on_the_roles_that_they_share(self):
        """Whichever comes first makes the role: the others must mean the same by it."""
        roles = {}
        for name in bundled():
            for role in read(name).roles:
                self.assertEqual(roles.setdefault(role.slug, role), role, name)


class ResolvingTests(BundledTestCase):
    maxDiff = None

    def check(self, name, rules, open_roles):
        """The rules and, as roles, the open needs, all of them; each need is one or the other, and none became any."""
        found = self.resolved(name)
        self.assertEqual(sorted(map(_text, found.rules)), sorted(rules))
        self.assertEqual({e.flow.role_slug for e in found.unresolved}, set(open_roles))
        self.assertEqual({e.reason for e in found.unresolved}, {'no_remote'} if open_roles else set())
        kinds = {flow.role_kind for rule in found.rules if rule.remote.any for flow in rule.flows}
        self.assertLessEqual(kinds, {RemoteRoleKindChoices.ANY})
        answered = {flow.id for rule in found.rules for flow in rule.flows} | {e.flow.id for e in found.unresolved}
        gateway = found.gateway.id
        self.assertEqual(answered, set(_flows(gateway).needed().values_list('pk', flat=True)))
        return _flows(gateway)

    def test_clearswift_5_7(self):
        flows = self.check(
            'clearswift-seg-5.7',
            [
                'in internet any -> 192.0.2.50 tcp/25',
                'in internal 10.1.2.0/28 -> 10.20.0.50 tcp/25',
                'in management 10.99.1.0/24 -> 10.99.0.50 tcp/22',
                'out internet 192.0.2.50 -> any tcp/25',
                'out internet 192.0.2.50 -> clearswiftstat.mailshell.net tcp/80',
                'out internet 192.0.2.50 -> db11.spamcatcher.net ruledownloads.mailshell.net sn12.mailshell.net '
                'tisdk.mailshell.net verio.mailshell.net tcp/80',
                'out internal 10.20.0.50 -> 10.1.0.21 tcp/21',
                'out internal 10.20.0.50 -> 10.1.0.21 tcp/22',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 tcp/53',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 udp/53',
                'out internal 10.20.0.50 -> 10.1.2.0/28 tcp/25',
            ],
            ['lexical-data-servers', 'pmm-users', 'vendor-lookup-servers', 'vendor-services'],
        )
        self.assertEqual(flows.filter(status=FlowStatusChoices.WAIVED, direction='inbound').count(), 6)

    def test_proxmox(self):
        self.check(
            'proxmox-mail-gateway-09e283f2',
            [
                'in internet any -> 192.0.2.50 tcp/25',
                'in internal 10.1.2.0/28 -> 10.20.0.50 tcp/26',
                'in management 10.99.1.0/24 -> 10.99.0.50 tcp/22',
                'in management 10.99.1.0/24 -> 10.99.0.50 tcp/8006',
                'out internet 192.0.2.50 -> any tcp/25',
                'out internet 192.0.2.50 -> any tcp/80',
                'out internet 192.0.2.50 -> any tcp/2703',
                'out internal 10.20.0.50 -> 10.1.0.123 udp/123',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 tcp/53',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 udp/53',
                'out internal 10.20.0.50 -> 10.1.2.0/28 tcp/25',
            ],
            [],
        )

    def test_exchange(self):
        self.check(
            'microsoft-exchange-edge-transport-2019',
            [
                'in internet any -> 192.0.2.50 tcp/25',
                'in internal 10.1.2.0/28 -> 10.20.0.50 tcp/25',
                'in internal 10.1.2.0/28 -> 10.20.0.50 tcp/50636',
                'out internet 192.0.2.50 -> any tcp/23',
                'out internet 192.0.2.50 -> any tcp/25',
                'out internet 192.0.2.50 -> any tcp/80 tcp/3128 tcp/6588',
                'out internet 192.0.2.50 -> any tcp/1080-1081',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 tcp/53',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 udp/53',
                'out internal 10.20.0.50 -> 10.1.2.0/28 tcp/25',
            ],
            [],
        )

    def test_cisco(self):
        flows = self.check(
            'cisco-secure-email-gateway-14.2',
            [
                'in internet any -> 192.0.2.50 tcp/25',
                'in internal 10.1.0.21 -> 10.20.0.50 tcp/21',
                'in internal 10.1.0.21 -> 10.20.0.50 tcp/22',
                'in internal 10.1.2.0/28 -> 10.20.0.50 tcp/25',
                'in management 10.99.0.61 -> 10.99.0.50 udp/161',
                'in management 10.99.1.0/24 -> 10.99.0.50 tcp/22',
                'in management 10.99.1.0/24 -> 10.99.0.50 tcp/80',
                'out internet 192.0.2.50 -> any tcp/25',
                'out internet 192.0.2.50 -> any tcp/53',
                'out internet 192.0.2.50 -> any udp/53',
                'out internet 192.0.2.50 -> downloads.ironport.com tcp/80',
                'out internet 192.0.2.50 -> updates.ironport.com tcp/80',
                'out internal 10.20.0.50 -> 10.1.0.21 tcp/21',
                'out internal 10.20.0.50 -> 10.1.0.21 tcp/22',
                'out internal 10.20.0.50 -> 10.1.0.123 udp/123',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 tcp/53',
                'out internal 10.20.0.50 -> 10.1.0.53 10.1.1.53 udp/53',
                'out internal 10.20.0.50 -> 10.1.0.88 tcp/389',
                'out internal 10.20.0.50 -> 10.1.0.88 tcp/636',
                'out internal 10.20.0.50 -> 10.1.0.88 tcp/3268',
                'out internal 10.20.0.50 -> 10.1.0.88 tcp/3269',
                'out internal 10.20.0.50 -> 10.1.2.0/28 tcp/25',
                'out management 10.99.0.50 -> 10.99.0.61 udp/162',
            ],
            ['mailbox-servers', 'quarantine-users', 'threat-feed-servers'],
        )
        self.assertEqual(
            sorted(flow.name for flow in flows.filter(status=FlowStatusChoices.WAIVED)), ['FTP data', 'FTP data', 'NTP']
        )

    def test_cloudflare(self):
        both = (
            'cftunnel.com',
            'region1.v2.argotunnel.com',
            'region2.v2.argotunnel.com',
            'us-region1.v2.argotunnel.com',
            'us-region2.v2.argotunnel.com',
        )
        flows = self.check(
            'cloudflare-tunnel-10ead741',
            [
                *(f'out internet 192.0.2.50 -> {host} {protocol}/7844' for host in both for protocol in ('tcp', 'udp')),
                'out internet 192.0.2.50 -> _v2-origintunneld._tcp.argotunnel.com tcp/7844',
                'out internet 192.0.2.50 -> h2.cftunnel.com tcp/7844',
                'out internet 192.0.2.50 -> quic.cftunnel.com udp/7844',
                'out internet 192.0.2.50 -> api.cloudflare.com tcp/443',
                'out internet 192.0.2.50 -> github.com tcp/443',
                'out internet 192.0.2.50 -> pqtunnels.cloudflareresearch.com tcp/443',
                'out internet 192.0.2.50 -> update.argotunnel.com tcp/443',
            ],
            ['cloudflare-access'],
        )
        self.assertFalse(flows.filter(direction='inbound').exists())


class UpgradeTests(BundledTestCase):
    def test_clearswift_5_7_to_6_3(self):
        """What means the same keeps what was written on it; what is on another port starts anew."""
        gateway = self.gateway('clearswift-seg-5.7')
        for flow in gateway.flows.needed():
            flow.mitigation = f'{flow.name}, {flow.purpose}'
            flow.save()
        gateway.profile = GatewayProfile.objects.get(slug='clearswift-seg-6-3')
        gateway.save()
        kept = gateway.flows.filter(status=FlowStatusChoices.REQUIRED).exclude(mitigation='')
        self.assertEqual(
            set(kept.values_list('mitigation', flat=True)),
            {
                'FTP, Back up and restore', 'FTP, Hand over transaction logs',
                'SFTP, Back up and restore', 'SFTP, Import lexical data', 'SSH, Work on the console',
                'SMTP, Receive mail', 'SMTP, Receive mail from inside', 'SMTP, Deliver mail',
                'SMTP, Deliver mail to the inside', 'DNS, Reputation look-ups (TRUSTmanager)', 'DNS, Resolve names',
                'HTTP, Classify junk mail and malware', 'HTTP, Update spam rules and policy engine',
                'HTTP, Report spam statistics', 'HTTP, Update the SpamLogic engine',
            },
        )  # fmt: skip
        self.assertTrue(all(flow.mitigation == f'{flow.name}, {flow.purpose}' for flow in kept))
        closing = gateway.flows.filter(status=FlowStatusChoices.WITHDRAWN)
        self.assertEqual(
            set(closing.values_list('mitigation', flat=True)),
            {
                'FTPS (explicit), Back up and restore',
                'FTPS (explicit), Hand over transaction logs',
                'HTTP, Show users their held messages',
            },
        )
        new = gateway.flows.filter(status=FlowStatusChoices.REQUIRED, mitigation='')
        self.assertEqual(new.get(purpose='Show users their held messages').ports, ['tcp/443'])
        self.assertEqual(new.get(purpose='Back up and restore', name='FTPS').ports, ['tcp/990'])


def _flows(pk):
    return RequiredFlow.objects.filter(gateway=pk)


def _text(rule):
    sides = [_side(rule.source), _side(rule.destination)]
    ports = ' '.join(str(spec) for spec in rule.ports)
    return f'{rule.direction.removesuffix("bound")} {rule.zone} {" -> ".join(sides)} {ports}'


def _side(side):
    return 'any' if side.any else ' '.join([*(str(address) for address in side.addresses), *side.dns_names])
