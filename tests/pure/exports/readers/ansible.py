"""Variables for Ansible: what the modules would make of them."""

from ... import plain_yaml
from .atoms import ANY, NUMBERS, family_of, network, port_range, product
from .zoned import PANOS_APPLICATIONS, _fortios_policy, _fortios_service


def ansible_panos(text):
    found = plain_yaml.load(text)
    prefix = found['gwports_prefix']
    objects = {
        each['name']: each['value'] if each['address_type'] == 'fqdn' else network(each['value'])
        for each in found['gwports_panos_addresses']
    }
    services = {
        each['name']: (each['protocol'], [port_range(port) for port in each['destination_port'].split(',')])
        for each in found['gwports_panos_services']
    }
    _own(prefix, found, *objects, *services)
    anchor = found['gwports_panos_anchor']
    assert anchor['rule_name'] == prefix and anchor['disabled'] is True
    atoms, before = [], prefix
    for rule in found['gwports_panos_rules']:
        # Each behind the one before
        assert (rule['location'], rule['existing_rule']) == ('after', before)
        before = rule['rule_name']
        ends = [[objects.get(name, name) for name in rule[end]] for end in ('source_ip', 'destination_ip')]
        where = f'{rule["source_zone"][0]}>{rule["destination_zone"][0]}'
        permit, family = rule['action'] == 'allow', family_of(*ends[0], *ends[1])
        if rule['service'] == [ANY]:
            assert not permit
            pieces = [(ANY, [])]
        elif rule['application'] == [ANY]:
            pieces = [services[name] for name in rule['service']]
        else:
            pieces = [(PANOS_APPLICATIONS[name], []) for name in rule['application'] if not name.startswith('ping')]
        atoms += [atom for piece in pieces for atom in product(permit, where, family, *piece, *ends)]
    return atoms


def ansible_fortios(text):
    found = plain_yaml.load(text)
    named = {4: {'all': ANY}, 6: {'all': ANY}}
    for family, key in ((4, 'gwports_fortios_addresses'), (6, 'gwports_fortios_addresses6')):
        for each in found[key]:
            value = each.get('fqdn') or network(each['ip6'] if family == 6 else each['subnet'].replace(' ', '/'))
            named[family][each['name']] = value
    services = {
        each['name']: _fortios_service(**{
            key: [value] if key.startswith('protocol') else value.split()
            for key, value in each.items()
            if key != 'name'
        })
        for each in found['gwports_fortios_services']
    }
    _own(
        found['gwports_prefix'], found, *(name for each in named.values() for name in each if name != 'all'), *services
    )
    anchor = found['gwports_fortios_anchor']
    assert anchor['status'] == 'disable'
    numbers = [anchor['policyid'], *(policy['policyid'] for policy in found['gwports_fortios_policies'])]
    assert len({*numbers}) == len(numbers)
    moves = [(int(move['after']), int(move['self'])) for move in found['gwports_fortios_moves']]
    assert moves == list(zip(numbers, numbers[1:], strict=False))
    atoms = []
    for policy in found['gwports_fortios_policies']:
        lists = {key: [each['name'] for each in value] for key, value in policy.items() if isinstance(value, list)}
        atoms += _fortios_policy(
            {**lists, 'action': [policy['action']], 'schedule': [policy['schedule']]}, named, services
        )
    return atoms


def ansible_checkpoint(text):
    found = plain_yaml.load(text)
    prefix = found['gwports_prefix']
    objects = {each['name']: network(each['ip_address']) for each in found['gwports_checkpoint_hosts']}
    objects |= {
        each['name']: network(f'{each["subnet"]}/{each["mask_length"]}')
        for each in found['gwports_checkpoint_networks']
    }
    services = {}
    for protocol in ('tcp', 'udp', 'sctp'):
        for each in found[f'gwports_checkpoint_services_{protocol}']:
            services[each['name']] = protocol, [port_range(each['port'])]
    for each in found['gwports_checkpoint_services_other']:
        services[each['name']] = NUMBERS.get(each['ip_protocol'], f'ip/{each["ip_protocol"]}'), []
    _own(prefix, found, *objects, *services)
    for each in found['gwports_checkpoint_dns_domains']:
        assert each['name'].startswith('.') and each['is_sub_domain'] is False
        objects[each['name']] = each['name'][1:]
    atoms = []
    for rule in found['gwports_checkpoint_rules']:
        assert rule['layer'] == prefix == found['gwports_checkpoint_layer']['name']
        ends = [[ANY] if rule[end] == ['Any'] else [objects[o] for o in rule[end]] for end in ('source', 'destination')]
        permit, family = rule['action'] == 'Accept', family_of(*ends[0], *ends[1])
        for name in rule['service']:
            assert not permit or name != 'Any'
            piece = (ANY, []) if name == 'Any' else services[name]
            atoms += product(permit, '', family, *piece, *ends)
    return atoms


def _own(prefix, found, *names):
    """Every name begins with the prefix, and there is nothing that a play does not know."""
    assert all(name.startswith(f'{prefix}-') for name in names)
    assert all(key.startswith('gwports_') for key in found)
