"""Everything that is wrong with a document, told at once: nothing is half-read."""

from dataclasses import dataclass

__all__ = ('CatalogError', 'Problem', 'Problems')


@dataclass(frozen=True, slots=True)
class Problem:
    """``entry`` is the place in the document (``rows[2].items[0]``), ``message`` says what is wrong and the mend."""

    file: str
    entry: str
    field: str
    message: str

    def __str__(self):
        return ': '.join(part for part in (self.file, self.entry, self.field, self.message) if part)


class CatalogError(Exception):
    def __init__(self, problems):
        self.problems = tuple(problems)
        super().__init__('\n'.join(str(problem) for problem in self.problems))


class Problems:
    """Collects problems of one file; ``stop()`` raises them."""

    def __init__(self, file):
        self.file = file
        self.found = []

    def add(self, entry, field, message):
        self.found.append(Problem(self.file, entry, field, message))

    def stop(self):
        if self.found:
            raise CatalogError(self.found)
