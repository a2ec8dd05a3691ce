"""The values that are stored in the database, sent by the APIs and written in catalogs."""

from netbox_gwports.rules import constants


def test_the_stored_values():
    assert constants.DIRECTIONS == ('inbound', 'outbound')
    assert constants.ZONES == ('internet', 'internal', 'dmz', 'management')
    assert constants.REMOTE_KINDS == ('named', 'any', 'peers', 'proxy')


def test_the_standings_from_the_least_to_the_most_advanced():
    assert constants.STANDINGS == ('not_requested', 'rejected', 'requested', 'unapproved', 'approved', 'in_place')
    assert constants.TO_CLOSE == 'to_close' and constants.TO_CLOSE not in constants.STANDINGS
