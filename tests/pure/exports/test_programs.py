"""The programs themselves read what was written for them."""

import os
import shutil
import subprocess

import pytest

from .samples import NASTY, known, nasty, render

CHECKS = {
    'nftables': ('nft', '-c', '-f'),
    'iptables': ('iptables-restore', '--test'),
    'ip6tables': ('ip6tables-restore', '--test'),
}
WAYS = {
    'networks': {},
    'logging': {'logging': True},
    'open': {'final_deny': False},
    'host': {'perspective': 'host'},
    'host, inbound only': {'perspective': 'host', 'zones': ('management',)},
    'interfaces': {'gateway_interface': 'dmz0', 'interfaces': {'internet': 'wan0', 'internal': 'lan0'}},
    'nothing': {'standings': ('in_place',)},
    'nothing on the host': {'standings': ('in_place',), 'perspective': 'host'},
}


@pytest.mark.parametrize('name', CHECKS)
@pytest.mark.parametrize('way', WAYS)
@pytest.mark.parametrize('text', ['plain', pytest.param(NASTY, marks=pytest.mark.slow)])
def test_the_programs_take_the_files(name, way, text, tmp_path):
    program, *arguments = CHECKS[name]
    missing = [each for each in (program, 'unshare') if not shutil.which(each)]
    if missing:
        pytest.skip(f'{missing[0]} is not installed')
    apart = ['unshare', '-n']
    if os.geteuid() or subprocess.run([*apart, 'true'], capture_output=True).returncode:
        pytest.skip('a network namespace of its own needs root')
    path = tmp_path / 'rules'
    path.write_text(render(name, nasty(text), known(name, **WAYS[way])).content)
    done = subprocess.run([*apart, program, *arguments, str(path)], capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, '')
