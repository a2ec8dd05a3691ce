"""The generated gateways that the tests of rules share: the same in every run, each resolved once."""

import os
from functools import cache
from random import Random
from typing import NamedTuple

from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import GatewayNeeds
from netbox_gwports.rules.rule import Resolution

from .generate import gateway

__all__ = ('CHUNKS', 'COUNT', 'examples')

# More, or others: EXAMPLES=20000 SEED=7 python3 -m demo test-fast tests/pure/rules
COUNT = int(os.environ.get('EXAMPLES') or 2000)
SEED = int(os.environ.get('SEED') or 0)
# A test takes one chunk, so that the first failure is not far
CHUNKS = range(COUNT // 100)


class Example(NamedTuple):
    """``gateway(Random(seed))`` makes ``needs`` again."""

    seed: str
    needs: GatewayNeeds
    resolution: Resolution


@cache
def examples(chunk: int) -> list[Example]:
    found = []
    for number in range(100 * chunk, 100 * chunk + 100):
        seed = f'{SEED}.{number}'
        needs = gateway(Random(seed))
        found.append(Example(seed, needs, resolve(needs)))
    return found
