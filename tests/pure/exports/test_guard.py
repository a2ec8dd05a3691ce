"""What aerleon would misread is refused."""

import pytest

from netbox_gwports.exports import (
    ExportError,
)
from netbox_gwports.exports.firewall.guard import generate

TERM = {'name': 't', 'protocol': 'tcp', 'action': 'accept', 'source-address': 'A', 'destination-port': 'P'}
DEFINED = {'A': {'values': [{'address': '192.0.2.1/32'}]}}, {'P': [{'protocol': 'tcp', 'port': '443'}]}


def guarded(**changes):
    term = {**TERM, **{key.replace('_', '-'): value for key, value in changes.items()}}
    header = {'targets': {'nftables': 'mixed forward'}}
    return generate([{'header': header, 'terms': [term]}], *DEFINED)


def test_the_guard_lets_a_sound_policy_pass():
    assert 'ip saddr 192.0.2.1/32' in guarded()


@pytest.mark.parametrize('changes', [
    {'source_address': None}, {'source_address': ''}, {'source_address': []}, {'destination_port': ()},
    {'destination_prot': 'P'}, {'expiration': 'never'}, {'protocol': ['tcp', 'udp']}, {'protocol': ['tcp']},
    {'source_address': 'MISSING'}, {'action': 'perhaps'},
])  # fmt: skip
def test_the_guard_refuses_what_aerleon_would_take_for_something_else(changes):
    with pytest.raises(ExportError):
        guarded(**changes)


def test_the_guard_refuses_warnings():
    header = {'targets': {'speedway': 'FORWARD DROP inet'}}
    term = {'name': 't', 'protocol': 'icmpv6', 'action': 'accept'}
    with pytest.raises(ExportError, match='did not write all of it'):
        generate([{'header': header, 'terms': [term]}], *DEFINED)
    with pytest.raises(ExportError):
        generate([{'header': {'targets': {'no_such_target': ''}}, 'terms': [TERM]}], *DEFINED)


def test_the_guard_leaves_no_handler_behind():
    from absl import logging

    before = list(logging.get_absl_logger().handlers), logging.get_absl_logger().propagate
    with pytest.raises(ExportError):
        guarded(source_address='MISSING')
    assert (list(logging.get_absl_logger().handlers), logging.get_absl_logger().propagate) == before
