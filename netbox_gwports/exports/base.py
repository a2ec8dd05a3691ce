"""What a format has to say and do."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec

from ..rules.compact import Line, compact
from ..rules.rule import Rule
from .options import Options
from .rendering import Material, Skipped

__all__ = ('Exporter', 'Work', 'Written')


@dataclass(frozen=True, slots=True)
class Written:
    """What a format wrote: the file and the keys of the rules in it."""

    content: str | bytes
    keys: frozenset[str]


@dataclass(frozen=True)
class Work:
    """What a format has to write: ``rules`` all of them, ``skipped`` to be told, ``header`` lines for its top."""

    material: Material
    options: Options
    rules: tuple[Rule, ...]
    skipped: tuple[Skipped, ...]
    header: tuple[str, ...]

    @cached_property
    def lines(self) -> list[Line]:
        """The rules joined where that is exact, of one family each."""
        return compact(self.rules)

    @cached_property
    def keys(self) -> frozenset[str]:
        return frozenset(rule.key for rule in self.rules)


class Exporter(ABC):
    """A format. Register it with the plugin's setting ``exporters``; it is made once, and keeps no state.

    ``options`` are the names of the options that it heeds. ``requires`` is (module, extra) of a package that may be
    missing. ``translates`` says which address its policy matches where there is NAT: ``inside`` or ``outside``.
    """

    name = ''
    label = ''
    kind = 'document'
    extension = 'txt'
    media_type = 'text/plain; charset=utf-8'
    options: tuple[str, ...] = ('zone', 'direction', 'state', 'strict')
    requires: tuple[str, str] | None = None
    translates = 'inside'
    apply_hint = ''

    def unavailable(self) -> str:
        """Why it cannot be used here, or nothing."""
        if self.requires and find_spec(self.requires[0]) is None:
            return f'{self.label} needs {self.requires[0]}: install netbox-gwports[{self.requires[1]}].'
        return ''

    def refuse(self, rule: Rule, options: Options) -> tuple[str, str] | None:
        """(code, words) why this format cannot say this rule, or None. Called for every needed rule."""
        return None

    def out_of_scope(self, rule: Rule, options: Options) -> tuple[str, str] | None:
        """(code, words) why this rule has no place in this kind of file, or None."""
        return None

    def covered(self, rules: Iterable[Rule], wanted: Iterable[Rule], options: Options) -> dict[str, str]:
        """Key -> key of a broader rule that permits it, for what need not be written of all that is wanted.

        ``rules`` are those that the format can say.
        """
        return {}

    def conflicts(self, rules: Iterable[Rule]) -> dict[str, tuple[str, str]]:
        """Key -> (code, words) why rules cannot stand beside the others of the file."""
        return {}

    def warnings(self, rules: Iterable[Rule], options: Options) -> tuple[str, ...]:
        """What else the reader of the file has to know; it stands on its top."""
        return ()

    @abstractmethod
    def write(self, work: Work) -> Written:
        """The file. Every rule of ``work.rules`` has to be in it."""
