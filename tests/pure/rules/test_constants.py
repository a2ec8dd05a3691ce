"""The values that are stored in the database, sent by the APIs and written in catalogs."""

from netbox_gwports.rules import constants


def test_the_stored_values():
    assert constants.DIRECTIONS == ('inbound', 'outbound')
    assert constants.ZONES == ('internet', 'internal', 'dmz', 'management')
    assert constants.REMOTE_KINDS == ('named', 'any', 'peers', 'proxy')


def test_the_states_of_a_flow_from_the_first_step_to_the_furthest():
    assert constants.STATES == ('planned', 'requested', 'approved', 'implemented')
