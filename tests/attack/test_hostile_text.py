"""Text that wants to be a script, in every text field, on every page of a real browser: nothing runs.

The text goes in by REST, by forms, by CSV and by a catalog. What a field refuses is refused with the field named.
"""

import json
import re

import pytest

from netbox_gwports.catalog.files import bundled

from .browser import browser_page

HOSTILE = '"\'><script>window.hacked=1</script><img src=x onerror=window.hacked=2>{{7*7}}'
MODELS = (
    'gateway-profiles', 'profile-features', 'gateway-services', 'remote-roles', 'flow-templates', 'gateway-groups',
    'gateways', 'gateway-addresses', 'remote-endpoints', 'required-flows', 'enforcement-points', 'enforcement-zones',
)  # fmt: skip
# Fields whose values are checked by form: an address, a name on firewalls, a port
PLAIN = re.compile(r'slug|url|color|^key$|gateway_zone|gateway_interface|interface|format_name|application_protocol')


def text_fields(netbox, model):
    """(name, longest) of every writable text of a model, as the API describes them."""
    options = netbox.api('OPTIONS', f'{model}/').json()['actions']['POST']
    return [
        (name, field.get('max_length') or 500)
        for name, field in options.items()
        if field['type'] == 'string' and not field['read_only']
    ]


@pytest.fixture(scope='module')
def infected(netbox):
    """Every text of one object of each model holds hostile text; returns model -> id, and what was refused."""
    objects, refused, written = {}, {}, 0
    for model in MODELS:
        found = netbox.api('GET', f'{model}/?limit=1').json()['results'][0]
        objects[model] = found['id']
        for name, longest in text_fields(netbox, model):
            answer = netbox.api('PATCH', f'{model}/{found["id"]}/', json={name: HOSTILE[:longest]})
            if answer.status_code == 200:
                written += 1
            else:
                refused[model, name] = (answer.status_code, answer.text)
    assert written > 25
    return objects, refused


def test_rest_refuses_with_the_field_or_takes_it(infected):
    _objects, refused = infected
    for (model, name), (status, text) in refused.items():
        assert status == 400 and name in json.loads(text), f'{model}.{name}: {status} {text[:200]}'


def test_a_catalog_carries_it(netbox):
    text = bundled()['clearswift-seg-5.7'].read_text(encoding='utf-8')
    text = re.sub(r'(?m)^(description: ).*', r"\1'" + HOSTILE.replace("'", "''") + "'", text, count=1)
    text = re.sub(
        r'purpose: ([^,}\n]+)', lambda m: 'purpose: ' + json.dumps(f'{m[1].strip()} {HOSTILE}'), text, count=3
    )
    answer = netbox.api('POST', 'gateway-profiles/import/', data=text.encode(), headers={'Content-Type': 'text/yaml'})
    assert answer.status_code in (200, 201, 400), answer.text[:500]
    if answer.status_code == 400:
        assert 'purpose' in answer.text or 'description' in answer.text


def pages(netbox, objects):
    """Every page of ours that shows the infected objects."""
    for model, pk in objects.items():
        yield f'/plugins/gwports/{model}/'
        for path in ('', 'edit/', 'changelog/', 'journal/', 'delete/'):
            yield f'/plugins/gwports/{model}/{pk}/{path}'
    gateway = netbox.api('GET', f'gateways/{objects["gateways"]}/').json()
    machine = gateway['device'] or gateway['virtual_machine']
    base = f'/dcim/devices/{machine["id"]}/'
    yield base
    yield f'{base}firewall-requirements/'
    for name in ('reconcile/', 'export/'):
        yield f'/plugins/gwports/gateways/{gateway["id"]}/{name}'
    profile = objects['gateway-profiles']
    for name in ('import/', f'{profile}/vendors-table/', f'{profile}/compare/'):
        yield f'/plugins/gwports/gateway-profiles/{name}'
    point = netbox.api('GET', f'enforcement-points/{objects["enforcement-points"]}/').json()
    yield f'/dcim/devices/{point["device"]["id"]}/rules-to-enforce/'
    yield '/search/?q=script'
    yield '/core/changelog/'


def test_no_script_runs_on_any_page(netbox, infected):
    objects, _refused = infected
    shown = 0
    with browser_page(netbox.url) as page:
        dialogs = []
        page.on('dialog', lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in pages(netbox, objects):
            answer = page.goto(f'{netbox.url}{path}')
            # A page that there is not is a mistake of this test, a server error one of the plugin
            assert answer.status < 500, f'{path}: {answer.status}'
            assert page.evaluate('window.hacked') is None, path
            # {{7*7}}: text that a template engine computed
            assert '>49' not in page.content(), path
            shown += 'window.hacked' in page.inner_text('body')
        # The printable document is a download: opened as a file, it runs no script either
        document = netbox.api('GET', f'gateways/{objects["gateways"]}/export/', params={'format_name': 'html'})
        assert document.status_code == 200, document.text[:300]
        page.set_content(document.text)
        assert page.evaluate('window.hacked') is None
        assert not dialogs
    # The text was there to be seen, so it could have run
    assert shown > 15


def test_forms_carry_it(netbox, infected):
    """What a person types into every field of every form is shown as text afterwards, or refused beside the field."""
    objects, _refused = infected
    with browser_page(netbox.url) as page:
        for model, pk in objects.items():
            page.goto(f'{netbox.url}/plugins/gwports/{model}/{pk}/edit/')
            for box in page.query_selector_all('form input[type=text], form textarea'):
                name = box.get_attribute('name') or ''
                if box.is_visible() and box.is_editable() and name and not PLAIN.search(name) and 'tags' not in name:
                    box.fill(HOSTILE[: int(box.get_attribute('maxlength') or 200)])
            page.click('form button[name=_update]')
            page.wait_for_load_state()
            assert page.evaluate('window.hacked') is None, model
            assert 'Server Error' not in page.title(), model
