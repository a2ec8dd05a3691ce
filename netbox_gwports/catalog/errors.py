"""The errors of a catalog, all reported at once: a catalog with an error is neither read nor loaded in part."""

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ('CatalogError', 'Problem', 'Problems')

# Another kind of file can have an error in every line
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Problem:
    """One error.

    ``entry`` is the place in the document (``rows[2].items[0] (row 3)``, or ``line 12``), ``field`` the key in it,
    ``message`` what is wrong and how to correct it. ``entry`` and ``field`` are empty for the document as a whole.
    """

    file: str
    entry: str
    field: str
    message: str

    def __str__(self) -> str:
        return ': '.join(part for part in (self.file, self.entry, self.field, self.message) if part)


class CatalogError(Exception):
    """A catalog is refused. ``problems`` is a tuple of Problem; as text, one line per problem."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(dict.fromkeys(problems))
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        if len(self.problems) > SHOWN:
            lines.append(f'and {len(self.problems) - SHOWN} more')
        super().__init__('\n'.join(lines))


class Problems:
    """Collects the errors of one file."""

    def __init__(self, file: str):
        self.file = file
        self.found: list[Problem] = []

    def add(self, entry: str, field: str, message: str) -> None:
        # One line, whatever is in a key or a value
        field, message = (' '.join(text.split()) for text in (field, message))
        self.found.append(Problem(self.file, entry, field[:60], message))

    def stop(self) -> None:
        """Raise CatalogError if anything was found."""
        if self.found:
            raise CatalogError(self.found)
