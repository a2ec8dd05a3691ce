"""What a caller may not view does not show through any relation: every model, relation and filter, found by looking.

A relation, filter or GraphQL field that is added without the shared field or filter fails here, and so does one that
no object of this small world reaches.
"""

import csv
import re
from types import SimpleNamespace
from unittest import mock

from core.models import DataFile, DataSource, ObjectType
from dcim.models import Device, Manufacturer, Site
from django.test import TestCase
from django.urls import reverse
from django_filters.filters import ModelChoiceFilter, ModelMultipleChoiceFilter
from ipam.models import VRF, IPAddress, IPRange, Prefix
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import BaseSerializer, ListSerializer
from rest_framework.test import APIClient
from strawberry_django.fields.filter_order import FilterOrderField
from tenancy.models import Contact, ContactAssignment, ContactGroup, ContactRole, Tenant, TenantGroup
from users.models import ObjectPermission, Owner, OwnerGroup, User
from utilities.api import get_serializer_for_model
from virtualization.models import Cluster, VirtualMachine

from netbox_gwports import filtersets, models, tables
from netbox_gwports.api.related import MemberList, OnlyVisibleMixin, RelatedObjectField
from netbox_gwports.filtersets.related import RelatedFilter, RelatedTextFilter
from netbox_gwports.graphql import filters as graphql_filters
from netbox_gwports.graphql import types

from . import factories

# What is computed is no object of its own in any layer
MODELS = [getattr(models, name) for name in models.__all__ if name != 'StandingSummary']
ABSENT = 987654
FILTERS = {}
# What objects of ours refer to
AROUND = [
    Contact, ContactAssignment, ContactGroup, ContactRole, DataFile, DataSource, Device, IPAddress, IPRange,
    Manufacturer, Owner, OwnerGroup, Prefix, Site, Tenant, TenantGroup, User, VirtualMachine, Cluster, VRF,
]  # fmt: skip
# NetBox shows the tags of an object to everybody who sees the object, and so do its filters and ours
TAGS = {'tags', 'tag', 'tag_id', 'tagged_items'}
# NetBox's own, the same for all its models
NETBOX_FIELDS = {'owner', *TAGS}
# Path of the relations that a filter with a method of its own looks through
METHODS = {
    'site': 'device__site',
    'site_id': 'device__site',
    'gateway_id': 'gateways',
    'enforcement_point_id': 'enforcement_points',
}
# The same, where it differs for one model; empty: several paths
METHODS_OF = {
    (models.RequiredFlow, 'site'): 'gateway__device__site',
    (models.RequiredFlow, 'site_id'): 'gateway__device__site',
    (models.ChangeLine, 'site'): 'gateway__device__site',
    (models.ChangeLine, 'site_id'): 'gateway__device__site',
    (models.ChangeRequest, 'site'): 'lines__gateway__device__site',
    (models.ChangeRequest, 'site_id'): 'lines__gateway__device__site',
    (models.EnforcementPoint, 'gateway_id'): '',
    (models.SignOff, 'gateway_id'): '',
}


def relations(model, path):
    """(model, field) of each step of a path."""
    for name in path.split('__'):
        field = model._meta.get_field(name)
        yield model, field
        model = field.related_model


class World(TestCase):
    """One object of each model, which refers to whatever it can."""

    @classmethod
    def setUpTestData(cls):
        group = OwnerGroup.objects.create(name='Hidden owner group')
        owner = Owner.objects.create(name='Hidden owner', group=group)
        tenants = TenantGroup.objects.create(name='Hidden tenant group', slug='hidden-tenant-group')
        tenant = Tenant.objects.create(name='Hidden tenant', slug='hidden-tenant', group=tenants)
        source = DataSource.objects.create(name='Hidden source', type='local', source_url='/nowhere')
        file = DataFile.objects.create(
            source=source, path='hidden.yaml', size=0, hash='0' * 64, last_updated='2026-01-01T00:00Z'
        )
        profile = factories.profile('Hidden profile', owner=owner, manufacturer=factories.manufacturer('Hidden maker'))
        models.GatewayProfile.objects.filter(pk=profile.pk).update(data_source=source, data_file=file)
        parent = factories.feature(profile, 'Hidden parent')
        feature = factories.feature(profile, 'Hidden feature', parent=parent, owner=owner)
        service = factories.service(profile, 'Hidden service', ['tcp/4711'], owner=owner)
        role = factories.role('hidden-role', owner=owner)
        template = factories.template(service, role, 'Hidden purpose', feature=feature, owner=owner)
        machines = factories.group('Hidden group', owner=owner)
        device = factories.device('hidden-device', factories.site('Hidden site'))
        gateway = factories.gateway(
            of=profile, host=device, features=[parent, feature], group=machines, tenant=tenant, owner=owner
        )
        models.Gateway.objects.filter(pk=gateway.pk).update(next_profile=factories.profile('Hidden next'))
        contact = Contact.objects.create(name='Hidden contact')
        contact.groups.add(ContactGroup.objects.create(name='Hidden contact group', slug='hidden-contact-group'))
        contact_role = ContactRole.objects.create(name='Hidden contact role', slug='hidden-contact-role')
        ContactAssignment.objects.create(object=gateway, contact=contact, role=contact_role)
        vm = factories.virtual_machine('hidden-vm', factories.site('Hidden site'))
        virtual = factories.gateway(of=profile, host=vm)
        factories.flow(virtual, role)
        address = factories.address(gateway, '192.0.2.77/24', zones=['dmz'])
        factories.address(virtual, '192.0.2.78/24')
        endpoint = factories.endpoint(
            role, name='Hidden endpoint', zone='management', owner=owner, vrf=VRF.objects.create(name='Hidden VRF')
        )
        for name, member in (
            ('ip_addresses', factories.ip('198.51.100.7/24')),
            ('prefixes', factories.prefix('198.51.101.0/24')),
            ('ip_ranges', factories.ip_range('198.51.102.1/24', '198.51.102.9/24')),
            ('devices', device),
            ('virtual_machines', vm),
            ('gateways', gateway),
            ('groups', machines),
            ('sites', device.site),
        ):
            getattr(endpoint, name).add(member)
        flow = gateway.flows.get(template=template)
        models.RequiredFlow.objects.filter(pk=flow.pk).update(owner=owner)
        flow.endpoints.add(endpoint)
        point = factories.enforcement_point(host=factories.device('hidden-firewall', device.site), owner=owner)
        point.gateways.add(gateway)
        point.groups.add(machines)
        virtual_point = factories.enforcement_point(host=factories.virtual_machine('hidden-vfw', device.site))
        zone = factories.enforcement_zone(point, 'management')
        zone.prefixes.add(Prefix.objects.get())
        factories.enforcement_zone(virtual_point, 'dmz')
        cls.changed((gateway, virtual), point, owner, contact, contact_role)
        cls.device, cls.address = device, address

    @staticmethod
    def changed(gateways, point, owner, contact, role):
        """A change request with a line for each gateway, implemented on the point, and a review."""
        request = models.ChangeRequest.objects.create(title='Hidden change', ticket='Hidden ticket', owner=owner)
        ContactAssignment.objects.create(object=request, contact=contact, role=role)
        side = {'kind': 'any', 'any': True, 'addresses': [], 'dns_names': [], 'endpoints': []}
        content = {
            'direction': 'outbound',
            'zone': 'dmz',
            'family': 4,
            'protocol': 'tcp',
            'ports': ['1'],
            'via_proxy_to': [],
        }
        for gateway in gateways:
            models.ChangeLine.objects.create(
                change_request=request,
                gateway=gateway,
                gateway_name='A gateway',
                action='open',
                direction='outbound',
                zone='dmz',
                rule_key='Hidden key',
                content={**content, 'local': side, 'remote': side},
            )
        lines = list(models.ChangeLine.objects.values_list('pk', flat=True))
        user = User.objects.create_user('hidden-user')
        signed = {'user': user, 'user_name': 'Somebody', 'digest': '0'}
        models.SignOff.objects.create(
            kind='implemented', change_request=request, enforcement_point=point, lines=lines, **signed
        )
        models.SignOff.objects.create(kind='reviewed', gateway=gateways[0], **signed)

    def setUp(self):
        # Users keep their permissions, which are costly to look up
        type(self).viewers = {}

    @classmethod
    def viewer(cls, *hidden, own=None):
        """A user who may do everything with all objects but those of the hidden models; ``own`` is the one asked."""
        key = (frozenset(hidden), own)
        if key in cls.viewers:
            return cls.viewers[key]
        user = cls.viewers[key] = User.objects.create_user(username=f'viewer {len(cls.viewers)}')
        shown = {*MODELS, *AROUND} - {*hidden}
        everything = ObjectPermission.objects.create(name=user.username, actions=['view', 'add', 'change', 'delete'])
        everything.object_types.set(ObjectType.objects.get_for_models(*shown).values())
        everything.users.add(user)
        for model in hidden:
            # Of its own model, those that nothing refers to
            kept = model.objects.exclude(name='Hidden parent').values_list('pk', flat=True) if model is own else []
            factories.allow(user, model, 'view', 'add', 'change', constraints={'pk__in': list(kept)})
        return user


class FilterMatrix(World):
    def ask(self, filterset, user, params):
        """(errors, keys found), without what was asked."""
        request = SimpleNamespace(user=user)
        asked = {name: self.filters(filterset)[name] for name in params}
        # NetBox makes all filters of a set anew for every question, which takes most of the time
        with mock.patch.object(filterset, 'get_filters', lambda: asked):
            found = filterset(params, filterset._meta.model.objects.all(), request=request)
        value = str(next(iter(params.values()))[0])
        errors = str(found.errors.as_data()).replace(value, '?')
        return errors, sorted(found.qs.values_list('pk', flat=True)) if found.is_valid() else None

    @classmethod
    def filters(cls, filterset):
        if filterset not in FILTERS:
            FILTERS[filterset] = filterset.get_filters()
        return FILTERS[filterset]

    def filtersets(self):
        yield from (getattr(filtersets, name) for name in filtersets.__all__)

    def test_every_filter_of_a_related_object_is_the_shared_one(self):
        for filterset in self.filtersets():
            for name, found in self.filters(filterset).items():
                if name.split('__')[0] in TAGS:
                    continue
                with self.subTest(filterset=filterset.__name__, filter=name):
                    if isinstance(found, (ModelChoiceFilter, ModelMultipleChoiceFilter)):
                        self.assertIsInstance(found, RelatedFilter)
                    elif '__' in (found.field_name or '') and found.method is None:
                        self.assertIsInstance(found, RelatedTextFilter)

    def related_filters(self):
        for filterset in self.filtersets():
            for name, found in self.filters(filterset).items():
                if isinstance(found, RelatedFilter):
                    path = METHODS_OF.get((filterset._meta.model, name), METHODS.get(name, ''))
                    yield filterset, name, found, path if found.method else found.field_name

    def test_hidden_is_as_absent(self):
        admin = User.objects.create_superuser('admin')
        asked = 0
        for filterset, name, found, _path in self.related_filters():
            target, own = found.queryset.model, filterset._meta.model
            attribute = found.extra.get('to_field_name') or 'pk'
            negated = found.exclude
            with self.subTest(filterset=filterset.__name__, filter=name):
                reached = 0
                for obj in target.objects.all():
                    if reached:
                        break
                    value = getattr(obj, attribute)
                    params = {name: [str(value)]}
                    _errors, seen = self.ask(filterset, admin, params)
                    reached += len(seen) < own.objects.count() if negated else bool(seen)
                    if not seen and not negated:
                        continue
                    if target is own and obj.name != 'Hidden parent':
                        continue
                    user = self.viewer(target, own=own)
                    absent = '203.0.113.250/24' if attribute == 'address' else str(ABSENT)
                    hidden, missing = self.ask(filterset, user, params), self.ask(filterset, user, {name: [absent]})
                    self.assertEqual(hidden, missing)
                    self.assertIsNone(hidden[1])
                    asked += 1
                self.assertTrue(reached, 'nothing in this world is found by it')
        self.assertGreater(asked, 150)

    def test_nothing_is_seen_through_a_hidden_object_on_the_way(self):
        asked = 0
        for filterset, name, found, path in self.related_filters():
            own, target = filterset._meta.model, found.queryset.model
            steps = [field.related_model for _model, field in relations(own, path)][:-1] if path else []
            for step in {*steps} - {own, target}:
                with self.subTest(filterset=filterset.__name__, filter=name, hidden=step.__name__):
                    user, everything = self.viewer(step), own.objects.count()
                    if step is Device:
                        objects = target.objects.filter(pk=self.device.site_id)
                        VirtualMachine.objects.update(site=None)
                        Cluster.objects.update(_site=None)
                    else:
                        objects = target.objects.all()
                    for obj in objects:
                        value = getattr(obj, found.extra.get('to_field_name') or 'pk')
                        errors, seen = self.ask(filterset, user, {name: [str(value)]})
                        self.assertEqual(len(seen), everything if found.exclude else 0, errors)
                        asked += 1
        self.assertGreater(asked, 30)

    def test_texts_of_hidden_objects_are_not_searched(self):
        """Every lookup of a name, and the search: letter by letter it would give the name away."""
        admin = User.objects.create_superuser('admin')
        for filterset in self.filtersets():
            own = filterset._meta.model
            for name, found in self.filters(filterset).items():
                if not isinstance(found, RelatedTextFilter):
                    continue
                *steps, (_model, text) = relations(own, found.field_name)
                target = steps[-1][1].related_model
                value = {'isw': 'Hidden', 'nisw': 'Hidden', 'regex': '^Hid', 'iregex': '^hid'}.get(
                    name.rpartition('__')[2], target.objects.values_list(text.name, flat=True)[0]
                )
                with self.subTest(filterset=filterset.__name__, filter=name):
                    params = {name: [value]}
                    unlike = self.ask(filterset, admin, params) != self.ask(filterset, admin, {name: ['xyzzy']})
                    self.assertTrue(unlike, 'nothing in this world is found by it')
                    for _model, step in steps:
                        user = self.viewer(step.related_model)
                        self.assertEqual(
                            self.ask(filterset, user, params), self.ask(filterset, user, {name: ['xyzzy']})
                        )

    def test_the_search_finds_nothing_by_hidden_objects(self):
        admin, found = User.objects.create_superuser('admin'), 0
        for filterset in self.filtersets():
            if 'q' not in self.filters(filterset):
                continue
            own = filterset._meta.model
            blind = self.viewer(*({Device, VirtualMachine, Manufacturer, IPAddress, *MODELS} - {own}))
            for text in ('hidden-device', 'hidden-vm', 'Hidden', '192.0.2.7'):
                with self.subTest(filterset=filterset.__name__, q=text):
                    by_itself = self.ask(filterset, blind, {'q': text})[1]
                    found += self.ask(filterset, admin, {'q': text})[1] != by_itself
                    # What its own columns say, and nothing more
                    for row in own.objects.filter(pk__in=by_itself).values():
                        self.assertIn(text.lower(), ' '.join(map(str, row.values())).lower())
        self.assertGreater(found, 8)

    def test_what_a_hidden_object_makes_of_a_zone_or_an_address(self):
        for filterset, params, hidden in (
            (filtersets.RequiredFlowFilterSet, {'zone': ['management']}, models.RemoteEndpoint),
            (filtersets.RequiredFlowFilterSet, {'remote_ip': ['198.51.100.7']}, IPAddress),
            (filtersets.RequiredFlowFilterSet, {'remote_ip': ['198.51.100.7']}, models.RemoteEndpoint),
            (filtersets.RequiredFlowFilterSet, {'remote_ip': ['198.51.101.9']}, Prefix),
            (filtersets.RemoteEndpointFilterSet, {'remote_ip': ['198.51.101.9']}, Prefix),
            (filtersets.RemoteEndpointFilterSet, {'remote_ip': ['198.51.102.5']}, IPRange),
            (filtersets.EnforcementPointFilterSet, {'zone': ['management']}, models.EnforcementZone),
            (filtersets.GatewayFilterSet, {'zone': ['dmz']}, models.GatewayAddress),
            (filtersets.FlowTemplateFilterSet, {'port': ['4711']}, models.GatewayService),
        ):
            with self.subTest(filterset=filterset.__name__, hidden=hidden.__name__, **params):
                self.assertTrue(self.ask(filterset, User(is_superuser=True, is_active=True), params)[1])
                self.assertEqual(self.ask(filterset, self.viewer(hidden), params)[1], [])


class RestMatrix(World):
    def rest(self, user, method, model, pk=None, data=None, query=''):
        name = f'plugins-api:netbox_gwports-api:{model._meta.model_name}-{"detail" if pk else "list"}'
        client = APIClient()
        client.force_login(user)
        url = reverse(name, kwargs={'pk': pk} if pk else None)
        answer = getattr(client, method)(f'{url}{query}', data, format='json')
        self.assertLess(answer.status_code, 500, answer.content[:300])
        return answer

    def fields(self, model):
        """(name, field) of every field of another object or list of them."""
        serializer = get_serializer_for_model(model)()
        for name, field in serializer.get_fields().items():
            one = isinstance(field, (BaseSerializer, RelatedObjectField)) and not isinstance(field, ListSerializer)
            if name not in NETBOX_FIELDS and (one or isinstance(field, (ManyRelatedField, ListSerializer))):
                yield name, field

    def test_every_relation_has_the_shared_field(self):
        for model in MODELS:
            for name, field in self.fields(model):
                with self.subTest(model=model.__name__, field=name):
                    if isinstance(field, (ManyRelatedField, ListSerializer)):
                        self.assertIsInstance(field, OnlyVisibleMixin)
                    elif not field.read_only:
                        self.assertIsInstance(field, RelatedObjectField)

    def lists(self):
        for model in MODELS:
            for name, field in self.fields(model):
                if isinstance(field, OnlyVisibleMixin):
                    yield model, name, field

    def test_lists_show_what_may_be_seen_and_count_the_rest(self):
        for model, name, _field in self.lists():
            target = model._meta.get_field(name).related_model
            owner = model.objects.filter(**{f'{name}__isnull': False}).first()
            member = getattr(owner, name).first()
            user = self.viewer(target)
            for query in ('', f'?fields=id,{name},hidden_members', '?fields=id,hidden_members', '?brief=1'):
                for pk in (owner.pk, None):
                    with self.subTest(model=model.__name__, field=name, query=query, detail=bool(pk)):
                        answer = self.rest(user, 'get', model, pk, query=query).json()
                        found = answer if pk else next(r for r in answer['results'] if r['id'] == owner.pk)
                        if name in found:
                            self.assertEqual(found[name], [])
                        self.assertEqual('hidden_members' in found, 'brief' not in query)
                        if 'hidden_members' in found:
                            self.assertEqual(found['hidden_members'][name], getattr(owner, name).count())
                        all_of_it = self.rest(self.viewer(), 'get', model, owner.pk).json()
                        self.assertIn(member.pk, [entry['id'] for entry in all_of_it[name]])

    def test_hidden_members_stay_and_are_not_added(self):
        for model, name, field in self.lists():
            if isinstance(field, MemberList):
                continue
            target = model._meta.get_field(name).related_model
            owner = model.objects.filter(**{f'{name}__isnull': False}).first()
            before = {*getattr(owner, name).values_list('pk', flat=True)}
            user = self.viewer(target)
            with self.subTest(model=model.__name__, field=name):
                hidden = self.rest(user, 'patch', model, owner.pk, {name: [min(before)]})
                missing = self.rest(user, 'patch', model, owner.pk, {name: [ABSENT]})
                self.assertEqual(hidden.status_code, 400)
                self.assertEqual(
                    hidden.content.replace(str(min(before)).encode(), b'?'),
                    missing.content.replace(str(ABSENT).encode(), b'?'),
                )
                # Scopes refuse a list that is not theirs, whoever asks
                self.assertIn(self.rest(user, 'patch', model, owner.pk, {name: []}).status_code, (200, 400))
                self.assertEqual({*getattr(owner, name).values_list('pk', flat=True)}, before)

    def test_hidden_objects_cannot_be_named(self):
        for model in MODELS:
            for name, field in self.fields(model):
                if field.read_only or isinstance(field, (ManyRelatedField, ListSerializer)):
                    continue
                target = model._meta.get_field(name).related_model
                # A new object, since naming again what is named already changes nothing
                owner = model.objects.filter(**{f'{name}__isnull': False}).first() or model.objects.first()
                other = self.another(target, getattr(owner, name))
                user = self.viewer(target, own=model)
                with self.subTest(model=model.__name__, field=name):
                    asks = [(other.pk, ABSENT), ({'id': other.pk}, {'id': ABSENT})]
                    if hasattr(other, 'name'):
                        asks.append(({'name': other.name}, {'name': 'xyzzy'}))
                    for sent, absent in asks:
                        hidden = self.rest(user, 'patch', model, owner.pk, {name: sent})
                        missing = self.rest(user, 'patch', model, owner.pk, {name: absent})
                        self.assertEqual((hidden.status_code, missing.status_code), (400, 400))
                        self.assertEqual(
                            str(hidden.json()).replace(str(sent), '?'), str(missing.json()).replace(str(absent), '?')
                        )
                    if getattr(owner, name):
                        same = self.rest(user, 'patch', model, owner.pk, {name: getattr(owner, name).pk})
                        if model is models.GatewayProfile:
                            # Its file is read again, and has no catalog: nothing else is wrong with the request
                            self.assertEqual((same.status_code, [*same.json()]), (400, ['data_file']))
                            self.assertIn('The file is empty', same.json()['data_file'][0])
                        else:
                            self.assertEqual(same.status_code, 200, same.content)

    def another(self, target, current):
        """An object that the viewers cannot see, other than the current one."""
        make = {
            Device: factories.device,
            VirtualMachine: factories.virtual_machine,
            models.GatewayProfile: factories.profile,
            Tenant: lambda: Tenant.objects.create(name='Other', slug='other'),
            IPAddress: lambda: factories.ip('192.0.2.200/24'),
            VRF: lambda: VRF.objects.create(name='Other VRF'),
            Manufacturer: lambda: factories.manufacturer('Other maker'),
            models.Gateway: factories.gateway,
            models.GatewayGroup: lambda: factories.group('Other group'),
            models.GatewayService: lambda: factories.service(factories.profile(), 'Other service'),
            models.RemoteRole: lambda: factories.role('other-role'),
            # By its name it is hidden from who may view other features
            models.ProfileFeature: lambda: factories.feature(factories.profile(), 'Hidden parent'),
            DataFile: self.data_file,
        }
        others = target.objects.exclude(pk=current.pk if current else None)
        if target is models.ProfileFeature:
            others = others.filter(name='Hidden parent')
        return others.first() or make[target]()

    def data_file(self):
        return DataFile.objects.create(
            source=DataSource.objects.get(), path='b.yaml', size=0, hash='0' * 64, last_updated='2026-01-01T00:00Z'
        )

    def test_uniqueness_does_not_tell_of_a_hidden_gateway(self):
        flow = models.RequiredFlow.objects.exclude(template=None).first()
        other = models.Gateway.objects.exclude(pk=flow.gateway_id).get()
        if not other.flows.filter(template=flow.template).exists():
            models.RequiredFlow.objects.create(
                gateway=other, template=flow.template, name='x', ports=['tcp/1'], remote_role=flow.remote_role
            )
        user = self.viewer(models.Gateway)
        hidden = self.rest(user, 'patch', models.RequiredFlow, flow.pk, {'gateway': other.pk}).json()
        missing = self.rest(user, 'patch', models.RequiredFlow, flow.pk, {'gateway': ABSENT}).json()
        self.assertEqual(str(hidden).replace(str(other.pk), '?'), str(missing).replace(str(ABSENT), '?'))

    def test_lists_are_not_sorted_by_hidden_objects(self):
        for model, name, _field in self.lists():
            with self.subTest(model=model.__name__, field=name):
                one, other = (
                    [row['id'] for row in self.rest(self.viewer(), 'get', model, query=query).json()['results']]
                    for query in ('', f'?ordering=-{name}')
                )
                self.assertEqual(one, other)

    def test_tables_are_not_sorted_by_lists(self):
        """The order of the rows would tell of members that are not shown."""
        checked = 0
        for model in MODELS:
            table = getattr(tables, f'{model.__name__}Table')(model.objects.none())
            for relation in model._meta.get_fields():
                if not (relation.many_to_many or relation.one_to_many) or relation.name not in table.columns.names():
                    continue
                if relation.name not in TAGS:
                    checked += 1
                    with self.subTest(model=model.__name__, column=relation.name):
                        self.assertFalse(table.columns[relation.name].orderable)
        self.assertGreater(checked, 8)

    def test_tables_and_their_csv(self):
        for model, name, field in self.lists():
            if isinstance(field, MemberList):
                continue
            target = model._meta.get_field(name).related_model
            owner = model.objects.filter(**{f'{name}__isnull': False}).first()
            text = str(getattr(owner, name).first())
            client = APIClient()
            for query in (f'?export=table&include_columns={name}', '?export=table', '?export'):
                with self.subTest(model=model.__name__, field=name, query=query):
                    url = reverse(f'plugins:netbox_gwports:{model._meta.model_name}_list')
                    client.force_login(self.viewer(target))
                    answer = client.get(url + query)
                    content = b''.join(answer) if answer.streaming else answer.content
                    self.assertEqual(answer.status_code, 200)
                    # A gateway is shown by the name of its machine
                    header, *rows = csv.reader(content.decode('utf-8-sig').splitlines())
                    shown = [
                        cell for row in rows for of, cell in zip(header, row, strict=True) if of.lower() != 'gateways'
                    ]
                    if target is Device or 'Hidden' in text and name not in ('gateways',):
                        self.assertNotIn(text, ' '.join(shown))


class GraphQLMatrix(World):
    def graphql(self, user, query):
        client = APIClient()
        client.force_login(user)
        answer = client.post(reverse('graphql'), {'query': query}, format='json').json()
        self.assertNotIn('errors', answer, query)
        return answer['data']

    def root(self, model):
        return f'gwports_{re.sub("[ -]", "_", str(model._meta.verbose_name))}_list'

    def relation_fields(self):
        """(model, field, relation) of every field of a filter that names a relation."""
        for model in MODELS:
            definition = getattr(graphql_filters, f'{model.__name__}Filter').__strawberry_definition__
            names = {f.name: f for f in model._meta.get_fields() if f.is_relation}
            for field in definition.fields:
                relation = names.get(field.python_name.removesuffix('_id'))
                own = {*NETBOX_FIELDS, 'journal_entries', 'changelog'}
                if relation is not None and relation.name not in own:
                    yield model, field, relation

    def test_every_filter_of_a_relation_is_the_shared_one(self):
        for model, field, _relation in self.relation_fields():
            with self.subTest(model=model.__name__, field=field.python_name):
                self.assertIsInstance(field, FilterOrderField)
                self.assertTrue(field.base_resolver and 'related_' in field.base_resolver.wrapped_func.__qualname__)

    def test_filters_see_nothing_hidden(self):
        admin, asked = User.objects.create_superuser('admin'), 0
        for model, field, relation in self.relation_fields():
            target = relation.related_model
            if target is model or field.python_name == 'contacts':
                continue
            owner = model.objects.filter(**{f'{relation.name}__isnull': False}).first()
            value = getattr(owner, relation.get_accessor_name() if relation.auto_created else relation.name)
            pk = (value if hasattr(value, 'pk') else value.first()).pk
            text = f'"{pk}"' if field.python_name.endswith('_id') else f'{{id: {{exact: "{pk}"}}}}'
            root = self.root(model)
            query = f'{{{root}(filters: {{{field.python_name}: {text}}}) {{id}}}}'
            with self.subTest(model=model.__name__, field=field.python_name):
                self.assertTrue(self.graphql(admin, query)[root])
                self.assertEqual(self.graphql(self.viewer(target), query)[root], [])
                negated = f'{{{root}(filters: {{NOT: {{{field.python_name}: {text}}}}}) {{id}}}}'
                self.assertEqual(len(self.graphql(self.viewer(target), negated)[root]), model.objects.count())
                asked += 1
        self.assertGreater(asked, 50)

    def test_lists_show_nothing_hidden(self):
        for model in MODELS:
            shown = {f.python_name for f in getattr(types, f'{model.__name__}Type').__strawberry_definition__.fields}
            for relation in model._meta.get_fields():
                if not (relation.many_to_many or relation.one_to_many) or relation.related_model is model:
                    continue
                name = relation.get_accessor_name() if relation.auto_created else relation.name
                if name not in shown - {*NETBOX_FIELDS, 'journal_entries', 'contacts'}:
                    continue
                root = self.root(model)
                with self.subTest(model=model.__name__, relation=name):
                    query = f'{{{root} {{id {name} {{id}}}}}}'
                    self.assertTrue(any(row[name] for row in self.graphql(self.viewer(), query)[root]))
                    found = self.graphql(self.viewer(relation.related_model), query)[root]
                    self.assertTrue(found)
                    self.assertEqual([row for row in found if row[name]], [])
