"""Doubts about a table, and the error for a text that cannot be converted."""

from dataclasses import dataclass

__all__ = ('ConversionError', 'Doubt', 'Doubts', 'Reporter', 'short')


class ConversionError(Exception):
    """A text cannot be converted. ``line`` counts from 1, and is 0 for the whole text; ``mend``: how to fix it."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        self.line, self.message, self.mend = line, message, mend
        super().__init__(f'{f"line {line}: " if line else ""}{message}: {mend}')


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the table does not state explicitly.

    ``line`` is the line of the input, from 1, and ``row`` the row of the table; 0 and None for the whole table.
    ``field`` is the catalog key, ``unsure`` the open question, ``wrote`` the value in the draft, and ``check`` what the
    user should do. Each text is a single line.
    """

    line: int
    row: int | None
    field: str
    unsure: str
    wrote: str
    check: str

    def __str__(self) -> str:
        place = ', '.join(
            part for part in (f'line {self.line}' if self.line else '', f'row {self.row}' if self.row else '') if part
        )
        return f'{place or "whole table"}: {self.field}: {self.unsure}; in the draft: {self.wrote}; {self.check}'


class Doubts:
    """Collects doubts without duplicates."""

    def __init__(self) -> None:
        self.found: dict[Doubt, None] = {}

    def at(self, line: int = 0, row: int | None = None) -> 'Reporter':
        return Reporter(self, line, row)


@dataclass(frozen=True, slots=True)
class Reporter:
    """Reports doubts about one row."""

    doubts: Doubts
    line: int
    row: int | None

    def __call__(self, field: str, unsure: str, wrote: str, check: str, line: int = 0) -> None:
        # Cells may contain line breaks
        texts = (' '.join(text.split()) for text in (unsure, wrote, check))
        self.doubts.found[Doubt(line or self.line, self.row, field, *texts)] = None


def short(text: str, longest: int = 60) -> str:
    """The text in quotes, truncated, to be found in the table."""
    text = ' '.join(text.split())
    return f'"{text[:longest].rstrip()}…"' if len(text) > longest else f'"{text}"'
