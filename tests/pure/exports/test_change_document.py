"""The document of a change request: everything that it has to say, and nothing that people wrote as markup."""

import json
import re
from html.parser import HTMLParser

import pytest

from netbox_gwports.exports import ExportError
from netbox_gwports.exports.documents.change_request import (
    CHANGE_FORMATS,
    ChangeDocument,
    ChangeItem,
    LeftOut,
    Section,
    Signed,
    change_rendering,
)

from ..rules.build import flow, rule, side
from .samples import NASTY

TEXTS = ('title', 'status', 'ticket', 'valid_until', 'reason', 'risk', 'test_plan', 'back_out')
HOSTILE = (NASTY, '<script>alert(1)</script>', '![x](http://x)', '| a | b |', '# x', '</td><td>', '\u202e\u200b\x1b[2J')


def document(say=lambda name: name.upper()):
    """``say`` gives the text of each field."""
    ask, approve = (Signed(say(f'{n}-kind'), say(f'{n}-user'), '2026-01-02 10:00') for n in ('ask', 'approve'))
    done = Signed('Implemented', say('engineer'), '2026-01-03', say('done-at'), say('note'))
    mail = flow(1, name=say('name'), purpose=say('purpose'), row='7.1', clear_text=True, mitigation=say('mitigation'),
                justification=say('justification'))  # fmt: skip
    plain = flow(2, clear_text=True)
    opens = rule(remote=side('any'), specs=['tcp/25'], zone='internet', flows=[mail])
    closes = rule(remote=('10.1.0.53',), specs=['tcp/53'], flows=[plain])
    return (
        ChangeDocument(
            **{name: say(name) for name in TEXTS},
            emergency=True,
            digest='d1',
            requested=ask,
            approved=approve,
            sign_offs=(ask, approve, done),
            sections=(
                Section(say('outer'), (ChangeItem('open', opens, opens.key),)),
                Section(say('inner'), (ChangeItem('close', closes, 'whole'),)),
            ),
            left_out=(LeftOut(say('gateway'), say('what'), say('why')),),
            warnings=(say('warning'),),
        ),
        opens,
        closes,
    )


class Text(HTMLParser):
    def __init__(self, content):
        super().__init__()
        self.tags, self.found = [], []
        self.feed(content)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data):
        self.found.append(data)


@pytest.mark.parametrize('name', CHANGE_FORMATS)
def test_it_says_everything(name):
    made, opens, closes = document()
    content = change_rendering(made, name).content
    if name == 'markdown':
        content = content.replace('\\', '')
    said = [text.upper() for text in TEXTS]
    said += ['OUTER', 'INNER', 'NAME', 'PURPOSE', '7.1', 'MITIGATION', 'GATEWAY', 'WHAT', 'WHY', 'WARNING', 'ASK-USER',
             'APPROVE-USER', 'ENGINEER', 'DONE-AT', 'NOTE', opens.key, closes.key, 'whole', '10.1.0.53', 'd1',
             '2026-01-02 10:00']  # fmt: skip
    assert [text for text in said if text not in content] == []


@pytest.mark.parametrize('name', ('markdown', 'html'))
def test_what_opens_and_what_closes_stand_under_their_firewall(name):
    made, opens, closes = document()
    content = change_rendering(made, name).content
    order = ['Open on OUTER', opens.key, 'any (Internet, IPv4)', 'tcp/25', 'JUSTIFICATION', 'Unencrypted: MITIGATION',
             'Close on INNER', 'whole (in part: ' + closes.key, 'Unencrypted: no mitigation documented', 'Not included',
             'Sign-offs', 'Signatures', 'Approved by']  # fmt: skip
    places = [0]
    for text in order:
        places.append(content.index(text, places[-1]))
    assert places == sorted(places)
    assert 'Close on OUTER' not in content and 'Open on INNER' not in content


def test_json_keeps_opens_and_closes_apart():
    made, opens, closes = document()
    outer, inner = json.loads(change_rendering(made, 'json').content)['firewalls']
    assert ([i['rule']['key'] for i in outer['open']], outer['close']) == ([opens.key], [])
    assert (inner['open'], [i['rule']['key'] for i in inner['close']]) == ([], [closes.key])
    assert outer['open'][0]['reasons'][0]['mitigation'] == 'MITIGATION'


@pytest.mark.parametrize('name', ('markdown', 'html'))
def test_nothing_left_is_told(name):
    content = change_rendering(ChangeDocument('x', 'Draft'), name).content
    assert 'Nothing is left to open or to close.' in content and 'nobody yet' in content


@pytest.mark.parametrize('text', HOSTILE)
def test_html_has_the_same_elements_whatever_people_write(text):
    plain, bad = (Text(change_rendering(document(say)[0], 'html').content) for say in (str.upper, lambda _name: text))
    assert bad.tags == plain.tags
    assert not re.search('[\x00-\x08\x0e-\x1f\u200b\u202e]', ''.join(bad.found))


@pytest.mark.parametrize('text', HOSTILE)
def test_markdown_has_the_same_lines_whatever_people_write(text):
    plain, bad = (change_rendering(document(say)[0], 'markdown').content for say in (str.upper, lambda _name: text))
    assert '<' not in bad and len(bad.splitlines()) == len(plain.splitlines())

    def shape(content):
        return [
            (re.match(r'#*', line).group(), len(re.findall(r'(?<!\\)\|', line)), len(re.findall(r'(?<!\\)[\[`]', line)))
            for line in content.splitlines()
        ]

    assert shape(bad) == shape(plain)
    assert not re.search('[\x00-\x08\x0e-\x1f\u200b\u202e]', bad)


@pytest.mark.parametrize('text', HOSTILE)
def test_json_holds_texts_as_they_are(text):
    found = json.loads(change_rendering(document(lambda _name: text)[0], 'json').content)
    assert {found[name] for name in TEXTS} == {text}


@pytest.mark.parametrize('ticket', ('../../etc/passwd', 'a"\r\nX: y', '---'))
def test_the_file_name_is_one(ticket):
    name = change_rendering(ChangeDocument('x', 'Draft', ticket=ticket), 'json').filename
    assert re.fullmatch(r'change-[A-Za-z0-9._-]+\.json', name)


def test_another_format_is_refused():
    with pytest.raises(ExportError):
        change_rendering(document()[0], 'xlsx')
