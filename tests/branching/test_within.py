"""Requests and jobs within a branch read and write there, with everything that follows from a change."""

import uuid

import pytest
from core.models import DataFile, DataSource
from django.apps import apps
from django.db import connection, router
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from ipam.models import IPAddress
from netbox_branching.constants import COOKIE_NAME
from netbox_branching.models import Branch
from netbox_branching.utilities import activate_branch
from users.models import Token
from utilities.request import copy_safe_request

from netbox_gwports.catalog.files import bundled
from netbox_gwports.changes.summary import refresh
from netbox_gwports.db import atomic, write_alias
from netbox_gwports.jobs import ReconcileJob
from netbox_gwports.loading.loader import load, parse
from netbox_gwports.models import (
    FlowTemplate,
    Gateway,
    GatewayProfile,
    RemoteEndpoint,
    RequiredFlow,
    StandingSummary,
)
from netbox_gwports.reconcile import reconcile
from netbox_gwports.replay import replaying
from netbox_gwports.viewer import visible_summaries

from ..netbox import factories as make
from .worlds import content, rules

LINKS = [
    model
    for model in apps.get_app_config('netbox_gwports').get_models(include_auto_created=True)
    if model._meta.auto_created
]


@pytest.mark.parametrize('link', LINKS, ids=lambda model: model._meta.object_name)
def test_link_tables_are_the_branch_s(link):
    branch = Branch(name='Not provisioned')
    with activate_branch(branch):
        assert router.db_for_read(link) == router.db_for_write(link) == branch.connection_name
        assert write_alias(Gateway) == atomic(Gateway).using == branch.connection_name
    assert router.db_for_read(link) == router.db_for_write(link) == 'default'


def test_exempt_models_stay_in_main_with_their_link_tables(settings):
    settings.PLUGINS_CONFIG['netbox_branching']['exempt_models'] = ['netbox_gwports.*']
    try:
        with activate_branch(Branch(name='Not provisioned')):
            assert {router.db_for_write(link) for link in LINKS} == {'default'}
    finally:
        settings.PLUGINS_CONFIG['netbox_branching']['exempt_models'] = []


def written(queries):
    """The tables of ours that these statements write."""
    statements = [query['sql'].lstrip('(').split() for query in queries]
    return [words for words in statements if words[0] in {'INSERT', 'UPDATE', 'DELETE'} and 'gwports' in words[2]]


def test_requests_write_in_the_branch_only(world):
    branch = world.branch()
    before = content(), rules()
    token = Token.objects.create(user=world.user, version=1)
    headers = {'HTTP_AUTHORIZATION': f'Token {token.token}', 'HTTP_X_NETBOX_BRANCH': branch.schema_id}
    url = f'/api/plugins/gwports/gateways/{world.gateway.pk}/'
    rest = Client()
    with activate_branch(branch):
        RequiredFlow.objects.filter(gateway=world.gateway, purpose='Names').delete()
        features = list(world.product.features.filter(slug__in=('base', 'mode')).values_list('pk', flat=True))
        machine = make.device('gw2')
    with CaptureQueriesContext(connection) as main:
        assert rest.post(f'{url}reconcile/', **headers).json()['counts']['create'] == 1
        changed = rest.patch(url, {'features': features}, content_type='application/json', **headers)
        assert changed.status_code == 200, changed.content
        data = {'profile': world.product.pk, 'device': machine.pk, 'status': 'active'}
        made = rest.post('/api/plugins/gwports/gateways/', data, content_type='application/json', **headers)
        assert made.status_code == 201, made.content
        # By port: the generated column is generated there too
        query = {'gateway_id': made.json()['id'], 'port': 53}
        assert rest.get('/api/plugins/gwports/required-flows/', query, **headers).json()['count'] == 1
    assert written(main.captured_queries) == []
    assert (content(), rules()) == before
    with activate_branch(branch):
        purposes = {*RequiredFlow.objects.filter(gateway=world.gateway).values_list('purpose', flat=True)}
        assert purposes == {'Names', 'Web interface', 'Updates', 'Mode'}
        assert RequiredFlow.objects.filter(gateway=made.json()['id']).count() == 3


def test_a_catalog_and_a_job_within_a_branch(world):
    branch = world.branch()
    before = content()
    with world.request(branch):
        load(parse(bundled()['clearswift-seg-6.3'].read_text(encoding='utf-8')), user=world.user)
        make.template(world.product.services.get(name='DNS'), make.role('dns-servers'), 'More', row=9, item=1)
    request = RequestFactory().get('/')
    request.id, request.user, request.COOKIES[COOKIE_NAME] = uuid.uuid4(), world.user, branch.schema_id
    job = ReconcileJob.enqueue(
        user=world.user, pks=[world.gateway.pk], request=copy_safe_request(request), immediate=True
    )
    job.refresh_from_db()
    assert job.status == 'completed', job.log_entries
    assert content() == before
    with activate_branch(branch):
        assert world.gateway.flows.model.objects.filter(gateway=world.gateway, purpose='More').exists()
        assert GatewayProfile.objects.filter(slug='clearswift-seg-6-3').exists()
    done = content(branch)
    world.merge(branch, 'iterative')
    assert content() == done


def test_summaries_are_those_of_main(world):
    refresh([world.gateway.pk])
    branch = world.branch()
    with world.request(branch):
        assert visible_summaries().count() == 0
        dns = IPAddress.objects.get(pk=world.dns.pk)
        dns.snapshot()
        dns.address = '10.1.0.54/24'
        dns.save()
        RemoteEndpoint.objects.get().devices.clear()
    assert visible_summaries().count() == 1
    assert not StandingSummary.objects.get().stale
    world.merge(branch, 'iterative')
    assert StandingSummary.objects.get().stale


def test_nothing_follows_while_changes_are_replayed(world):
    template = FlowTemplate.objects.get(purpose='Names')
    RequiredFlow.objects.filter(template=template).delete()
    gateway = Gateway.objects.get(pk=world.gateway.pk)
    with replaying():
        gateway.features.set([])
        gateway.status = 'retired'
        gateway.save()
    assert not RequiredFlow.objects.filter(template=template).exists()
    reconcile(gateway.pk)
    assert gateway.flows.exclude(status='withdrawn').count() == 0


def test_a_data_file_is_not_loaded_again_when_the_branch_is_merged(world):
    text = bundled()['proxmox-mail-gateway-09e283f2'].read_text(encoding='utf-8')
    source = DataSource.objects.create(name='Catalogs', type='local', source_url='/nowhere/')
    file = DataFile(source=source, path='mail.yaml', hash='0' * 64, last_updated=timezone.now())
    file.data, file.size = text.encode(), len(text.encode())
    file.save()
    branch = world.branch()
    with world.request(branch):
        load(parse(text), user=world.user)
    with world.request(branch):
        profile = GatewayProfile.objects.get(name='Mail Gateway')
        profile.snapshot()
        profile.data_file = file
        profile.full_clean()
        profile.save()
    done = content(branch)
    # Data files are main's: it says something else by now
    file.data = text.replace(profile.source_url, 'https://example.net/').encode()
    file.save()
    world.merge(branch, 'iterative')
    assert content() == done
