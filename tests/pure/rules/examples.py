"""The generated gateways that the tests of rules share: the same in every run, resolved once."""

import os
from functools import cache
from random import Random

from netbox_gwports.rules.build import resolve
from netbox_gwports.rules.needs import GatewayNeeds
from netbox_gwports.rules.rule import Resolution

from .generate import gateway

__all__ = ('COUNT', 'examples')

# More, or others: EXAMPLES=20000 SEED=7 python3 -m demo test-fast tests/pure/rules
COUNT = int(os.environ.get('EXAMPLES') or 2000)
SEED = int(os.environ.get('SEED') or 0)


@cache
def examples(count: int = COUNT) -> tuple[tuple[str, GatewayNeeds, Resolution], ...]:
    """(seed, what a gateway needs, its resolution): ``generate.gateway(Random(seed))`` makes it again."""
    if count < COUNT:
        return examples()[:count]
    seeds = (f'{SEED}.{number}' for number in range(count))
    needs = ((seed, gateway(Random(seed))) for seed in seeds)
    return tuple((seed, found, resolve(found)) for seed, found in needs)
