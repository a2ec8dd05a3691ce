"""Whatever is sent, the answer is what is wrong with it and where: over all text fields, relations and filters."""

import contextlib
import csv
import io
import json
from itertools import cycle
from types import SimpleNamespace
from unittest import mock
from urllib.parse import urlencode

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.db import models as fields
from django.http import QueryDict
from django.test import TestCase
from django.urls import resolve, reverse
from rest_framework import serializers
from rest_framework.relations import ManyRelatedField
from rest_framework.serializers import ListSerializer
from rest_framework.test import APIClient
from users.models import User
from utilities.api import get_serializer_for_model

from netbox_gwports import filtersets, models
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.choices import EndpointScopeChoices
from netbox_gwports.forms.imports.fields import exported
from netbox_gwports.loading.loader import load, parse

from .test_catalog_import import SMALL
from .test_related_visibility import MODELS, World

# NUL, bell, escape, right-to-left override and isolate, separator of lines, half of a character
REFUSED = ('a\0b', 'a\x07b', 'a\x1bb', 'a\u202eb', 'a\u2067b', 'a\u2028b', 'a\ud800b')
# Any text of people: it is escaped where it is written
TAKEN = ('<script>alert(1)</script>', '"quoted" \'text\'', '`$(id)`; -- */ #', '=1+1', '{{ 7*7 }}', 'ä€漢🙂')
WRONG = ('AAA', '', ' ', -1, 0, 10**30, 1.5, float('1e300'), True, None, [], ['a'], {}, {'a': 1}, 'a\0b', 'a\ud800b')
LOOKUPS = ('exact', 'i_contains', 'regex')
WRONG_QUERIES = (
    f'id={"9" * 30}',
    'id=AAA',
    'q=a%00b',
    'q=xyzzy%ED%A0%80',
    'q=%FF(',
    'created=AAA',
    'created__gte=99999-01-01',
    'last_updated=%00',
    'tag=a%00b',
    'modified_by_request=AAA',
    'nonsense=1',
    'id__nonsense=1',
)


# Names that go into a firewall as they are, and names of formats
RESTRICTED = {
    'EnforcementPoint': {'gateway_zone', 'gateway_interface', 'format_name'},
    'EnforcementZone': {'name', 'interface', 'gateway_zone', 'gateway_interface'},
}
# Lines and sign-offs are written by steps of a change request only
WRITTEN = [model for model in MODELS if model not in (models.ChangeLine, models.SignOff)]
# The lines of a change request come from rules
IMPORTED = [model for model in WRITTEN if model is not models.ChangeRequest]


def text_fields(model):
    for field in model._meta.concrete_fields:
        kind = isinstance(field, (fields.CharField, fields.TextField)) and not isinstance(field, fields.SlugField)
        if kind and not field.choices and field.editable and not isinstance(field, fields.URLField):
            yield field.name


def lists_of_text(model):
    return [field.name for field in model._meta.concrete_fields if isinstance(field, ArrayField) and field.editable]


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

    def one(self, model):
        # One that is bound to a file takes its texts from there
        return model.objects.exclude(**{'data_file__isnull': False} if model is models.GatewayProfile else {}).first()

    def texts(self, model, text, names=None):
        """Field -> this text, for all fields of texts and of lists of texts."""
        fields = {*text_fields(model), *lists_of_text(model)}
        return {
            name: [text] if name in lists_of_text(model) else text
            for name in fields & {*(fields if names is None else names)}
        }

    def test_text_by_rest(self):
        for model in WRITTEN:
            obj = self.one(model)
            names = get_serializer_for_model(model)().get_fields()
            for text in REFUSED:
                for of_kind in (text_fields(model), lists_of_text(model)):
                    sent = self.texts(model, text, {*names} & {*of_kind})
                    if not sent:
                        continue
                    with self.subTest(model=model.__name__, text=ascii(text), fields=[*sent]):
                        answer = self.send('patch', model, obj.pk, sent)
                        self.assertEqual((answer.status_code, {*answer.json()}), (400, {*sent}))
            for text in TAKEN:
                restricted = {*RESTRICTED.get(model.__name__, ()), *lists_of_text(model)}
                sent = self.texts(model, text, {*names} - restricted)
                with self.subTest(model=model.__name__, text=text):
                    answer = self.send('patch', model, obj.pk, sent)
                    self.assertEqual(answer.status_code, 200, answer.content[:300])
                    self.assertEqual({name: answer.json()[name] for name in sent}, sent)

    def test_half_a_character_anywhere_in_a_request(self):
        """It cannot be encoded, neither for the database nor for an answer that repeats it."""
        half = 'a\ud800b'
        for model in WRITTEN:
            obj = self.one(model)
            names = [n for n, f in get_serializer_for_model(model)().get_fields().items() if not f.read_only]
            for value in (half, [half], {half: 1}, {'id': half}, [{'a': [half]}]):
                with self.subTest(model=model.__name__, value=ascii(value)):
                    answer = self.send('patch', model, obj.pk, dict.fromkeys(names, value))
                    self.assertEqual((answer.status_code, {*answer.json()}), (400, {*names}))
            answer = self.send('patch', model, obj.pk, {half: 1})
            self.assertEqual(answer.status_code, 400)
            url = reverse(f'plugins-api:netbox_gwports-api:{model._meta.model_name}-list')
            for method, body in (
                ('post', [{'name': half}]),
                ('patch', [{'id': half}]),
                ('delete', [{'id': half}]),
                ('post', half),
            ):
                with self.subTest(model=model.__name__, method=method, body=ascii(body)):
                    answer = getattr(self.client, method)(url, json.dumps(body), content_type='application/json')
                    self.assertEqual(answer.status_code, 400)
                    if isinstance(body, list):
                        (entry,) = answer.json()['errors']
                        self.assertEqual((entry['index'], [*entry['errors']]), (0, [*body[0]]))

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

    def test_text_by_form(self):
        for model in WRITTEN:
            url = reverse(f'plugins:netbox_gwports:{model._meta.model_name}_edit', args=[self.one(model).pk])
            # Django replaces what it cannot decode before anything here sees it
            for text in REFUSED[:-1]:
                with self.subTest(model=model.__name__, text=ascii(text)):
                    page = self.client.post(url, dict.fromkeys(text_fields(model), text))
                    self.assertEqual(page.status_code, 200)
                    form = page.context['form']
                    self.assertLessEqual({*text_fields(model)} & {*form.fields}, {*form.errors})

    def test_text_by_csv(self):
        for model in IMPORTED:
            obj = self.one(model)
            name = model._meta.model_name
            view = resolve(reverse(f'plugins:netbox_gwports:{name}_bulk_import')).func.view_class
            fields = view.model_form().fields
            names = {*text_fields(model)} & {*fields}
            row = {key: exported(obj, key, field) for key, field in fields.items() if not key.startswith('_')}
            # The small world has lists that no scope names
            scopes = {*EndpointScopeChoices.values()}
            row = {'id': obj.pk, **{key: value for key, value in row.items() if value != '' and key not in scopes}}
            for key in scopes & {*fields}:
                getattr(obj, key).clear()
            # NetBox's import form itself fails for a NUL, for its own models too
            for text in (*REFUSED[1:-1], *TAKEN):
                sent = dict.fromkeys(names if text in REFUSED else names - RESTRICTED.get(model.__name__, set()), text)
                if not sent:
                    continue
                data = io.StringIO()
                csv.writer(data).writerows(zip(*{**row, **sent}.items(), strict=True))
                with self.subTest(model=model.__name__, text=ascii(text)), transaction.atomic():
                    page = self.client.post(
                        reverse(f'plugins:netbox_gwports:{name}_bulk_import'),
                        {'format': 'csv', 'csv_delimiter': ',', 'import_method': 'direct', 'data': data.getvalue()},
                    )
                    if text in REFUSED:
                        errors = str(page.context['form'].errors)
                        self.assertEqual([key for key in sent if f' {key}: ' not in errors], [], errors)
                    else:
                        self.assertEqual(page.status_code, 302, page.context and page.context['form'].errors)
                        obj.refresh_from_db()
                        self.assertEqual({key: getattr(obj, key) for key in sent}, sent)
                    transaction.set_rollback(True)

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

    def related_fields(self):
        """(object, name, serializer field, whether it is a list) of each related object that can be written."""
        for model in WRITTEN:
            obj = self.one(model)
            context = {'request': SimpleNamespace(user=self.admin, query_params=QueryDict(), method='PATCH')}
            serializer = get_serializer_for_model(model)(obj, context=context)
            for name, field in serializer.fields.items():
                one = getattr(field, 'child_relation', field)
                if not field.read_only and hasattr(one, 'serializer') and name != 'tags':
                    yield obj, name, one, isinstance(field, (ManyRelatedField, ListSerializer))

    def test_related_objects_by_wrong_values(self):
        for obj, name, _field, many in self.related_fields():
            for value in WRONG:
                if value is None or (not many and value == ''):
                    # No object, where that is allowed
                    continue
                with self.subTest(model=type(obj).__name__, field=name, value=ascii(value)):
                    answer = self.send('patch', type(obj), obj.pk, {name: [value] if many else value})
                    self.assertEqual((answer.status_code, [*answer.json()]), (400, [name]), answer.content[:300])

    def test_related_objects_by_wrong_attributes(self):
        asked, failed = 0, []
        for obj, name, field, _many in self.related_fields():
            columns = [f.name for f in field.serializer.Meta.model._meta.get_fields()]
            for column in (*columns, 'name__startswith', 'nonsense', 'pk', 'a\0b'):
                for value in ('AAA', 'a\0b', ['a'], {'a': 1}, {'id': {}}, 10**30, True, None, 1.5)[asked % 3 :: 3]:
                    asked += 1
                    try:
                        with contextlib.suppress(ValidationError, serializers.ValidationError), transaction.atomic():
                            self.assertIsInstance(field.run_validation({column: value}), field.serializer.Meta.model)
                    except Exception as e:
                        failed.append(f'{type(obj).__name__}.{name}: {column}={value!a}: {e!r}')
        self.assertEqual(failed, [])
        self.assertGreater(asked, 2000)

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

    def test_filters_by_wrong_values_in_rest_and_pages(self):
        for model in MODELS:
            for view in ('plugins-api:netbox_gwports-api:{}-list', 'plugins:netbox_gwports:{}_list'):
                if model is models.ChangeLine and 'api' not in view:
                    # Listed on the page of its change request
                    continue
                url = reverse(view.format(model._meta.model_name))
                for query in WRONG_QUERIES if 'api' in view else WRONG_QUERIES[:3]:
                    with self.subTest(url=url, query=query), transaction.atomic():
                        answer = self.client.get(f'{url}?{query}&limit=1')
                        self.assertIn(answer.status_code, (200, 400), query)
                        if answer.status_code == 200 and 'api' in view:
                            # What is not understood finds nothing
                            self.assertEqual(answer.json()['count'], 0, query)

    def test_wrong_values_in_graphql(self):
        """As for NetBox's own lists: answered, with an error or nothing found."""
        for model in MODELS:
            kind = f'{model.__name__}Filter'
            root = f'gwports_{model._meta.verbose_name.replace(" ", "_")}_list'
            query = f'query ($f: {kind}) {{{root}(filters: $f) {{id}}}}'
            values = ('a\0b', 'a\ud800b', '[', '\u202e', 10**30, {'a': 1}, ['a'])
            for name, lookup, value in zip(cycle(('id', 'description')), cycle(LOOKUPS), values):
                body = json.dumps({'query': query, 'variables': {'f': {name: {lookup: value}}}})
                with self.subTest(model=model.__name__, filter=name, lookup=lookup, value=ascii(value)):
                    with transaction.atomic():
                        answer = self.client.post(reverse('graphql'), body, content_type='application/json')
                        transaction.set_rollback(True)
                    self.assertEqual(answer.status_code, 200)
                    found = answer.json()
                    self.assertTrue('errors' in found or found.get('data', {}).get(root) == [], found)

    def test_an_unknown_filter_is_not_everything(self):
        url = reverse('plugins-api:netbox_gwports-api:requiredflow-list')
        answer = self.client.get(url, {'statuss': 'required'})
        self.assertEqual((answer.status_code, list(answer.json())), (400, ['statuss']))
        self.assertIn('status', answer.json()['statuss'][0])
        # Rules of all gateways would be as bad
        rules = reverse('plugins-api:netbox_gwports-api:requirement-list')
        answer = self.client.get(rules, {'gateway': 1})
        self.assertEqual(
            (answer.status_code, answer.json()), (400, {'gateway': ['Unknown filter. Did you mean gateway_id?']})
        )
        self.assertEqual(self.client.get(rules, {'gateway_id': 1, 'zone': 'dmz', 'limit': 1}).status_code, 200)
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
