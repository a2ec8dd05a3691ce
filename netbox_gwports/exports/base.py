"""What a format must provide."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

from ..rules.rule import Rule
from .options import Options
from .rendering import Material, Skipped

__all__ = ('CONTRACT', 'Exporter', 'Reason', 'Work', 'Written')

# The version of what a format must provide and may use: see docs/development/index.md
CONTRACT = 1

# Why a rule is not in a file: a code, and a text that explains it
type Reason = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Written:
    """What a format wrote: the file and the keys of the rules in it."""

    content: str | bytes
    keys: frozenset[str]


@dataclass(frozen=True)
class Work:
    """What a format has to write: all of ``rules``. ``header`` holds lines for its top, ``skipped`` what it lacks."""

    material: Material
    options: Options
    rules: tuple[Rule, ...]
    skipped: tuple[Skipped, ...]
    header: tuple[str, ...]

    @property
    def prefix(self) -> str:
        """What the names of everything that the file creates begin with."""
        return self.options.prefix or self.material.prefix

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(rule.key for rule in self.rules)


class Exporter(ABC):
    """A format. Register subclasses with the plugin's setting ``exporters``. There is one instance, without state.

    ``options`` are the names of the options that it uses. ``requires`` is (module, requirement for pip) of a package
    that may be missing. ``translates`` is the address that its policy matches where there is NAT: ``inside`` or
    ``outside``. ``apply_hint`` is how its files are applied.
    """

    name = ''
    label = ''
    kind = 'document'
    extension = 'txt'
    media_type = 'text/plain; charset=utf-8'
    options: tuple[str, ...] = ('zone', 'direction', 'standing', 'strict')
    requires: tuple[str, str] | None = None
    translates = 'inside'
    apply_hint = ''

    def unavailable(self) -> str:
        """Why the format cannot be used here; empty if it can."""
        if self.requires is None or find_spec(self.requires[0]) is not None:
            return ''
        module, requirement = self.requires
        return f'{self.label} needs {module}: install {requirement}.'

    def refuse(self, rule: Rule, options: Options) -> Reason | None:
        """Why this format cannot express this rule, or None. Called for every rule."""
        return None

    def out_of_scope(self, rule: Rule, options: Options) -> Reason | None:
        """Why this rule does not belong in this kind of file, or None."""
        return None

    def covered(self, rules: Iterable[Rule], wanted: Iterable[Rule], options: Options) -> Mapping[str, str]:
        """Key of a rule -> key of a broader one that permits it, for those of ``wanted`` that need not be written.

        ``rules`` are those that the format can express: the broader ones must be among them.
        """
        return {}

    def conflicts(self, rules: Iterable[Rule]) -> Mapping[str, Reason]:
        """Key of a rule -> why it cannot be in one file with the others."""
        return {}

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        """What else the reader of the file has to know; it is written on its top."""
        return ()

    @abstractmethod
    def write(self, work: Work) -> Written:
        """The file. Every rule of ``work.rules`` must be in it."""
