"""Processes that die and servers that stop in the middle of a change: it is done or it is not, and it works again."""

import contextlib
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import requests

from netbox_gwports.catalog.files import bundled

KILLS = int(os.environ.get('ATTACK_KILLS', '50'))
TABLES = ('gatewayprofile', 'profilefeature', 'gatewayservice', 'flowtemplate', 'requiredflow', 'gateway',
          'gateway_features')  # fmt: skip


@dataclass
class Change:
    """A request that changes many rows, and whether all of it is done."""

    method: str
    path: str
    is_done: Callable[[], bool]
    body: object = None
    data: bytes | None = None

    def send(self, netbox):
        headers = {'Content-Type': 'text/yaml'} if self.data else {}
        return netbox.api(self.method, self.path, json=self.body, data=self.data, headers=headers)


def imported(netbox):
    """Release 5.7 is imported, or its purposes are reworded and worded back."""
    text = bundled()['clearswift-seg-5.7'].read_text(encoding='utf-8')
    reworded = text.replace('purpose: ', 'purpose: Reworded ')
    stored = netbox.query("SELECT 1 FROM netbox_gwports_flowtemplate WHERE purpose LIKE 'Reworded %%'")
    wanted = (text if stored else reworded).encode()

    def is_done():
        answer = netbox.api(
            'POST', 'gateway-profiles/import/?dry_run=true', data=wanted, headers={'Content-Type': 'text/yaml'}
        )
        assert answer.status_code == 200, answer.text[:500]
        counts = answer.json()['counts']
        return not any(count for action, count in counts.items() if action != 'keep')

    return Change('POST', 'gateway-profiles/import/', is_done, data=wanted)


def reconciled(netbox):
    """A gateway whose features were changed past the plugin, so that it is behind, is brought up to date."""
    gateway = _gateway(netbox)
    for (pk,) in netbox.query(
        'SELECT id FROM netbox_gwports_profilefeature WHERE profile_id = %s ORDER BY id LIMIT 8',
        gateway['profile']['id'],
    ):
        gone = netbox.query(
            'DELETE FROM netbox_gwports_gateway_features WHERE gateway_id = %s AND profilefeature_id = %s RETURNING 1',
            gateway['id'], pk,
        )  # fmt: skip
        if not gone:
            netbox.query(
                'INSERT INTO netbox_gwports_gateway_features (gateway_id, profilefeature_id) VALUES (%s, %s) '
                'RETURNING 1',
                gateway['id'], pk,
            )  # fmt: skip
    path = f'gateways/{gateway["id"]}/reconcile/'
    return Change('POST', path, lambda: _is_current(netbox, gateway['id']), body={})


def edited(netbox):
    """The comments of all required flows of a gateway change in one request."""
    gateway = _gateway(netbox)
    flows = netbox.query('SELECT id FROM netbox_gwports_requiredflow WHERE gateway_id = %s', gateway['id'])
    word = f'Word {time.monotonic_ns()}'

    def is_done():
        (count,) = netbox.query('SELECT count(*) FROM netbox_gwports_requiredflow WHERE comments = %s', word)[0]
        return count == len(flows)

    return Change('PATCH', 'required-flows/', is_done, body=[{'id': pk, 'comments': word} for (pk,) in flows])


def upgraded(netbox):
    """A gateway takes a step to the other release, or completes it."""
    gateway = _gateway(netbox)
    releases = netbox.get('plugins/gwports/gateway-profiles/', params={'name': 'Secure Email Gateway'})['results']
    others = [release['id'] for release in releases if release['id'] != gateway['profile']['id']]
    if not others:
        return imported(netbox)
    following = gateway['next_profile']
    step, profile = ('complete', following['id']) if following else ('prepare', others[0])

    def is_done():
        stored = netbox.get(f'plugins/gwports/gateways/{gateway["id"]}/')
        reached = stored['profile'] if step == 'complete' else stored['next_profile']
        return bool(reached) and reached['id'] == profile and _is_current(netbox, gateway['id'])

    path = f'gateways/{gateway["id"]}/upgrade/'
    return Change('POST', path, is_done, body={'step': step, 'profile': profile})


def _is_current(netbox, pk):
    plan = netbox.get(f'plugins/gwports/gateways/{pk}/reconcile/')
    return not any(plan['counts'][action] for action in plan['counts'] if action != 'keep')


def _gateway(netbox):
    return netbox.get('plugins/gwports/gateways/', params={'limit': 1})['results'][0]


OPERATIONS = (imported, reconciled, edited, upgraded)


def state(netbox):
    """Every row that the operations write."""
    return {name: netbox.query(f'SELECT * FROM netbox_gwports_{name} ORDER BY 1') for name in TABLES}


def invariants(netbox):
    """What holds whatever happened: the API answers for every gateway, and no flow is there twice."""
    for gateway in netbox.get('plugins/gwports/gateways/')['results']:
        netbox.get(f'plugins/gwports/gateways/{gateway["id"]}/reconcile/')
        assert netbox.get('plugins/gwports/requirements/', params={'gateway_id': gateway['id']})['count'] == 1
    assert not netbox.query(
        'SELECT gateway_id, template_id FROM netbox_gwports_requiredflow WHERE template_id IS NOT NULL '
        'GROUP BY 1, 2 HAVING count(*) > 1'
    )


def test_the_web_server_is_killed(netbox):
    """After each kill a change is wholly there or not at all, and it can be made again."""
    outcomes = Counter()
    for number in range(KILLS):
        chance = random.Random(number)
        operation = OPERATIONS[number % len(OPERATIONS)]
        change = operation(netbox)
        before = state(netbox)
        thread = threading.Thread(target=_send, args=(change, netbox))
        thread.start()
        time.sleep(chance.uniform(0.0, 1.5))
        netbox.kill('web')
        thread.join()
        _settle(netbox)
        after = state(netbox)
        netbox.start_web()
        invariants(netbox)
        if after == before:
            outcomes[operation.__name__, 'not done'] += 1
            answer = change.send(netbox)
            assert answer.status_code in (200, 201), f'{operation.__name__}: {answer.status_code} {answer.text[:500]}'
        else:
            outcomes[operation.__name__, 'done'] += 1
        assert change.is_done(), f'kill {number}: {operation.__name__} is neither done nor undone'
    print(f'\n{KILLS} kills of the web server')
    for (name, outcome), count in sorted(outcomes.items()):
        print(f'{name:<12} {outcome:<10} {count}')
    # Kills that all come too early or all too late test nothing
    assert KILLS < 20 or {outcome for _name, outcome in outcomes} == {'done', 'not done'}


def test_the_worker_is_killed(netbox):
    """A job whose worker dies leaves each gateway done or not done, and the next job works."""
    for number in range(max(2, KILLS // 10)):
        change = reconciled(netbox)
        before = state(netbox)
        with netbox.signed_in() as session:
            gateways = netbox.get('plugins/gwports/gateways/')['results']
            form = {'pk': [gateway['id'] for gateway in gateways], '_confirm': '1', 'background_job': 'on'}
            answer = session.post(f'{netbox.url}/plugins/gwports/gateways/reconcile/', data=form, timeout=120)
            assert answer.status_code in (200, 302), answer.status_code
        time.sleep(random.Random(number).uniform(0.0, 3.0))
        netbox.kill('worker')
        _settle(netbox)
        assert state(netbox) == before or change.is_done()
        netbox.start_worker()
        if not change.is_done():
            answer = change.send(netbox)
            assert answer.status_code == 200, answer.text[:500]
        assert change.is_done()
    invariants(netbox)


@pytest.mark.parametrize('server', ['postgres', 'valkey'])
def test_a_server_is_stopped_and_started(netbox, server):
    """While it is away the answer is an error or right; afterwards all is as it was, and changes work."""
    before = state(netbox)
    netbox.stop_server(server)
    with contextlib.suppress(requests.RequestException):
        netbox.api('GET', 'gateways/', timeout=60)
    netbox.start_server(server)
    netbox.wait()
    assert state(netbox) == before
    invariants(netbox)
    change = edited(netbox)
    assert change.send(netbox).status_code == 200
    assert change.is_done()


def _send(change, netbox):
    with contextlib.suppress(requests.RequestException):
        change.send(netbox)


def _settle(netbox):
    """Statements of a killed process end with its connection: wait for that."""
    until = time.monotonic() + 60
    busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle'"
    while netbox.query(busy) != [(1,)]:
        assert time.monotonic() < until, 'The database still works for a process that is gone.'
        time.sleep(0.1)
