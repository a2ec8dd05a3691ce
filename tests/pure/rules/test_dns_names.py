"""DNS names: one canonical form, and what a wildcard stands for."""

import pytest

from netbox_gwports.rules.dns_names import covers, normalize, patterns


@pytest.mark.parametrize(
    'text, expected',
    [
        ('example.net', 'example.net'),
        (' Example.NET. ', 'example.net'),
        ('*.Example.net', '*.example.net'),
        ('localhost', 'localhost'),
        ('*.net', '*.net'),
        ('1.example', '1.example'),
        ('9.9.example', '9.9.example'),
        ('_dmarc.example.net', '_dmarc.example.net'),
        ('a-b--c.example.net', 'a-b--c.example.net'),
        ('bücher.example', 'xn--bcher-kva.example'),
        ('*.bücher.example.', '*.xn--bcher-kva.example'),
        ('xn--bcher-kva.example', 'xn--bcher-kva.example'),
        ('XN--BCHER-KVA.example', 'xn--bcher-kva.example'),
        # The mapping of UTS 46: full width letters
        ('ｅｘample.net', 'example.net'),
    ],
)
def test_a_name_has_one_form(text, expected):
    assert normalize(text) == expected
    assert normalize(expected) == expected


@pytest.mark.parametrize(
    'text, reason',
    [
        ('', 'a part between dots is empty'),
        ('.', 'a part between dots is empty'),
        ('a..example', 'a part between dots is empty'),
        ('.example', 'a part between dots is empty'),
        ('example.net..', 'a part between dots is empty'),
        ('*.', 'one wildcard is allowed'),
        ('*', 'one wildcard is allowed'),
        ('*.*.example', 'one wildcard is allowed'),
        ('x*.example', 'one wildcard is allowed'),
        ('a.*.example', 'one wildcard is allowed'),
        ('192.0.2.1', 'enter addresses as addresses'),
        ('*.0.2.1', 'enter addresses as addresses'),
        ('a b.example', 'without a URL or port'),
        ('https://example.net', 'without a URL or port'),
        ('example.net:443', 'without a URL or port'),
        ('-a.example', 'without a URL or port'),
        ('a-.example', 'without a URL or port'),
        ('xn--a.example', 'is not a DNS name: '),
        ('xn--zzzzzz9999.example', 'is not a DNS name: '),
        ('☃-.example', 'is not a DNS name: '),
    ],
)
def test_anything_else_is_refused_with_the_name_and_the_reason(text, reason):
    with pytest.raises(ValueError) as caught:
        normalize(text)
    assert str(caught.value).startswith(f'"{text}"') and reason in str(caught.value)


def test_how_long_a_name_and_its_parts_may_be():
    assert normalize(f'{"a" * 63}.example') == f'{"a" * 63}.example'
    with pytest.raises(ValueError, match='is not a DNS name'):
        normalize(f'{"a" * 64}.example')
    longest = '.'.join(['a' * 63] * 3 + ['b' * 61])
    assert len(longest) == 253 and normalize(longest) == longest
    with pytest.raises(ValueError, match='is longer than 253 characters'):
        normalize(longest + 'b')


@pytest.mark.parametrize(
    'pattern, name, expected',
    [
        ('example.net', 'example.net', True),
        ('*.example.net', '*.example.net', True),
        ('*.example.net', 'a.example.net', True),
        ('*.example.net', 'b.a.example.net', True),
        ('*.example.net', '*.a.example.net', True),
        ('*.a.example.net', '*.example.net', False),
        ('*.example.net', 'example.net', False),
        ('*.example.net', 'badexample.net', False),
        ('*.net', 'example.net', True),
        ('*.net', 'net', False),
        ('example.net', 'a.example.net', False),
        ('a.example.net', 'example.net', False),
        ('a.example.net', '*.example.net', False),
        ('*.example.net', 'example.org', False),
        ('x.net', 'a.net', False),
    ],
)
def test_what_a_pattern_covers(pattern, name, expected):
    assert covers(pattern, name) is expected


def test_the_patterns_that_cover_a_name():
    assert patterns('a.b.net') == ['a.b.net', '*.b.net', '*.net']
    assert {*patterns('*.b.net')} == {'*.b.net', '*.net'}
    assert patterns('net') == ['net']


NAMES = ('net', 'b.net', 'a.b.net', 'ab.net', '*.net', '*.b.net', '*.a.b.net', 'a.b.org')


@pytest.mark.parametrize('name', NAMES)
def test_a_pattern_covers_a_name_if_it_is_one_of_its_patterns(name):
    assert [each for each in NAMES if each in patterns(name)] == [each for each in NAMES if covers(each, name)]
