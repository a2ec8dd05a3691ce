"""The resolver: addresses in the networks of another zone make no rule."""

from dataclasses import replace

from netbox_gwports.rules.build import resolve

from .build import address, endpoint, flow, gateway, local
from .resolved import MAIL, told

NETWORKS = {'internal': ['10.0.0.0/8'], 'dmz': ['10.20.0.0/24', '192.0.2.0/24']}


def test_a_remote_in_the_networks_of_another_zone_makes_no_rule():
    def asked(*members, zone='internal', networks=NETWORKS):
        return told([flow()], [local('203.0.113.1')], [endpoint(members=members, zone=zone)], networks=networks)

    wrong = [('wrong_zone', '10.20.0.5 belongs to the zone dmz, not internal')]
    assert asked('10.20.0.5') == ([], wrong)
    assert asked('10.20.0.5', '10.1.0.53') == ([('203.0.113.1', '10.1.0.53', 'udp/53')], wrong)
    # The most specific network decides; an equally specific one of the zone itself wins; unknown zones hold nothing
    assert asked('10.20.0.5', zone='dmz')[1] == []
    assert asked('10.20.0.5', networks={'internal': ['10.20.0.0/24'], 'dmz': ['10.20.0.0/24']})[1] == []
    assert asked('10.20.0.5', networks={})[1] == []
    assert asked('198.51.100.1')[1] == []
    assert asked('10.20.0.0/23')[1] == []


def test_of_a_remote_in_another_zone_only_that_is_told():
    own = [local('203.0.113.1'), local('2001:db8::10', 'management')]
    bound = [endpoint(members=['10.20.0.5', '10.1.0.53'])]
    assert told([flow()], own, bound, networks=NETWORKS) == (
        [('203.0.113.1', '10.1.0.53', 'udp/53')],
        [('wrong_zone', '10.20.0.5 belongs to the zone dmz, not internal')],
    )


def test_a_local_address_in_the_networks_of_another_zone_makes_no_rule():
    own = [local('10.1.0.1', 'internet', 'internal')]
    assert told([flow(**MAIL)], own, networks=NETWORKS) == (
        [],
        [('wrong_zone', '10.1.0.1 belongs to the zone internal, not internet')],
    )
    assert told([flow()], own, [endpoint(members=['10.1.0.53'])], networks=NETWORKS)[1] == []


def test_what_is_outside_the_networks_of_its_zone_is_told_where_the_rest_belongs_to_another():
    networks = {'internal': ['10.0.0.0/8']}
    needs = gateway([flow()], [local('203.0.113.1')], [endpoint(members=['8.8.8.8'])], networks=networks)
    assert len(resolve(needs).rules) == 1
    rest = replace(address('0.0.0.1'), first=0, last=2**32 - 1)
    known = (*needs.zone_networks, ('internet', (rest,)))
    assert [(e.reason, e.detail) for e in resolve(replace(needs, zone_networks=known)).unresolved] == [
        ('wrong_zone', '8.8.8.8 is outside the networks of the zone internal')
    ]
    wider = replace(needs, zone_networks=known, endpoints=(endpoint(members=['8.0.0.0/5']),))
    assert resolve(wider).unresolved == ()
