"""Doubts about a table, what is undecided in it, and the error for a text that cannot be converted."""

from dataclasses import dataclass, replace

__all__ = (
    'MEANING',
    'OPENS',
    'WEIGHTS',
    'WORDING',
    'ConversionError',
    'Doubt',
    'Doubts',
    'Reporter',
    'Undecided',
    'short',
)

# How much a doubt matters: the draft may open ports that the table does not; it may mean something else; or it only
# concerns words
OPENS, MEANING, WORDING = 'opens', 'meaning', 'wording'
WEIGHTS = (OPENS, MEANING, WORDING)
# Doubts about these keys concern words; those about others change the meaning, unless they say that they open ports
WORDS = {'application_protocol', 'clear_text', 'features', 'notes', 'purpose', 'replaceable'}


class ConversionError(Exception):
    """A text cannot be converted. ``line`` counts from 1, and is 0 for the whole text; ``mend``: how to fix it."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        self.line, self.message, self.mend = line, message, mend
        super().__init__(f'{f"line {line}: " if line else ""}{message}: {mend}')


class Undecided(Exception):
    """A cell is not understood: nothing of it is written. ``question``: the name of the answer that decides it."""

    def __init__(self, field: str, why: str, question: str = '') -> None:
        self.field, self.why, self.question = field, ' '.join(why.split()), question
        super().__init__(self.why)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the table does not state explicitly.

    ``line`` is the line of the input, from 1, and ``row`` the row of the table; 0 and None for the whole table.
    ``field`` is the catalog key, ``unsure`` the open question, ``wrote`` the value in the draft, and ``check`` what the
    user should do. Each text is a single line. ``weight`` is one of WEIGHTS, ``ports`` what the draft has for the row.
    """

    line: int
    row: int | None
    field: str
    unsure: str
    wrote: str
    check: str
    weight: str = MEANING
    ports: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = ', '.join(
            part
            for part in (
                f'line {self.line}' if self.line else '',
                f'row {self.row}' if self.row else '',
                ' '.join(self.ports[:10]),
            )
            if part
        )
        return f'{place or "whole table"}: {self.field}: {self.unsure}; in the draft: {self.wrote}; {self.check}'


class Doubts:
    """Collects doubts without duplicates."""

    def __init__(self) -> None:
        self.found: dict[Doubt, None] = {}

    def at(self, line: int = 0, row: int | None = None) -> 'Reporter':
        return Reporter(self, line, row)

    def sorted(self, ports: dict[int, tuple[str, ...]]) -> list[Doubt]:
        """In the order of the table; those that apply to all of it come first. ``ports``: what each row has."""
        found = [replace(doubt, ports=ports.get(doubt.row or 0, ())) for doubt in self.found]
        return sorted(found, key=lambda doubt: (doubt.row or 0, doubt.line))


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports doubts about one row."""

    doubts: Doubts
    line: int
    row: int | None

    @staticmethod
    def silent() -> 'Reporter':
        return Doubts().at()

    def __call__(
        self, field: str, unsure: str, wrote: str, check: str, line: int = 0, *, weight: str = MEANING
    ) -> None:
        # Cells may contain line breaks
        unsure, wrote, check = (' '.join(text.split()) for text in (unsure, wrote, check))
        weight = WORDING if field in WORDS and weight == MEANING else weight
        self.doubts.found[Doubt(line or self.line, self.row, field, unsure, wrote, check, weight)] = None


def short(text: str, longest: int = 60) -> str:
    """The text in quotes, truncated, to be found in the table."""
    text = ' '.join(text.split())
    return f'"{text[:longest].rstrip()}…"' if len(text) > longest else f'"{text}"'
