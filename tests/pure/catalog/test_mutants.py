"""Mutants of the bundled catalogs before a judge that knows what each mutation did.

A mutant is refused, and then the message names the entry and the field that were changed; or it is accepted, and then
it means exactly what it says: the judge reads the changed document by itself and compares every flow.
"""

import copy
import json
import os
import random
from collections import Counter

import pytest
import yaml

from netbox_gwports.catalog.document import read
from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.files import bundled

MUTANTS = int(os.environ.get('ATTACK_MUTANTS', '50'))
CASCADING = ('direction', 'role', 'feature', 'dns_names', 'replaceable', 'zone', 'direct', 'purpose', 'notes',
             'not_opened', 'printed', 'key')  # fmt: skip
OTHER = {'inbound': 'outbound', 'outbound': 'inbound'}


def judged(data):
    """Every flow of a document as (row, item, service, facts), read without the code under test."""
    found = []
    for row in data['rows']:
        for number, item in enumerate(row['items'], 1):
            for flow in item.get('flows', [{}]):
                facts = {}
                for part in (row, item, flow):
                    facts |= {key: part[key] for key in CASCADING if key in part}
                facts['dns_names'] = tuple(sorted({name.lower().rstrip('.') for name in facts.get('dns_names', ())}))
                place = (row['row'], item.get('item', number)) if row.get('row') else (None, None)
                said = {key: value for key, value in facts.items() if value not in ('', False, ())}
                found.append((*place, row['service'], tuple(sorted(said.items()))))
    return Counter(found)


def understood(catalog):
    """The same of what was read."""
    found = []
    for flow in catalog.flows:
        facts = {key: getattr(flow, key) for key in CASCADING}
        said = {key: value for key, value in facts.items() if value not in ('', False, ())}
        found.append((flow.row, flow.item, flow.service, tuple(sorted(said.items()))))
    return Counter(found)


def services(catalog):
    return {service.name: set(service.ports) for service in catalog.services}


# Each takes the document and a source of chance, changes the document, and returns (refused field or None,
# what else must hold). A mutation that finds nothing to change returns False.


def port_shift(data, chance):
    service = chance.choice([s for s in data['services'] if any(p.partition('/')[2].isdigit() for p in s['ports'])])
    index = chance.choice([i for i, p in enumerate(service['ports']) if p.partition('/')[2].isdigit()])
    protocol, _, number = service['ports'][index].partition('/')
    changed = f'{protocol}/{int(number) % 60000 + 1 + chance.randrange(5000)}'
    service['ports'][index] = changed
    return None, lambda catalog: changed in expand(services(catalog)[service['name']])


def expand(specs):
    """Single ports of canonical specs."""
    found = set()
    for spec in specs:
        protocol, _, ports = spec.partition('/')
        first, dash, last = ports.partition('-')
        if dash:
            found |= {f'{protocol}/{n}' for n in range(int(first), int(last) + 1)}
        else:
            found.add(spec)
    return found


def port_nonsense(data, chance):
    service = chance.choice(data['services'])
    service['ports'].append(
        chance.choice(['tcp', 'tcp/0', 'tcp/70000', 'tcp/9-8', '443', 'all', 'icmp/8', 'tcp/443 *'])
    )
    return 'ports', None


def drop_row(data, chance):
    data['rows'].pop(chance.randrange(len(data['rows'])))
    return None, None


def drop_item(data, chance):
    row = chance.choice([r for r in data['rows'] if len(r['items']) > 1] or [None])
    if row is None:
        return False
    index = chance.randrange(len(row['items']))
    # What follows keeps its number only where it is said
    for number, item in enumerate(row['items'], 1):
        if row.get('row'):
            item.setdefault('item', number)
    row['items'].pop(index)
    return None, None


def flip(data, chance):
    part = chance.choice([p for p in parts(data) if p.get('direction') in OTHER])
    part['direction'] = OTHER[part['direction']]
    return None, None


def wrong_word(data, chance):
    field = chance.choice(['direction', 'zone'])
    part = chance.choice([p for p in parts(data) if field in p] or [None])
    if part is None:
        return False
    part[field] = chance.choice(['both', 'In', 'OUTBOUND', 'any', 'moon', ' internal'])
    return field, None


def unknown_reference(data, chance):
    field = chance.choice(['role', 'feature', 'service'])
    candidates = data['rows'] if field == 'service' else [p for p in parts(data) if p.get(field)]
    if not candidates:
        return False
    chance.choice(candidates)[field] = f'unheard-of-{chance.randrange(99)}'
    return field, None


def unknown_key(data, chance):
    part = chance.choice(list(parts(data)))
    key = chance.choice(['host', 'ports', 'dns_name', 'notes_', 'Direction', 'any', 'source'])
    part[key] = 'x'
    return key, None


def wrong_type(data, chance):
    part = chance.choice(list(parts(data)))
    field = chance.choice([key for key in part if key in CASCADING] or ['purpose'])
    part[field] = chance.choice([7, 1.5, {'a': 'b'}, [['x']], None])
    return field, None


def name_added(data, chance):
    part = chance.choice([p for p in parts(data) if p.get('dns_names')] or [None])
    if part is None:
        return False
    part['dns_names'] = [*part['dns_names'], f'Added{chance.randrange(9999)}.Example.NET.']
    return None, None


def name_nonsense(data, chance):
    part = chance.choice([p for p in parts(data) if p.get('dns_names')] or [None])
    if part is None:
        return False
    bad = chance.choice([
        '*',
        'a b',
        '192.0.2.1',
        'https://x.example',
        '*.*.example',
        'a..b',
        'x:443',
        '.',
        '0.0.0.0/0',
    ])
    part['dns_names'] = [*part['dns_names'], bad]
    return 'dns_names', None


def purpose_changed(data, chance):
    part = chance.choice([p for p in parts(data) if 'purpose' in p])
    part['purpose'] = f'Purpose {chance.randrange(10**6)}'
    return None, None


def twin(data, chance):
    row = copy.deepcopy(chance.choice(data['rows']))
    row.pop('row', None)
    for item in row['items']:
        item.pop('item', None)
    data['rows'].append(row)
    # Which of the two fields is named depends on whether the row has keys
    return ('purpose', 'key'), None


def opened(data, chance):
    """What the catalog does not open by default, opened: it must not stay closed, nor the other way round."""
    part = chance.choice([p for p in parts(data) if p.get('not_opened')] or [None])
    if part is None:
        return False
    part.pop('not_opened')
    return None, None


def clear_text(data, chance):
    service = chance.choice(data['services'])
    service['clear_text'] = not service.get('clear_text', False)
    name, value = service['name'], service['clear_text']
    return None, lambda catalog: {s.name: s.clear_text for s in catalog.services}[name] is value


def circle(data, chance):
    if not data.get('features'):
        return False
    feature = chance.choice(data['features'])
    feature['parent'] = feature['slug']
    return 'parent', None


def head(data, chance):
    field = chance.choice(['slug', 'version', 'name', 'format'])
    data[field] = {'slug': 'a slug', 'version': 6.3, 'name': '', 'format': 99}[field]
    return field, None


def parts(data):
    """Every mapping that may say a fact of a flow."""
    for row in data['rows']:
        yield row
        for item in row['items']:
            yield item
            yield from item.get('flows', ())


MUTATIONS = (
    port_shift,
    port_nonsense,
    drop_row,
    drop_item,
    flip,
    wrong_word,
    unknown_reference,
    unknown_key,
    wrong_type,
    name_added,
    name_nonsense,
    purpose_changed,
    twin,
    opened,
    clear_text,
    circle,
    head,
)


@pytest.fixture(scope='module')
def documents():
    return {name: yaml.safe_load(path.read_text(encoding='utf-8')) for name, path in bundled().items()}


def test_the_judge_reads_the_originals_as_the_loader_does(documents):
    for name, data in documents.items():
        assert judged(_plain(data)) == understood(read(_dumped(data), name)), name


def test_mutants(documents):
    outcomes, wrong = Counter(), []
    for number in range(MUTANTS):
        chance = random.Random(number)
        name = chance.choice(sorted(documents))
        data = _plain(documents[name])
        mutation = MUTATIONS[number % len(MUTATIONS)]
        verdict = mutation(data, chance)
        if verdict is False:
            outcomes[mutation.__name__, 'nothing to change'] += 1
            continue
        field, check = verdict
        place = f'mutant {number}: {mutation.__name__} of {name}'
        try:
            catalog = read(_dumped(data), name)
        except CatalogError as error:
            outcomes[mutation.__name__, 'refused'] += 1
            fields = {field} if isinstance(field, str) else set(field or ())
            # A mutation that leaves a document right may meet a twin of its own making: then the twin is named
            fields |= {'purpose', 'key', 'item'} if field is None else set()
            if not any(problem.field in fields or problem.field.rstrip('s') in fields for problem in error.problems):
                wrong.append(f'{place}: refused without naming {sorted(fields)}: {error}')
            if not all(problem.message and problem.file == name for problem in error.problems):
                wrong.append(f'{place}: a message without its file or text: {error}')
            continue
        outcomes[mutation.__name__, 'accepted'] += 1
        if isinstance(field, str) or field:
            wrong.append(f'{place}: accepted')
        elif judged(data) != understood(catalog):
            wrong.append(f'{place}: means something else: {judged(data) - understood(catalog)}')
        elif check and not check(catalog):
            wrong.append(f'{place}: its change has no effect')
    for (mutation, outcome), count in sorted(outcomes.items()):
        print(f'{mutation:<20} {outcome:<18} {count}')
    assert not wrong, f'{len(wrong)} of {MUTANTS}:\n' + '\n'.join(wrong[:20])
    counts = Counter()
    for (_mutation, outcome), count in outcomes.items():
        counts[outcome] += count
    # Both verdicts are reached often, or the judge judges nothing
    assert counts['accepted'] > MUTANTS / 5 and counts['refused'] > MUTANTS / 5


def _plain(data):
    """A copy without dates and other types that YAML makes of plain words."""
    data = copy.deepcopy(data)
    if not isinstance(data.get('published', ''), str):
        data['published'] = data['published'].isoformat()
    return data


def _dumped(data):
    # JSON, which the loader reads too: faster, and no quoting of YAML stands between the mutation and the judge
    return json.dumps(_plain(data), ensure_ascii=False)
