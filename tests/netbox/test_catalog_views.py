from django.urls import reverse
from utilities.testing import TestCase, ViewTestCases, create_tags

from netbox_gwports.models import FlowTemplate, GatewayProfile, GatewayService, ProfileFeature, RemoteRole

from . import factories
from .base import PluginURLs


class GatewayProfileTest(
    PluginURLs, ViewTestCases.PrimaryObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = GatewayProfile

    @classmethod
    def setUpTestData(cls):
        profiles = [factories.profile() for _ in range(3)]
        maker = factories.manufacturer('Maker 2')
        tags = create_tags('Alpha', 'Bravo')
        cls.form_data = {
            'manufacturer': maker.pk,
            'name': 'Product',
            'version': '9.0',
            'slug': 'product-nine',
            'source_url': 'https://example.net/ports',
            'published': None,
            'partial': 'The second page is missing',
            'description': 'A release',
            'tags': [tag.pk for tag in tags],
        }
        cls.csv_data = (
            'manufacturer,name,version,slug,published,partial',
            'Maker 2,Product,10,product-10,2026-01-31,',
            'Maker 2,Product,11,product-11,,Only the first page',
            'Maker 1,Product,12,product-12,,',
        )
        cls.csv_update_data = ('id,description', *(f'{profile.pk},Changed {profile.pk}' for profile in profiles))
        cls.bulk_edit_data = {
            'description': 'Edited',
            'source_url': 'https://example.net/other',
            'partial': 'Only the first page',
        }

    def test_a_partial_catalog_says_so(self):
        self.add_permissions('netbox_gwports.view_gatewayprofile')
        profile = GatewayProfile.objects.first()
        self.assertNotContains(self.client.get(profile.get_absolute_url()), 'This catalog is partial')
        GatewayProfile.objects.filter(pk=profile.pk).update(partial='Seen up to port 161 <b>')
        page = self.client.get(profile.get_absolute_url())
        self.assertContains(page, 'This catalog is partial: Seen up to port 161 &lt;b&gt;')


class ProfileFeatureTest(
    PluginURLs, ViewTestCases.PrimaryObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = ProfileFeature

    @classmethod
    def setUpTestData(cls):
        profile = factories.profile(slug='product')
        other = factories.profile(slug='other')
        features = [factories.feature(profile, f'Feature {n}') for n in range(3)]
        # The same slug in another profile: imports must not mix them up
        factories.feature(other, 'Feature 0')
        cls.form_data = {
            'profile': profile.pk,
            'name': 'Feature X',
            'slug': 'feature-x',
            'group': 'Directory (choose one)',
            'parent': features[2].pk,
            'enabled_by_default': True,
        }
        cls.csv_data = (
            'profile,name,slug,parent,enabled_by_default',
            'product,Feature 4,feature-4,feature-0,true',
            'product,Feature 5,feature-5,,false',
            'other,Feature 6,feature-6,feature-0,',
        )
        cls.csv_update_data = ('id,group,parent', *(f'{f.pk},Changed,' for f in features))
        cls.bulk_edit_data = {'group': 'Edited', 'description': 'Edited'}


class GatewayServiceTest(
    PluginURLs, ViewTestCases.PrimaryObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = GatewayService

    @classmethod
    def setUpTestData(cls):
        profile = factories.profile(slug='product')
        services = [factories.service(profile, f'Service {n}') for n in range(3)]
        cls.form_data = {
            'profile': profile.pk,
            'name': 'Service X',
            'application_protocol': 'HTTPS',
            'ports': 'tcp/443,udp/5000-5010',
            'clear_text': False,
        }
        cls.csv_data = (
            'profile,name,ports,clear_text',
            'product,Service 4,"TCP/53, udp/53",true',
            'product,Service 5,tcp/443 tcp/444,',
            'product,Service 6,icmp,false',
        )
        cls.csv_update_data = ('id,ports', *(f'{service.pk},tcp/8443' for service in services))
        cls.bulk_edit_data = {'application_protocol': 'SMTP', 'ports': 'tcp/25'}


class RemoteRoleTest(
    PluginURLs, ViewTestCases.OrganizationalObjectViewTestCase, ViewTestCases.BulkRenameObjectsViewTestCase
):
    model = RemoteRole

    @classmethod
    def setUpTestData(cls):
        roles = [factories.role(f'role-{n}') for n in range(3)]
        cls.form_data = {'name': 'Role X', 'slug': 'role-x', 'zone': 'internet', 'kind': 'any'}
        cls.csv_data = (
            'name,slug,zone,kind',
            'Role 4,role-4,internal,named',
            'Role 5,role-5,internet,any',
            'Role 6,role-6,dmz,',
        )
        cls.csv_update_data = ('id,description', *(f'{role.pk},Changed' for role in roles))
        cls.bulk_edit_data = {'zone': 'dmz', 'description': 'Edited'}


class FlowTemplateTest(PluginURLs, ViewTestCases.PrimaryObjectViewTestCase):
    model = FlowTemplate

    @classmethod
    def setUpTestData(cls):
        profile = factories.profile(slug='product')
        service = factories.service(profile, 'HTTPS')
        mode = factories.feature(profile, 'Mode')
        factories.feature(factories.profile(), 'Mode')
        role = factories.role('servers')
        templates = [factories.template(service, role, f'Purpose {n}') for n in range(3)]
        cls.form_data = {
            'service': service.pk,
            'direction': 'inbound',
            'remote_role': role.pk,
            'purpose': 'Purpose X',
            'feature': mode.pk,
            'dns_names': '*.example.net,mail.example.org',
            'replaceable': True,
            'zone': 'dmz',
            'direct': True,
            'row': 3,
            'item': 2,
            'printed': 'Both',
        }
        cls.csv_data = (
            'profile,service,direction,remote_role,purpose,feature,dns_names,row',
            'product,HTTPS,outbound,servers,Purpose 4,mode,"*.example.net,mail.example.org",4',
            'product,HTTPS,inbound,servers,Purpose 5,,,5',
            'product,HTTPS,inbound,servers,Purpose 6,,,',
        )
        cls.csv_update_data = ('id,purpose,feature', *(f'{t.pk},Changed {t.pk},mode' for t in templates))
        cls.bulk_edit_data = {'zone': 'dmz', 'notes': 'Edited'}

    def test_rename(self):
        """Templates have no names; their purposes can be renamed."""
        self.add_permissions('netbox_gwports.change_flowtemplate')
        data = {
            'pk': [t.pk for t in FlowTemplate.objects.all()],
            'find': 'Purpose',
            'replace': 'Reason',
            '_apply': True,
        }
        self.assertHttpStatus(self.client.post(self._get_url('bulk_rename'), data), 302)
        self.assertEqual({t.purpose for t in FlowTemplate.objects.all()}, {'Reason 0', 'Reason 1', 'Reason 2'})

    def test_other_profile(self):
        """A feature of another profile is refused where a person chose it."""
        foreign = ProfileFeature.objects.exclude(profile__slug='product').get()
        self.add_permissions(
            'netbox_gwports.add_flowtemplate',
            'netbox_gwports.view_profilefeature',
            'netbox_gwports.view_gatewayservice',
            'netbox_gwports.view_remoterole',
        )
        response = self.client.post(self._get_url('add'), {**self.form_data, 'feature': foreign.pk})
        self.assertIn('feature', response.context['form'].errors)


class VendorTableTest(TestCase):
    user_permissions = ('netbox_gwports.view_gatewayprofile', 'netbox_gwports.view_flowtemplate')

    def test_order_and_directions(self):
        """Row by row and item by item; both directions of an item that became two templates."""
        profile = factories.product()
        https = profile.services.get(name='HTTPS')
        factories.template(https, factories.role('administrators'), 'Web interface', row=2, item=1)
        url = reverse('plugins:netbox_gwports:gatewayprofile_vendor_table', args=[profile.pk])
        table = self.client.get(url).context['table']
        self.assertEqual([row.record.row_label for row in table.rows], ['1.1', '2.1', '2.1', '2.2', '2.3', '2.4'])
        self.assertEqual(table.rows[1].get_cell('directions'), 'Inbound, Outbound')
        self.assertEqual(table.rows[3].get_cell('directions'), 'Outbound')
        self.assertEqual(table.rows[5].get_cell('not_opened'), 'Not here')
