"""Which flow of one release is which of another."""

from types import SimpleNamespace

import pytest

from netbox_gwports.rules.pairing import Need, identity_of, pair, pair_releases


def need(purpose, service='HTTPS', direction='outbound', role='vendor', **facts):
    return Need(service, direction, role, purpose, **facts)


def paired(old, new):
    """Purposes of both sides, so that a failure reads well."""
    found = pair(old, new)
    return sorted(((o and o.purpose or '', n and n.purpose or '') for o, n in found))


def test_equal_words_find_each_other_whatever_the_order():
    old = [need('license check'), need('virus patterns')]
    new = [need('virus patterns'), need('license check')]
    assert paired(old, new) == [('license check', 'license check'), ('virus patterns', 'virus patterns')]


def test_close_words_are_paired_and_distant_ones_are_not():
    assert paired([need('download of virus patterns')], [need('download of new virus patterns')]) == [
        ('download of virus patterns', 'download of new virus patterns')
    ]
    assert paired([need('license check')], [need('virus patterns')]) == [('', 'virus patterns'), ('license check', '')]


def test_exactly_as_close_as_is_asked_for_is_close():
    # 3 of 5 words on both sides: 0.6, and nothing else alike
    old = need('a b c d e', feature='x', place_in_table=(1, 1))
    assert paired([old], [need('a b c y z', feature='w', place_in_table=(2, 1))]) == [('a b c d e', 'a b c y z')]
    old = need('a b c d e f g h i j k l', feature='x', place_in_table=(1, 1))
    new = need('a b c d e f g m n o p q', feature='w', place_in_table=(2, 1))
    # 7 of 12
    assert paired([old], [new]) == [('', new.purpose), (old.purpose, '')]


def test_the_same_feature_makes_up_for_few_words_only():
    old = need('a b c d e f g', feature='x', place_in_table=(1, 1))
    # 4 of 7 words: 0.57
    new = need('a b c d w y z', feature='x', place_in_table=(2, 1))
    assert paired([old], [new]) == [('', new.purpose), (old.purpose, '')]
    # 7 of 12: 0.583
    old = need('a b c d e f g h i j k l', feature='x', place_in_table=(1, 1))
    new = need('a b c d e f g m n o p q', feature='x', place_in_table=(2, 1))
    assert paired([old], [new]) == [(old.purpose, new.purpose)]


def test_letter_case_says_nothing():
    assert paired([need('License Check', service='https')], [need('license check', service='HTTPS')]) == [
        ('License Check', 'license check')
    ]


@pytest.mark.parametrize('other', [{'service': 'HTTP'}, {'direction': 'inbound'}, {'role': 'administrators'}])
def test_another_service_direction_or_role_is_another_flow(other):
    assert paired([need('license check')], [need('license check', **other)]) == [
        ('', 'license check'),
        ('license check', ''),
    ]


def first_choice(old, candidates):
    """The place in the table of the candidate that an old flow is paired with."""
    return next(n.of for o, n in pair([old], candidates) if o)


def test_of_equal_words_the_feature_decides_then_names_then_the_place_in_the_table():
    old = need('updates', feature='a', dns_names=frozenset({'x', 'y'}), place_in_table=(4, 1))
    feature = need('updates', feature='a', of='feature')
    names = need('updates', dns_names=frozenset({'x', 'y'}), place_in_table=(4, 1), of='names and place')
    assert first_choice(old, [feature, names]) == 'feature'
    names = need('updates', dns_names=frozenset({'x', 'y'}), of='names')
    place = need('updates', place_in_table=(4, 1), of='place')
    assert first_choice(old, [place, names]) == 'names'
    assert first_choice(old, [need('updates', of='nothing'), place]) == 'place'


def test_equal_words_win_over_everything_that_differs():
    old = need('updates', feature='a', dns_names=frozenset({'x'}), place_in_table=(4, 1))
    words = need('updates', of='words')
    rest = need('other', feature='a', dns_names=frozenset({'x'}), place_in_table=(4, 1), of='rest')
    assert first_choice(old, [rest, words]) == 'words'


def test_equal_words_win_over_one_that_differs_in_one_word_of_many():
    words = ' '.join(map(str, range(100)))
    alike = {'feature': 'a', 'place_in_table': (4, 1), 'dns_names': frozenset({'x'})}
    old = need(words, **alike)
    rest = need(f'{words} more', of='rest', **alike)
    assert first_choice(old, [rest, need(words, of='words')]) == 'words'
    assert first_choice(old, [rest, need(words.replace(' ', '  '), of='spaces')]) == 'spaces'


def test_long_purposes_are_compared_as_short_ones_are():
    old, new = f'before {"see here " * 150}', f'after {"see here " * 150}'
    assert paired([need(old)], [need(new)]) == [(old, new)]


def test_most_of_the_names_say_more_than_the_place_in_the_table_and_half_of_them_do_not():
    old = need('updates', dns_names=frozenset('abcde'), place_in_table=(4, 1))
    place = need('updates', place_in_table=(4, 1), of='place')
    assert first_choice(old, [place, need('updates', dns_names=frozenset('abcd'), of='most')]) == 'most'
    assert first_choice(old, [need('updates', dns_names=frozenset('ab'), of='few'), place]) == 'place'
    half = need('updates', dns_names=frozenset('abcdefghij'), of='half')
    assert first_choice(old, [half, place]) == 'place'


@pytest.mark.parametrize('number', range(10))
def test_ties_are_broken_by_the_names_in_order(number):
    later = need('x', dns_names=frozenset({f'b{number}', f'c{number}'}), of='later')
    first = need('x', dns_names=frozenset({f'd{number}', f'a{number}'}), of='first')
    for old in ([later, first], [first, later]):
        assert [o.of for o, n in pair(old, [need('x')]) if n] == ['first']


def test_published_names_pair_what_was_reworded():
    old = need('license check', dns_names=frozenset({'a.example', 'b.example', 'c.example'}))
    # 0.95 of 2 names of 3 is enough, of 1 of 3 it is not
    assert first_choice(old, [need('activation', dns_names=frozenset({'a.example', 'b.example'}), of='two')]) == 'two'
    assert paired([old], [need('activation', dns_names=frozenset({'a.example'}))]) == [
        ('', 'activation'),
        ('license check', ''),
    ]
    assert paired([need('license check')], [need('activation')]) == [('', 'activation'), ('license check', '')]


def test_of_reworded_ones_the_same_feature_is_closer():
    old = need('download of patterns', feature='a')
    plain = need('download of new patterns', of='plain')
    same = need('download of new patterns', feature='a', of='same')
    assert first_choice(old, [plain, same]) == 'same'


def test_ties_are_broken_by_the_place_in_the_table():
    old = [need('x', place_in_table=(1, 1), of=1), need('x', place_in_table=(2, 1), of=2)]
    new = [need('x', place_in_table=(8, 1), of=8), need('x', place_in_table=(7, 1), of=7)]
    expected = [(1, 7), (2, 8)]
    for given in (old, old[::-1]):
        for other in (new, new[::-1]):
            assert sorted((o.of, n.of) for o, n in pair(given, other)) == expected


def test_stated_keys_pair_whatever_else_differs():
    old, new = need('a', key='k1'), need('b', service='SSH', role='x', direction='inbound', key='k1')
    assert pair([old], [new]) == [(old, new)]


def test_different_keys_are_never_paired_but_one_without_a_key_may_be():
    old, new = need('a', key='k1'), need('a', key='k2')
    assert paired([old], [new]) == [('', 'a'), ('a', '')]
    unkeyed = need('a')
    assert pair([unkeyed], [new]) == [(unkeyed, new)]
    assert pair([old], [unkeyed]) == [(old, unkeyed)]


def test_a_key_is_used_once_by_the_first_in_the_table():
    first, second = need('a', key='k', place_in_table=(1, 1)), need('a', key='k', place_in_table=(2, 1))
    new = need('b', key='k')
    for old in ([first, second], [second, first]):
        assert {(o, n) for o, n in pair(old, [new])} == {(first, new), (second, None)}


def test_of_two_new_ones_with_the_same_key_the_first_in_the_table_is_taken():
    first, second = need('a', key='k', place_in_table=(1, 1)), need('a', key='k', place_in_table=(2, 1))
    old = need('b', key='k')
    for new in ([first, second], [second, first]):
        assert pair([old], new) == [(old, first), (None, second)]


def test_the_result_is_in_the_order_of_services():
    services = 'hcgbfade'
    assert [o.service for o, _n in pair([need('x', service=service) for service in services], [])] == sorted(services)


def test_every_need_of_both_sides_comes_back_once():
    old = [need('a'), need('a'), need('b', key='k')]
    new = [need('a'), need('c'), need('d', role='x')]
    found = pair(old, new)
    assert [o for o, _n in found if o] and len([o for o, _n in found if o]) == 3
    assert len([n for _o, n in found if n]) == 3
    assert pair([], []) == []


def template(**facts):
    said = {'direction': 'outbound', 'purpose': 'license check', 'feature': None, 'dns_names': [], 'key': ''}
    service, role = SimpleNamespace(name='HTTPS'), SimpleNamespace(slug='vendor')
    return SimpleNamespace(**{**said, 'service': service, 'remote_role': role, 'row': None, 'item': None, **facts})


def test_the_identity_of_a_template():
    full = template(feature=SimpleNamespace(slug='pmm'), dns_names=['a.example'], row=3, item=2, key='k')
    assert identity_of(full, of=full) == Need(
        'HTTPS', 'outbound', 'vendor', 'license check', 'pmm', frozenset({'a.example'}), (3, 2), 'k'
    )
    assert identity_of(full, of=full).of is full
    assert identity_of(template(), of=1) == Need('HTTPS', 'outbound', 'vendor', 'license check', place_in_table=(0, 0))


# -- two releases


@pytest.mark.parametrize('moved', ['service', 'direction', 'role'])
def test_a_need_may_move_to_another_place_in_the_next_release(moved):
    other = {'service': 'SMTP', 'direction': 'inbound', 'role': 'peer'}[moved]
    old = [need('license check'), need('virus patterns')]
    new = [need('virus patterns', **{moved: other}), need('license check')]
    assert (old[1], None) in pair(old, new)
    assert pair_releases(old, new) == [(old[0], new[1]), (old[1], new[0])]
    # The very needs, with what the caller wants back
    assert all(o is old[i] and n is new[1 - i] for i, (o, n) in enumerate(pair_releases(old, new)))


def test_a_need_that_moved_in_two_ways_is_another_one():
    old, new = need('license check'), need('license check', service='SMTP', role='peer')
    assert pair_releases([old], [new]) == [(old, None), (None, new)]


def test_the_same_place_wins_over_another_one():
    old = need('license check')
    moved, stayed = need('license check', role='peer'), need('license check')
    assert pair_releases([old], [moved, stayed]) == [(old, stayed), (None, moved)]


def test_a_direction_is_given_up_before_a_role_and_a_role_before_a_service():
    old = need('license check')
    direction, role, service = (
        need('license check', direction='inbound'),
        need('license check', role='peer'),
        need('license check', service='SMTP'),
    )
    assert pair_releases([old], [service, role, direction])[0] == (old, direction)
    assert pair_releases([old], [service, role])[0] == (old, role)


def test_of_two_releases_every_need_comes_back_once():
    old = [need(f'purpose {n}') for n in range(3)] + [need('gone')]
    new = [need(f'purpose {n}', direction='inbound') for n in range(3)] + [need('added', service='DNS')]
    pairs = pair_releases(old, new)
    assert sorted(o.purpose for o, _new in pairs if o) == sorted(o.purpose for o in old)
    assert sorted(n.purpose for _old, n in pairs if n) == sorted(n.purpose for n in new)
    assert pairs[-2:] == [(old[-1], None), (None, new[-1])]
