"""The roles of docs/permissions.md, made as the page says, may do what it says and nothing more."""

import re
from pathlib import Path

from django.test import TestCase
from django.urls import reverse
from users.models import Group, ObjectPermission, Token, User

from demo import data
from netbox_gwports import changes
from netbox_gwports.catalog.files import bundled
from netbox_gwports.models import Gateway, GatewayProfile, RequiredFlow

from . import factories

PAGE = (Path(__file__).parents[2] / 'docs' / 'permissions.md').read_text(encoding='utf-8')
(BLOCK,) = re.findall(r'^```python\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)
API = '/api/plugins/gwports'


class RoleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        data.load(None)
        # Twice, as the page says
        for _ in range(2):
            exec(compile(BLOCK, 'docs/permissions.md', 'exec'), {})  # noqa: S102
        cls.gateway = Gateway.objects.get(device__name='seg02')
        cls.flow = cls.gateway.flows.filter(status='required').first()
        cls.headers = {}
        for group in Group.objects.all():
            user = User.objects.create(username=group.name)
            user.groups.add(group)
            token = Token.objects.create(user=user, version=2)
            cls.headers[group.name.removeprefix('gwports ')] = {
                'HTTP_AUTHORIZATION': f'Bearer nbt_{token.key}.{token.token}'
            }

    def status(self, role, method, path, body=None):
        arguments = {'data': body, 'content_type': 'application/json'} if body is not None else {}
        return getattr(self.client, method)(f'{API}/{path}', **arguments, **self.headers[role]).status_code

    def test_no_permission_twice(self):
        roles = {}
        exec(compile(BLOCK, 'docs/permissions.md', 'exec'), roles)  # noqa: S102
        self.assertEqual(ObjectPermission.objects.count(), sum(map(len, roles['ROLES'].values())))
        self.assertEqual(len(self.headers), 6)

    def test_every_reader_of_rules_sees_all_of_them(self):
        for role in ('reader', 'engineer', 'firewall team', 'automation', 'auditor'):
            with self.subTest(role):
                found = self.client.get(f'{API}/requirements/?device=seg02', **self.headers[role]).json()['results'][0]
                self.assertEqual((found['hidden'], len(found['rules'])), (0, 36))
                point = self.client.get(f'{API}/enforcement-points/?device=outer-fw', **self.headers[role]).json()
                export = self.client.get(
                    f'{API}/enforcement-points/{point["results"][0]["id"]}/export/', **self.headers[role]
                )
                self.assertEqual(export.status_code, 200)
                self.assertEqual(export['X-Gwports-Hidden'], '0')
                self.assertNotEqual(export['X-Gwports-Rendered'], '0')
        self.assertEqual(self.status('catalog author', 'get', 'required-flows/'), 403)

    def test_who_decides_about_a_flow(self):
        # From required to waived and to rejected, from rejected to required
        expected = {
            'reader': (403, 403, 403),
            'engineer': (200, 403, 404),
            'firewall team': (403, 200, 200),
            'automation': (403, 403, 403),
            'auditor': (403, 403, 403),
            'catalog author': (403, 403, 403),
        }
        steps = (('required', 'waived'), ('required', 'rejected'), ('rejected', 'required'))
        for role, answers in expected.items():
            for (before, after), answer in zip(steps, answers, strict=True):
                RequiredFlow.objects.filter(pk=self.flow.pk).update(status=before, justification='Old')
                with self.subTest(role=role, before=before, after=after):
                    data = {'status': after, 'justification': 'New'}
                    found = self.status(role, 'patch', f'required-flows/{self.flow.pk}/', data)
                    self.assertEqual(found, answer)

    def test_who_changes_gateways_and_firewalls(self):
        group = self.gateway.group_id
        for role in self.headers:
            with self.subTest(role):
                may = 200 if role == 'engineer' else 403
                found = self.status(role, 'patch', f'gateways/{self.gateway.pk}/', {'group': group})
                self.assertEqual(found, may)
                found = self.status(role, 'post', f'gateways/{self.gateway.pk}/reconcile/', {})
                self.assertEqual(found, may)
                point = self.gateway.group.enforcement_points.first()
                found = self.status(role, 'patch', f'enforcement-points/{point.pk}/', {'description': 'x'})
                self.assertEqual(found, 200 if role == 'firewall team' else 403)

    def test_who_takes_which_step_of_a_change_request(self):
        admin = User.objects.create_superuser('admin')
        request = changes.draft([self.gateway], admin, title='Rules')
        expected = {'submit': 'engineer', 'approve': 'firewall team', 'implement': 'firewall team'}
        for step, allowed in expected.items():
            address = reverse(f'plugins:netbox_gwports:changerequest_{step}', args=[request.pk])
            data = {'digest': changes.request_digest(request, request.lines.order_by('pk')), 'firewall': 'all'}
            for role in sorted(self.headers, key=lambda role: role == allowed):
                with self.subTest(role=role, step=step):
                    self.client.force_login(User.objects.get(username=f'gwports {role}'))
                    answer = self.client.post(address, data).status_code
                    signed = {'submit': 'requested', 'approve': 'approved', 'implement': 'implemented'}[step]
                    self.assertEqual(request.sign_offs.filter(kind=signed).exists(), role == allowed)
                    self.assertEqual(answer == 302, role == allowed)
        self.client.logout()

    def test_who_loads_catalogs(self):
        for role in self.headers:
            for name in ('clearswift-seg-5.7', 'proxmox-mail-gateway-09e283f2'):
                with self.subTest(role=role, catalog=name):
                    answer = self.client.post(
                        f'{API}/gateway-profiles/import/',
                        data=bundled()[name].read_bytes(),
                        content_type='application/yaml',
                        **self.headers[role],
                    )
                    may = role == 'catalog author' and name.startswith('clearswift')
                    self.assertEqual(answer.status_code in (200, 201), may, answer.content[:300])
        self.assertEqual(GatewayProfile.objects.filter(version='5.7').count(), 1)

    def test_the_auditor_reads_the_change_log(self):
        factories.device('other')
        for role in self.headers:
            answer = self.client.get('/api/core/object-changes/', **self.headers[role])
            self.assertEqual(answer.status_code, 200 if role == 'auditor' else 403, role)
