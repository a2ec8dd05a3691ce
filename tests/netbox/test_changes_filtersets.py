from django.test import TestCase
from users.models import User

from netbox_gwports import changes, filtersets
from netbox_gwports.changes.sign import Signature
from netbox_gwports.models import ChangeLine, ChangeRequest, SignOff

from . import factories
from .base import FilterSetTests
from .test_changes import Site


class World(Site):
    """Two gateways: DNS of the first is implemented on the outer firewall, the same of the second is a draft."""

    @classmethod
    def setUpTestData(cls):
        site = cls()
        site.make()
        for name in ('gateway', 'outer', 'inner', 'asking', 'approving', 'server'):
            setattr(cls, name, getattr(site, name))
        group = factories.group()
        host = factories.virtual_machine('gw2', factories.site('South'))
        factories.ip('192.0.2.20/24', host, primary=True)
        cls.other = factories.gateway(site.profile, host, group=group)
        factories.flow(cls.other, site.role, 'DNS', 'Names', ['udp/53'])
        cls.first = changes.draft([cls.gateway], cls.asking, title='DNS', ticket='CHG1', valid_until='2030-01-01')
        changes.submit(cls.first.pk, Signature(cls.asking))
        changes.approve(cls.first.pk, Signature(cls.approving, note='Checked'))
        changes.implement(cls.first.pk, Signature(cls.asking, origin='automation'), cls.outer)
        cls.second = changes.draft(
            [cls.other], cls.asking, title='More DNS', ticket='CHG2', emergency=True, reason='Now'
        )
        cls.third = ChangeRequest.objects.create(title='Empty', description='Nothing yet')
        cls.line, cls.other_line = ChangeLine.objects.order_by('pk')
        changes.review(cls.gateway.pk, Signature(cls.approving))


class ChangeRequestTest(FilterSetTests, World, TestCase):
    queryset = ChangeRequest.objects.order_by('pk')
    filterset = filtersets.ChangeRequestFilterSet

    def test_filters(self):
        for params, titles in (
            ({'q': 'chg'}, ['DNS', 'More DNS']),
            ({'q': 'now'}, ['More DNS']),
            ({'q': 'nothing'}, ['Empty']),
            ({'q': self.line.rule_key}, ['DNS']),
            ({'q': 'gw2'}, ['More DNS']),
            ({'title': ['DNS']}, ['DNS']),
            ({'ticket': ['CHG2']}, ['More DNS']),
            ({'ticket__isw': ['CHG']}, ['DNS', 'More DNS']),
            ({'status': ['approved']}, ['DNS']),
            ({'status': ['approved', 'draft']}, ['DNS', 'More DNS', 'Empty']),
            ({'emergency': True}, ['More DNS']),
            ({'valid_until__lte': ['2030-01-01']}, ['DNS']),
            ({'valid_until__lte': ['2029-12-31']}, []),
            ({'reason': 'Now'}, ['More DNS']),
            ({'gateway_id': [self.gateway.pk]}, ['DNS']),
            ({'gateway_id': [self.gateway.pk, self.other.pk]}, ['DNS', 'More DNS']),
            ({'device_id': [self.gateway.device_id]}, ['DNS']),
            ({'virtual_machine_id': [self.other.virtual_machine_id]}, ['More DNS']),
            ({'group_id': [self.other.group_id]}, ['More DNS']),
            ({'group': ['group-1']}, ['More DNS']),
            ({'site': ['south']}, ['More DNS']),
            ({'site_id': [self.gateway.site.pk]}, ['DNS']),
            ({'enforcement_point_id': [self.outer.pk]}, ['DNS']),
            ({'enforcement_point_id': [self.inner.pk]}, []),
            ({'user_id': [self.approving.pk]}, ['DNS']),
            ({'user': ['asking']}, ['DNS']),
            ({'rule_key': [self.other_line.rule_key]}, ['More DNS']),
            ({'created__gte': ['2000-01-01T00:00:00Z']}, ['DNS', 'More DNS', 'Empty']),
            ({'created__lt': ['2000-01-01T00:00:00Z']}, []),
        ):
            with self.subTest(**params):
                found = self.filterset(params, self.queryset)
                self.assertEqual(found.errors, {})
                self.assertEqual([request.title for request in found.qs], titles)


class ChangeLineTest(World, TestCase):
    queryset = ChangeLine.objects.order_by('pk')
    filterset = filtersets.ChangeLineFilterSet

    def test_filters(self):
        both = [self.line, self.other_line]
        for params, lines in (
            ({'q': 'chg'}, both),
            ({'q': 'more'}, [self.other_line]),
            ({'q': self.line.rule_key}, [self.line]),
            ({'q': 'gw1'}, [self.line]),
            ({'id': [self.line.pk]}, [self.line]),
            ({'change_request_id': [self.second.pk]}, [self.other_line]),
            ({'ticket': ['CHG1']}, [self.line]),
            ({'status': ['draft']}, [self.other_line]),
            ({'gateway_id': [self.gateway.pk]}, [self.line]),
            ({'gateway_name': ['gw2']}, [self.other_line]),
            ({'group_id': [self.other.group_id]}, [self.other_line]),
            ({'group': ['group-1']}, [self.other_line]),
            ({'site': ['south']}, [self.other_line]),
            ({'site_id': [self.gateway.site.pk]}, [self.line]),
            ({'action': ['open']}, both),
            ({'action': ['close']}, []),
            ({'direction': ['outbound']}, both),
            ({'direction': ['inbound']}, []),
            ({'zone': ['internal']}, both),
            ({'zone': ['internet']}, []),
            ({'rule_key': [self.line.rule_key]}, [self.line]),
        ):
            with self.subTest(**params):
                found = self.filterset(params, self.queryset)
                self.assertEqual(found.errors, {})
                self.assertEqual(list(found.qs), lines)


class SignOffTest(World, TestCase):
    queryset = SignOff.objects.all()
    filterset = filtersets.SignOffFilterSet

    def test_filters(self):
        every = ['requested', 'approved', 'implemented', 'reviewed']
        for params, kinds in (
            ({'q': 'checked'}, ['approved']),
            ({'q': 'fw-outer'}, ['implemented']),
            ({'q': 'asking'}, ['requested', 'implemented']),
            ({'q': 'chg1'}, every[:3]),
            ({'q': 'gw1'}, ['reviewed']),
            ({'kind': ['approved', 'reviewed']}, ['approved', 'reviewed']),
            ({'change_request_id': [self.first.pk]}, every[:3]),
            ({'ticket': ['CHG1']}, every[:3]),
            ({'ticket': ['CHG2']}, []),
            ({'gateway_id': [self.gateway.pk]}, every),
            ({'gateway_id': [self.other.pk]}, []),
            ({'gateway_name': ['gw1']}, ['reviewed']),
            ({'enforcement_point_id': [self.outer.pk]}, ['implemented']),
            ({'enforcement_point_id': [self.inner.pk]}, []),
            ({'enforcement_point_name': ['fw-outer']}, ['implemented']),
            ({'line_id': [self.line.pk]}, ['implemented']),
            ({'line_id': [self.other_line.pk]}, []),
            ({'user_id': [self.approving.pk]}, ['approved', 'reviewed']),
            ({'user': ['asking']}, ['requested', 'implemented']),
            ({'user_name': ['approving']}, ['approved', 'reviewed']),
            ({'origin': ['automation']}, ['implemented']),
            ({'valid_until': ['2030-01-01']}, ['requested', 'approved']),
            ({'note': 'Checked'}, ['approved']),
            ({'digest': [SignOff.objects.last().digest]}, ['reviewed']),
            ({'time__gte': ['2000-01-01T00:00:00Z']}, every),
            ({'time__lt': ['2000-01-01T00:00:00Z']}, []),
        ):
            with self.subTest(**params):
                found = self.filterset(params, self.queryset)
                self.assertEqual(found.errors, {})
                self.assertEqual([sign_off.kind for sign_off in found.qs], kinds)

    def test_what_the_user_may_not_view_does_not_show(self):
        """Neither the line nor the gateway behind a sign-off is told by a filter."""
        user = User.objects.create_user('limited')
        factories.allow(user, SignOff, 'view')
        request = type('Request', (), {'user': user})
        for params in ({'line_id': [self.line.pk]}, {'gateway_id': [self.gateway.pk]}, {'user': ['asking']}):
            with self.subTest(**params):
                found = self.filterset(params, self.queryset, request=request)
                self.assertEqual((found.is_valid(), list(found.qs)), (False, []))
        self.assertEqual(list(self.filterset({'q': 'chg1'}, self.queryset, request=request).qs), [])
