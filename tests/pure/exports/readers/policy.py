"""aerleon's own policy."""

from ... import plain_yaml
from .atoms import ANY, family_of, network, port_range, product


def aerleon(text):
    policy, definitions = plain_yaml.load_all(text)
    assert policy.keys() == {'filters'} and definitions.keys() == {'networks', 'services'}
    atoms = []
    for term in (term for entry in policy['filters'] for term in entry['terms']):
        left = set(term) - {'name', 'comment', 'action', 'protocol', 'destination-port', 'logging'}
        assert left <= {f'{end}-{kind}' for end in ('source', 'destination') for kind in ('address', 'fqdn')}
        ends = []
        for end in ('source', 'destination'):
            address, fqdn = term.get(f'{end}-address'), term.get(f'{end}-fqdn')
            assert not (address and fqdn)
            values = definitions['networks'][address or fqdn]['values'] if address or fqdn else []
            ends.append([v['fqdn'] if fqdn else network(v['address']) for v in values] or [ANY])
        port = term.get('destination-port')
        ports = [port_range(entry['port']) for entry in definitions['services'][port]] if port else []
        protocol = {'vrrp': 'ip/112'}.get(term['protocol'], term['protocol'])
        assert not port or {entry['protocol'] for entry in definitions['services'][port]} == {protocol}
        permit = {'accept': True, 'deny': False}[term['action']]
        atoms += product(permit, '', family_of(*ends[0], *ends[1]), protocol, ports, *ends)
    return atoms
