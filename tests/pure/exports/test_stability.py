"""The same rules give the same file, also where several are written at once."""

import random
import threading
from dataclasses import replace

import pytest

from netbox_gwports.exports import (
    Material,
)
from netbox_gwports.rules.build import resolve

from ..rules.build import local
from .samples import SAMPLE, TEXTS, known, material, needs, render


def test_threads_do_not_get_each_others_addresses():
    names = ('nftables', 'iptables', 'cisco_ios', 'juniper_srx', 'fortinet_fortios')
    numbers, wrong = range(1, 5), []
    found = {
        n: material(
            ('outbound', 'tcp/443 udp/53', 'internal', [f'10.{n}.0.1']), addresses=(local(f'192.0.2.{n}'),), number=n
        )
        for n in numbers
    }
    alone = {(n, name): render(name, found[n]).content for n in numbers for name in names}

    def work(number):
        for turn in range(10):
            name = names[turn % len(names)]
            content = render(name, found[number]).content
            others = [o for o in numbers if o != number and f'10.{o}.0.1' in content]
            if others or content != alone[number, name]:
                wrong.append((number, name, others))

    threads = [threading.Thread(target=work, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


@pytest.mark.parametrize('name', TEXTS)
def test_the_same_rules_give_the_same_text_in_whatever_order_they_come(name):
    first, second = needs(*SAMPLE), needs(*SAMPLE[:3], number=2, addresses=(local('192.0.2.20'),))
    before = render(name, Material((resolve(first), resolve(second))), known(name))
    shuffled = list(first.flows)
    random.Random(3).shuffle(shuffled)
    after = render(name, Material((resolve(replace(first, flows=tuple(shuffled))), resolve(second))), known(name))
    assert before == after
