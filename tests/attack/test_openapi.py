"""Every operation of our part of the REST API, with input made from its schema: no server error, no answer of
another shape."""

import os

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance

EXAMPLES = int(os.environ.get('ATTACK_EXAMPLES', '50'))
OURS = '/plugins/gwports/'
# With these, NetBox answers with fewer fields, or without a count, for its own models too; its schema describes the
# whole answer only
SHORTER = {'brief', 'fields', 'omit', 'start'}
# Fields that NetBox's schema requires and NetBox leaves out: the brief form of an IP address has them only if it was
# translated
OPTIONAL = {'BriefIPAddress': {'nat_outside'}}


def test_operations(netbox):
    answer = netbox.session.get(f'{netbox.url}/api/schema/?format=json', timeout=300)
    answer.raise_for_status()
    document = answer.json()
    document['paths'] = {path: item for path, item in document['paths'].items() if OURS in path}
    for item in document['paths'].values():
        for operation in item.values():
            parameters = operation.get('parameters', [])
            operation['parameters'] = [p for p in parameters if p['name'] not in SHORTER]
    for name, fields in OPTIONAL.items():
        component = document['components']['schemas'][name]
        # Where NetBox has mended it, it need not be tolerated any more
        assert fields <= {*component['required']}, f'{name}: no longer needed here'
        component['required'] = [field for field in component['required'] if field not in fields]
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=netbox.url)
    failures, cases, operations = [], 0, 0
    # What deletes comes last: the others need objects
    for operation in sorted(_operations(schema), key=lambda o: (o.method == 'delete', o.path)):
        count, found = _attack(operation, netbox)
        operations, cases = operations + 1, cases + count
        failures += found
        # It takes long: what was found is told at once
        print(*(text.splitlines()[0] for text in found), sep='\n', end='', flush=True)
    print(f'\n{operations} operations, {cases} cases, {len(failures)} failures')
    assert operations > 90
    assert not failures, '\n\n'.join(failures)


def _operations(schema):
    return [result.ok() for result in schema.get_all_operations()]


def _attack(operation, netbox):
    """(number of cases, the first failure of the operation as a list of at most one text)."""
    count = 0

    @seed(1)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def attack(case):
        nonlocal count
        count += 1
        answer = case.call(session=netbox.session, timeout=120)
        case.validate_response(answer, checks=[not_a_server_error, response_schema_conformance])

    try:
        attack()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # Groups of failures are no Exception; the other operations are tried too
        return count, [f'{operation.method.upper()} {operation.path}: {type(error).__name__}: {str(error)[:1500]}']
    return count, []
