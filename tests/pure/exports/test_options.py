"""The options of an export, read from text."""

import pytest

from netbox_gwports.exports import (
    OptionError,
    Options,
)
from netbox_gwports.exports.options import READERS as KNOWN

from ..rules.build import address
from .samples import FORMATS

SAID = {
    'zone': (['dmz', 'internal'], 'zones', ('dmz', 'internal'), ['moon']),
    'direction': (['inbound'], 'directions', ('inbound',), ['sideways']),
    'standing': (['requested'], 'standings', ('requested',), ['to_close']),
    'perspective': (['host'], 'perspective', 'host', ['side']),
    'logging': (['TRUE'], 'logging', True, ['perhaps']),
    'final_deny': (['on'], 'final_deny', True, ['2']),
    'deny_gateways': (['no'], 'deny_gateways', False, ['2']),
    'allow_empty': (['1'], 'allow_empty', True, ['x']),
    'prefix': (['gwp-mail'], 'prefix', 'gwp-mail', ['a b', 'filter', 'gwp', 'gwp-', 'gwp-fw3', 'gwp-a-b']),
    'present': (['0123456789abcdef'], 'present', ('0123456789abcdef',), ['x']),
    'leg_zone': (['internet:dmz1'], 'leg_zones', {'internet': 'dmz1'}, ['dmz1']),
    'leg_interface': (['internet:eth1'], 'leg_interfaces', {'internet': 'eth1'}, ['eth1']),
    'nat': (['1'], 'nat', True, ['x']),
    'strict': (['yes'], 'strict', True, ['x']),
    'gateway_zone': (['DMZ_1'], 'gateway_zone', 'DMZ_1', ['a b']),
    'gateway_interface': (['ge-0/0/1.0'], 'gateway_interface', 'ge-0/0/1.0', ['x"; accept']),
    'zone_name': (['internet:untrust'], 'zone_names', {'internet': 'untrust'}, ['internet:a;b']),
    'interface': (['dmz:eth0', 'internal:eth1'], 'interfaces', {'dmz': 'eth0', 'internal': 'eth1'}, ['eth0']),
    'networks': (
        ['internal:10.0.0.0/8, 2001:db8::/32', 'internal:172.16.0.0/12', 'dmz:'],
        'networks',
        {'internal': tuple(map(address, ('10.0.0.0/8', '2001:db8::/32', '172.16.0.0/12'))), 'dmz': ()},
        ['internal:10.0.0.1/8'],
    ),
}


@pytest.mark.parametrize('name', SAID)
def test_options_are_read_and_an_error_names_its_field(name):
    texts, attribute, value, wrong = SAID[name]
    assert getattr(Options.read({name: texts}), attribute) == value
    with pytest.raises(OptionError) as caught:
        Options.read({name: wrong})
    assert caught.value.field == name and str(caught.value).startswith(f'{name}: ')


def test_options_have_defaults_and_no_others():
    assert {*KNOWN} == {*SAID}
    assert all({*exporter.options} <= {*SAID} for exporter in FORMATS.values())
    assert Options.read({}, strict=True).strict and not Options.read({'strict': ['0']}, strict=True).strict
    assert Options.read({'zone': [''], 'standing': ['']}) == Options()
    with pytest.raises(OptionError) as caught:
        Options.read({'nope': ['1']})
    assert caught.value.field == 'nope'
    for wrong in ('internal:0.0.0.0/0', 'internal:x', 'moon:10.0.0.0/8'):
        with pytest.raises(OptionError):
            Options.read({'networks': [wrong]})
