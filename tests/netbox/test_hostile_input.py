"""Whatever is sent, the answer is what is wrong with it and where: over all text fields, relations and filters."""

import contextlib
import json
from types import SimpleNamespace
from unittest import mock
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db import models as fields
from django.http import QueryDict
from django.test import TestCase
from django.urls import reverse
from rest_framework.test import APIClient
from users.models import User

from netbox_gwports import filtersets, models
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.loading.loader import load, parse

from .test_catalog_import import SMALL
from .test_related_visibility import MODELS, World

# NUL, bell, escape, right-to-left override and isolate, separator of lines, half of a character
REFUSED = ('a\0b', 'a\x07b', 'a\x1bb', 'a\u202eb', 'a\u2067b', 'a\u2028b', 'a\ud800b')
# Any text of people: it is escaped where it is written
TAKEN = ('<script>alert(1)</script>', '"quoted" \'text\'', '`$(id)`; -- */ #', '=1+1', '{{ 7*7 }}', 'ä€漢🙂')
WRONG = ('AAA', '', ' ', -1, 0, 10**30, 1.5, float('1e300'), True, None, [], ['a'], {}, {'a': 1}, 'a\0b', 'a\ud800b')
WRONG_FILTERS = (('id', '9' * 30), ('q', 'a\0b'), ('q', '('), ('created', 'AAA'), ('description__regex', '['))


def text_fields(model):
    for field in model._meta.concrete_fields:
        kind = isinstance(field, (fields.CharField, fields.TextField)) and not isinstance(field, fields.SlugField)
        if kind and not field.choices and field.editable and not isinstance(field, fields.URLField):
            yield field.name


class HostileInput(World):
    def setUp(self):
        self.admin = User.objects.filter(username='admin').first() or User.objects.create_superuser('admin')
        self.client = APIClient(raise_request_exception=True)
        self.client.force_login(self.admin)

    def send(self, method, model, pk, data):
        url = reverse(f'plugins-api:netbox_gwports-api:{model._meta.model_name}-detail', kwargs={'pk': pk})
        # The database may refuse: the test's own transaction must survive it
        with transaction.atomic():
            answer = getattr(self.client, method)(url, json.dumps(data), content_type='application/json')
            transaction.set_rollback(True)
        return answer

    def test_text_by_the_model(self):
        """Forms and imports ask it: what it refuses is shown at its field."""
        for model in MODELS:
            for name in text_fields(model):
                obj = model.objects.first()
                for text in REFUSED:
                    setattr(obj, name, text)
                    with self.subTest(model=model.__name__, field=name, text=ascii(text)):
                        with self.assertRaises(ValidationError) as caught:
                            obj.full_clean()
                        self.assertIn(name, caught.exception.message_dict)

    def test_several_lines_where_there_is_room(self):
        flow = models.RequiredFlow.objects.first()
        flow.justification = flow.comments = 'one\r\n\ttwo\n'
        flow.full_clean()
        flow.description = 'one\ntwo'
        with self.assertRaises(ValidationError):
            flow.full_clean()

    def test_text_by_catalog(self):
        for text in REFUSED:
            for place in ('name: DNS,', 'purpose: Resolve names', 'name: DNS servers', 'name: Mail Gateway'):
                key, _, value = place.rstrip(',').partition(': ')
                document = SMALL.replace(place, f'{key}: {json.dumps(text)}' + (',' if place.endswith(',') else ''), 1)
                document = (
                    document.replace('service: DNS,', f'service: {json.dumps(text)},') if 'DNS,' in place else document
                )
                with self.subTest(text=ascii(text), place=place), self.assertRaises(CatalogError), transaction.atomic():
                    load(parse(document))

    def test_filters_by_wrong_values(self):
        for filterset in (getattr(filtersets, name) for name in filtersets.__all__):
            if filterset is filtersets.RequirementsFilterSet:
                continue
            model = filterset._meta.model
            request = SimpleNamespace(user=self.admin, GET=QueryDict(), query_params=QueryDict())
            for name, field in filterset.get_filters().items():
                for value in ('a\0b', '(', '[', '9' * 30, '-1', '\u202e', 'AAA'):
                    # Making all filters of a set for every question would take most of the time
                    with (
                        self.subTest(filterset=filterset.__name__, filter=name, value=ascii(value)),
                        mock.patch.object(filterset, 'get_filters', lambda one={name: field}: one),
                        transaction.atomic(),
                    ):
                        found = filterset(QueryDict(urlencode({name: value})), model.objects.all(), request=request)
                        if found.is_valid():
                            # REST answers 400 to what the database refuses
                            with contextlib.suppress(DataError), transaction.atomic():
                                list(found.qs[:1])

    def test_an_unknown_filter_is_not_everything(self):
        url = reverse('plugins-api:netbox_gwports-api:requiredflow-list')
        answer = self.client.get(url, {'statuss': 'required'})
        self.assertEqual((answer.status_code, list(answer.json())), (400, ['statuss']))
        self.assertIn('status', answer.json()['statuss'][0])
        known = {
            'status': 'required',
            'limit': 1,
            'offset': 0,
            'ordering': 'name',
            'fields': 'id',
            'q': 'a',
            'tag__n': 'x',
        }
        self.assertIn(self.client.get(url, known).status_code, (200, 400))
        self.assertEqual(self.client.get(url, {'status': 'required', 'limit': 1, 'brief': 1}).status_code, 200)


class ImportTests(TestCase):
    def setUp(self):
        self.client = APIClient()
        self.client.force_login(User.objects.create_superuser('admin'))

    def send(self, body, kind):
        url = reverse('plugins-api:netbox_gwports-api:gatewayprofile-import')
        return self.client.post(url, body, content_type=kind)

    def test_bodies_that_are_no_catalog(self):
        for kind in ('application/json', 'application/yaml', 'text/plain'):
            for body in (b'', b' ', b'null', b'[]', b'1', b'"a"', b'{', b'\xff\xfe', b'\0', b'{"a": NaN}', b'\x07'):
                with self.subTest(kind=kind, body=body):
                    answer = self.send(body, kind)
                    self.assertEqual(answer.status_code, 400)

    def test_what_cannot_be_read_has_a_place(self):
        for text, place in (
            ('format: 1\nname: a\x07b\n', 'line 2, column 8'),
            ('{"format": 1,\n "row": NaN}', 'line 2, column 9'),
            ('{"name": "NaN",\n "row": -Infinity}', 'line 2, column 9'),
            ('{"services": [{"name": "a\\u0007b"}]}', 'services[0].name'),
        ):
            with self.subTest(text=text), self.assertRaises(CatalogError) as caught:
                parse(text)
            self.assertIn(place, [problem.entry for problem in caught.exception.problems])
