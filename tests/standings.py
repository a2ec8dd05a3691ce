"""Rules of given standings, for tests that have no change requests."""

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest import mock

from netbox_gwports.rules import standing as rules_standing
from netbox_gwports.rules.rule import Rule

# The modules that ask how rules stand
MODULES = ('requirements.standing', 'requirements.upgrade', 'branching.changes')


@contextmanager
def standings(of: Callable[[Rule], str] | None = None, **by_name: str) -> Generator[None]:
    """The rules that are resolved inside have the standing that ``of`` gives, or that of the name of their flows."""

    def standing(rule):
        return of(rule) if of else next((by_name[f.name] for f in rule.flows if f.name in by_name), rule.standing)

    def stand(*args):
        found = rules_standing.stand(*args)
        rules = tuple(replace(rule, standing=standing(rule)) for rule in found.resolution.rules)
        return replace(found, resolution=replace(found.resolution, rules=rules))

    with ExitStack() as patched:
        for name in MODULES:
            if module := sys.modules.get(f'netbox_gwports.{name}'):
                patched.enter_context(mock.patch.object(module, 'stand', stand))
        yield
