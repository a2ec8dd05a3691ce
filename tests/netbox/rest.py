"""For tests that look at what REST and GraphQL answer: a client, permissions, and a product to ask about."""

from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from utilities.testing import APITestCase

from . import factories

__all__ = ('RestTests', 'product')


class RestTests(APITestCase):
    def setUp(self):
        super().setUp()
        self.user.is_superuser = True
        self.user.save()

    def allow(self, model, *actions, constraints=None):
        """The user is no superuser any more, and may do this."""
        self.user.is_superuser = False
        self.user.save()
        factories.allow(self.user, model, *actions, constraints=constraints)

    def allow_naming(self, *models):
        """The user may view these objects, and so name them."""
        for model in models:
            self.allow(model, 'view')

    def rest(self, method, path, data=None, expect=None):
        """The decoded answer; ``path`` below the plugin's root."""
        response = getattr(self.client, method)(f'/api/plugins/gwports/{path}', data, format='json', **self.header)
        self.assertHttpStatus(response, expect or {'post': 201, 'delete': 204}.get(method, 200))
        return response.json() if response.content else None

    def refused(self, method, path, data=None):
        """The decoded answer to a request that must not be accepted."""
        return self.rest(method, path, data, expect=400)

    def graphql(self, query):
        response = self.client.post(reverse('graphql'), {'query': query}, format='json', **self.header)
        self.assertHttpStatus(response, 200)
        answer = response.json()
        self.assertNotIn('errors', answer)
        return answer['data']

    def assertSameQueries(self, function, grow):
        """``function`` asks the database as often after ``grow`` as before it."""
        # The first call fills caches
        function()
        with CaptureQueriesContext(connection) as before:
            function()
        grow()
        with CaptureQueriesContext(connection) as after:
            function()
        self.assertEqual(len(after), len(before), '\n'.join(query['sql'][:200] for query in after))


def product(**values):
    """A profile with the features a (in use by default), child (of a) and b, and a template for each and for all."""
    profile = factories.profile(**values)
    a = factories.feature(profile, 'A', enabled_by_default=True)
    features = [None, a, factories.feature(profile, 'Child', parent=a), factories.feature(profile, 'B')]
    service = factories.service(profile, 'DNS', ['udp/53'], application_protocol='DNS')
    role = factories.role('dns-servers')
    templates = [factories.template(service, role, f'For {feature}', feature=feature) for feature in features]
    return SimpleNamespace(
        profile=profile, a=a, child=features[2], b=features[3], service=service, role=role, templates=templates
    )
