"""Features and their parents: a feature is in use only together with all of its ancestors."""

from collections.abc import Iterable, Mapping

__all__ = ('ancestors', 'complete', 'in_use')


def ancestors(pk: int, parent_of: Mapping[int, int | None]) -> tuple[int, ...]:
    """The primary keys of its parent, the parent's parent and so on.

    Ends with a feature without a parent, with one that ``parent_of`` does not have, or with one that appears twice.
    """
    found = [pk]
    while (parent := parent_of.get(found[-1])) is not None:
        found.append(parent)
        if parent in found[:-1]:
            break
    return tuple(found[1:])


def complete(pks: Iterable[int], parent_of: Mapping[int, int | None]) -> set[int]:
    """These features and all of their ancestors."""
    pks = set(pks)
    return pks.union(*(ancestors(pk, parent_of) for pk in pks))


def in_use(parent_of: Mapping[int, int | None]) -> set[int]:
    """Of the chosen features, those whose ancestors are all chosen. A loop of parents is not in use."""
    lines = {pk: (pk, *ancestors(pk, parent_of)) for pk in parent_of}
    return {pk for pk, line in lines.items() if parent_of.keys() >= {*line} and len({*line}) == len(line)}
