"""Objects that are in use are deleted, the plugin's tables go and come back, and NetBox runs without the plugin."""

import subprocess

import pytest

from demo.paths import ROOT

from .netbox import PYTHON

# What rules read, as the API names it, and how one that is in use is found
IN_USE = {
    'dcim/devices': 'SELECT device_id FROM netbox_gwports_gateway WHERE device_id IS NOT NULL LIMIT 1',
    'virtualization/virtual-machines': (
        'SELECT virtual_machine_id FROM netbox_gwports_gateway WHERE virtual_machine_id IS NOT NULL LIMIT 1'
    ),
    'ipam/ip-addresses': 'SELECT ip_address_id FROM netbox_gwports_gatewayaddress LIMIT 1',
    'plugins/gwports/gateway-profiles': 'SELECT profile_id FROM netbox_gwports_gateway LIMIT 1',
    'plugins/gwports/remote-roles': 'SELECT remote_role_id FROM netbox_gwports_requiredflow LIMIT 1',
    'plugins/gwports/profile-features': (
        'SELECT feature_id FROM netbox_gwports_requiredflow WHERE feature_id IS NOT NULL LIMIT 1'
    ),
    'plugins/gwports/gateway-groups': 'SELECT group_id FROM netbox_gwports_gateway WHERE group_id IS NOT NULL LIMIT 1',
}


@pytest.mark.parametrize('path', IN_USE)
def test_what_is_in_use_is_not_deleted(netbox, path):
    ((pk,),) = netbox.query(IN_USE[path])
    flows = netbox.query('SELECT count(*) FROM netbox_gwports_requiredflow')
    answer = netbox.session.delete(f'{netbox.url}/api/{path}/{pk}/', timeout=120)
    assert answer.status_code == 409, f'{answer.status_code} {answer.text[:300]}'
    assert netbox.query('SELECT count(*) FROM netbox_gwports_requiredflow') == flows


@pytest.mark.parametrize('table,path', [('prefixes', 'ipam/prefixes'), ('devices', 'dcim/devices')])
def test_a_member_that_is_deleted_widens_nothing(netbox, table, path):
    """The endpoint that loses its last member leaves its flows without a remote; they never become "any"."""
    column = {'prefixes': 'prefix_id', 'devices': 'device_id'}[table]
    ((endpoint, member),) = netbox.query(
        f'SELECT min(remoteendpoint_id), min({column}) FROM netbox_gwports_remoteendpoint_{table} '  # noqa: S608
        'GROUP BY remoteendpoint_id HAVING count(*) = 1 ORDER BY 1 LIMIT 1'
    )
    answer = netbox.session.delete(f'{netbox.url}/api/{path}/{member}/', timeout=120)
    assert answer.status_code == 204, answer.text[:300]
    role = netbox.get(f'plugins/gwports/remote-endpoints/{endpoint}/')['role']['id']
    for result in netbox.get('plugins/gwports/requirements/')['results']:
        flows = {flow['id'] for flow in _flows(netbox, result['gateway']['id'], role)}
        for rule in result['rules']:
            if flows & {flow['id'] for flow in rule['flows']}:
                names = {ref['id'] for side in ('source', 'destination') for ref in rule[side]['endpoints']}
                assert endpoint not in names
                assert not (rule['source']['any'] or rule['destination']['any'])


def _flows(netbox, gateway, role):
    return netbox.get('plugins/gwports/required-flows/', params={'gateway_id': gateway, 'role_id': role, 'limit': 0})[
        'results'
    ]


def test_to_zero_and_forward(netbox):
    """The tables go without a trace and come back empty; NetBox itself keeps working, with and without the plugin."""
    netbox.kill('web')
    netbox.kill('worker')
    _manage(netbox, 'migrate', 'netbox_gwports', 'zero')
    assert not netbox.query("SELECT 1 FROM pg_class WHERE relname LIKE 'netbox_gwports%%'")
    assert not netbox.query("SELECT 1 FROM pg_proc WHERE proname LIKE 'netbox_gwports%%'")
    _manage(netbox, 'check', plugins=[])
    _manage(netbox, 'migrate', '--check', plugins=[])
    _manage(netbox, 'migrate', 'netbox_gwports')
    netbox.start_web()
    netbox.start_worker()
    assert netbox.get('plugins/gwports/gateways/')['count'] == 0
    assert netbox.get('dcim/devices/')['count'] > 0


def _manage(netbox, *arguments, **settings):
    done = subprocess.run(
        [PYTHON, '-m', 'netbox', *arguments], env=netbox.run.environment(**settings), cwd=ROOT, capture_output=True,
        text=True, timeout=600,
    )  # fmt: skip
    assert done.returncode == 0, f'{arguments}: {done.stderr[-2000:]}'
