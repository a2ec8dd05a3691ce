"""Names of zones and interfaces: anything that a configuration could read as more than a name is refused."""

import pytest

from netbox_gwports.rules import firewall_names


@pytest.mark.parametrize('name', ['', 'trust', 'GigabitEthernet0/0/1.100', 'port1:2', 'zone_dmz-2'])
def test_a_name_is_kept_as_it_is(name):
    assert firewall_names.check(name) == name


@pytest.mark.parametrize('name', ['two words', 'x;y', 'x"', 'x\n', ' ', 'zürich', '{x}', 'x#'])
def test_anything_else_is_refused_with_a_sentence_that_names_it(name):
    with pytest.raises(ValueError, match='is not a valid zone or interface name') as caught:
        firewall_names.check(name)
    assert name in str(caught.value)


@pytest.mark.parametrize('name', ['any', 'all', 'Any', 'ALL'])
def test_what_means_everything_to_a_firewall_is_no_name(name):
    with pytest.raises(ValueError, match='means every zone or interface') as caught:
        firewall_names.check(name)
    assert name in str(caught.value)
