"""What a branch opens and closes: as data, on its page, by REST, and as a check before it is merged."""

import re
from unittest import mock

import pytest
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from netbox_branching.models import Branch
from netbox_branching.utilities import activate_branch
from users.models import Token, User

from netbox_gwports.branching import checks
from netbox_gwports.branching.changes import changes_of
from netbox_gwports.branching.text import rule_text
from netbox_gwports.models import (
    EnforcementPoint,
    EnforcementZone,
    Gateway,
    GatewayGroup,
    RemoteEndpoint,
    RequiredFlow,
)
from netbox_gwports.rules.constants import STANDINGS, TO_CLOSE

from ..netbox import factories as make
from ..standings import standings
from .test_replay import create, renumber

OPENED = ['tcp/53 from 192.0.2.1 to DNS servers: 10.1.9.53 (DNS: Names)']
OPENED.append(OPENED[0].replace('tcp', 'udp'))
CLOSED = [text.replace('10.1.9.53', '10.1.0.53') for text in OPENED]


@pytest.fixture
def branch(world):
    """One in which the DNS server of gw1 has another address."""
    branch = world.branch()
    with world.request(branch):
        renumber(world)
    return branch


def texts(rules):
    return sorted(map(rule_text, rules))


def told(found):
    return {each.ref.name: (texts(each.opens), texts(each.closes)) for each in found}


def reader(*models, **constraints):
    user = User.objects.create(username=f'Reader {User.objects.count()}')
    for model in models:
        make.allow(user, model, 'view', constraints=constraints.get(model._meta.model_name))
    return user


def page(branch, user):
    client = Client()
    client.force_login(user)
    return client.get(reverse('plugins:netbox_branching:branch_gwports_changes', args=[branch.pk]))


def rest(branch, user, **headers):
    client = Client()
    token = Token.objects.create(user=user, version=1)
    url = reverse('plugins-api:netbox_gwports-api:branch-changes', args=[branch.pk])
    return client.get(url, HTTP_AUTHORIZATION=f'Token {token.token}', **headers)


EVERYTHING = (Branch, Gateway, GatewayGroup, RequiredFlow, RemoteEndpoint, EnforcementPoint, EnforcementZone)


def test_a_renumbered_server_is_opened_and_closed_and_nothing_else(world, branch):
    changes = changes_of(branch)
    assert told(changes.gateways) == {'gw1': (OPENED, CLOSED)}
    assert told(changes.points) == {'fw1': (OPENED, CLOSED)}
    assert not (changes.hidden or changes.hidden_gateways or changes.hidden_points or changes.behind)
    # The same for who sees all of it by permissions, and from within the branch
    with activate_branch(branch):
        assert changes_of(branch, reader(*EVERYTHING)) == changes

    text = page(branch, world.user).content.decode()
    assert {'10.1.0.53', '10.1.9.53', 'gw1', 'fw1'} <= {*re.findall(r'[\w.]+', text)}
    assert 'opens 2 and closes 2 rules' in text

    found = rest(branch, world.user).json()
    assert (found['opens'], found['closes'], found['unapproved']) == (2, 2, 2)
    assert [each['object']['display'] for each in found['gateways'] + found['enforcement_points']] == ['gw1', 'fw1']
    opened = found['gateways'][0]['opens']
    assert {each['destination']['addresses'][0]['address'] for each in opened} == {'10.1.9.53'}
    markdown = rest(branch, world.user, HTTP_ACCEPT='text/markdown')
    assert markdown['Content-Type'].startswith('text/markdown')
    assert '| Opens | gw1 | Outbound | Internal | 192.0.2.1 | DNS servers: 10.1.9.53 |' in markdown.content.decode()


def test_what_a_reader_may_not_see_is_counted_and_named_nowhere(world, branch):
    without = [model for model in EVERYTHING if model is not Gateway]
    for user, hidden in (
        (reader(*without), None),
        (reader(*EVERYTHING, gateway={'device__name': 'other'}), {'hidden_gateways': 1, 'hidden_points': 1}),
        (reader(Branch, Gateway, EnforcementPoint, EnforcementZone), {'hidden': 4, 'hidden_points': 1}),
        (reader(*EVERYTHING, remoteendpoint={'name': 'other'}), {'hidden': 4, 'hidden_points': 1}),
        (reader(*EVERYTHING, enforcementpoint={'device__name': 'other'}), {'hidden_points': 1}),
        (reader(*EVERYTHING, enforcementzone={'zone': 'internet'}), {'hidden_points': 1}),
        # That the firewall serves the gateway is known through the group only
        (reader(*EVERYTHING, gatewaygroup={'name': 'other'}), {'hidden_points': 1}),
    ):
        answers = page(branch, user), rest(branch, user)
        if hidden is None:
            assert [answer.status_code for answer in answers] == [403, 403]
            continue
        assert [answer.status_code for answer in answers] == [200, 200]
        changes = changes_of(branch, user)
        names = ('hidden', 'hidden_gateways', 'hidden_points')
        assert {name: getattr(changes, name) for name in names} == dict.fromkeys(names, 0) | hidden
        shown = {'10.1.9.53', '10.1.0.53'} if set(hidden) == {'hidden_points'} else set()
        for answer in answers:
            assert {*re.findall(r'10\.1\.[09]\.53', answer.content.decode())} == shown
            assert ('fw1' in answer.content.decode()) is ('hidden_points' not in hidden)
    hidden_branch = reader(*EVERYTHING, branch={'name': 'other'})
    assert [a.status_code for a in (page(branch, hidden_branch), rest(branch, hidden_branch))] == [404, 404]


def test_a_firewall_that_is_hidden_on_one_side_is_not_named(world):
    branch = world.branch()
    with world.request(branch):
        renumber(world)
        firewall = EnforcementPoint.objects.get(pk=world.firewall.pk)
        firewall.snapshot()
        firewall.gateway_zone = 'secret'
        firewall.save()
    for zone in ('', 'secret'):
        changes = changes_of(branch, reader(*EVERYTHING, enforcementpoint={'gateway_zone': zone}))
        assert (changes.points, changes.hidden_points) == ((), 1)
    assert told(changes_of(branch).points) == {'fw1': (OPENED, CLOSED)}


def test_a_firewall_that_comes_to_serve_a_gateway_opens_what_crosses_it(world):
    branch = world.branch()
    with world.request(branch):
        point = make.enforcement_point(make.device('fw2'), gateways=[world.gateway])
        make.enforcement_zone(point, 'internal')
    changes = changes_of(branch)
    assert told(changes.points) == {'fw2': (CLOSED, [])}
    assert not changes.gateways


def test_the_page_costs_the_same_for_any_number_of_gateways(world, branch):
    user = reader(*EVERYTHING)
    # The user's permissions are read once
    changes_of(branch, user)
    counts = []
    for more in (lambda world: None, create):
        with world.request(branch):
            more(world)
        with (
            CaptureQueriesContext(connection) as main,
            CaptureQueriesContext(connections[branch.connection_name]) as there,
        ):
            changes = changes_of(branch, user)
        counts.append((len(main), len(there), len(changes.gateways)))
    assert counts[0][:2] == counts[1][:2]
    assert counts[0][2] < counts[1][2]


def test_an_unapproved_opening_is_not_merged(world, branch):
    branch = Branch.objects.get(pk=branch.pk)
    assert branch.can_merge
    branch = Branch.objects.get(pk=branch.pk)
    with mock.patch.object(checks, 'get_plugin_config', return_value=True):
        refused = branch.can_merge
        assert not refused
        # Outside of a request nobody is known who may read names
        assert '10.1' not in refused.message
        with world.request():
            named = checks.may_merge(branch)
        assert 'gw1: ' in named.message and all(text in named.message for text in OPENED)
        with pytest.raises(Exception, match='not permitted'):
            world.merge(branch, 'iterative')

        for standing in (*STANDINGS, TO_CLOSE):
            with standings(lambda rule, standing=standing: standing):
                assert bool(checks.may_merge(branch)) == (standing in ('approved', 'in_place'))
        # What main has meanwhile is in neither side
        with world.request():
            make.ip('10.1.0.99/24')
        assert 'Sync' in checks.may_merge(branch).message
        world.sync(branch)
        with standings(lambda rule: 'approved'):
            assert checks.may_merge(Branch.objects.get(pk=branch.pk))
