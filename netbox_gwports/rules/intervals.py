"""Which intervals contain which: addresses of one family and VRF, ports of one protocol."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from typing import Protocol

__all__ = ('Interval', 'containing')


class Interval(Protocol):
    """Inclusive, from ``first`` to ``last``; only those of the same ``space`` have anything in common."""

    @property
    def first(self) -> int: ...

    @property
    def last(self) -> int: ...

    @property
    def space(self) -> Hashable: ...


def containing[T: Interval](intervals: Iterable[T]) -> Iterator[tuple[T, list[T]]]:
    """Each interval with all those that contain it, itself included. The intervals differ from each other.

    Each is compared only with those that it overlaps.
    """
    spaces: dict[Hashable, list[T]] = defaultdict(list)
    for interval in intervals:
        spaces[interval.space].append(interval)
    for group in spaces.values():
        open_: list[T] = []
        for interval in sorted(group, key=lambda each: (each.first, -each.last)):
            open_ = [other for other in open_ if other.last >= interval.first]
            open_.append(interval)
            yield interval, [other for other in open_ if other.last >= interval.last]
