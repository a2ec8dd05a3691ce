"""What a table leaves open, told line by line, and the one error for a text that is no such table."""

from dataclasses import dataclass

__all__ = ('ConversionError', 'Doubt', 'Doubts', 'Teller', 'short')


class ConversionError(Exception):
    """A text cannot be converted. ``line`` is its line, from 1, or 0 where the whole is meant; ``mend`` what to do."""

    def __init__(self, line: int, message: str, mend: str) -> None:
        self.line, self.message, self.mend = line, message, mend
        super().__init__(f'{f"line {line}: " if line else ""}{message}: {mend}')


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that the table does not say in so many words.

    ``line`` is the line of the input, from 1, and ``row`` the row of the table; 0 and None where the whole is meant.
    ``field`` is the key of the catalog, ``unsure`` what was not sure, ``wrote`` what stands in the draft for it, and
    ``check`` what somebody has to look at. All are one line of text.
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
        return f'{place or "whole table"}: {self.field}: {self.unsure}; wrote {self.wrote}; {self.check}'


class Doubts:
    """Collects them, each once."""

    def __init__(self) -> None:
        self.found: dict[Doubt, None] = {}

    def at(self, line: int = 0, row: int | None = None) -> 'Teller':
        return Teller(self, line, row)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells doubts about one row."""

    doubts: Doubts
    line: int
    row: int | None

    def __call__(self, field: str, unsure: str, wrote: str, check: str, line: int = 0) -> None:
        # One line, whatever strangers wrote into a cell
        texts = (' '.join(text.split()) for text in (unsure, wrote, check))
        self.doubts.found[Doubt(line or self.line, self.row, field, *texts)] = None


def short(text: str, longest: int = 60) -> str:
    """In quotes, cut where it is long: enough to find it in the table."""
    text = ' '.join(text.split())
    return f'"{text[:longest].rstrip()}…"' if len(text) > longest else f'"{text}"'
