"""Rules of given standings, for tests that have no change requests."""

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from unittest import mock

from netbox_gwports.rules import build
from netbox_gwports.rules.rule import Rule

# The modules that resolve
MODULES = ('netbox_gwports.requirements', 'netbox_gwports.branching.changes')


@contextmanager
def standings(of: Callable[[Rule], str] | None = None, **by_name: str) -> Generator[None]:
    """The rules that are resolved inside have the standing that ``of`` gives, or that of the name of their flows."""

    def standing(rule):
        return of(rule) if of else next((by_name[f.name] for f in rule.flows if f.name in by_name), rule.standing)

    def resolve(*args):
        found = build.resolve(*args)
        return replace(found, rules=tuple(replace(rule, standing=standing(rule)) for rule in found.rules))

    with ExitStack() as patched:
        for name in MODULES:
            if name in sys.modules:
                patched.enter_context(mock.patch.object(sys.modules[name], 'resolve', resolve))
        yield
