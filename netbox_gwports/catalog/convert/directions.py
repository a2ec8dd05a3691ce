"""The direction of a connection, from a column of directions or from source and destination."""

import re
from collections.abc import Iterable

from ...rules.constants import INBOUND, OUTBOUND

__all__ = ('Product', 'in_prose', 'of_text')

IN, OUT = INBOUND, OUTBOUND
NAMES = {
    **dict.fromkeys(
        ('in', 'inbound', 'incoming', 'ingress', 'listening', 'listen', 'listens', 'listener', '←', '⇐', '<-'), (IN,)
    ),
    **dict.fromkeys(('out', 'outbound', 'outgoing', 'egress', 'outwards', '→', '⇒', '->'), (OUT,)),
    **dict.fromkeys(
        ('both', 'bidirectional', 'bi-directional', 'two-way', 'inout', '↔', '⇄', '⇆', '⇔', '<->'), (OUT, IN)
    ),
}
TOKEN = re.compile(r'<-+>|<-+|-+>|[←→↔⇄⇆⇐⇒⇔]|two-way|bi-?\s?directional|\w+|[^\s\w,;/&+|()-]')
FILLERS = {'and', 'or', 'direction', 'directions', 'only', 'traffic', 'connection', 'connections', 'ways'}
PROSE = re.compile(r'\b(inbound|incoming|outbound|outgoing)\b', re.IGNORECASE)
BETWEEN = re.compile(r'\s+to\s+|\s*(?:→|⇒|-+>|=+>)\s*', re.IGNORECASE)
# Words that mean the product, and words that may stand with them
SELF_WORDS = {'gateway', 'appliance', 'gateways', 'appliances', 'product', 'itself', 'localhost'}
COMPANIONS = {
    'the', 'this', 'a', 'ip', 'ips', 'address', 'addresses', 'interface', 'interfaces', 'management', 'external',
    'internal', 'host', 'server', 'system', 'device', 'virtual', 'hardware', 'of', 'any', 'all', 'each', 'your',
}  # fmt: skip
WORD = re.compile(r'\w+')


def of_text(text: str) -> tuple[tuple[str, ...], bool]:
    """(directions, whether they are alternatives) of a cell; no directions if it contains any other word."""
    found: set[str] = set()
    alternative = False
    for token in TOKEN.findall(text.casefold()):
        token = re.sub('-{2,}', '-', token).replace(' ', '')
        if token in NAMES:
            found.update(NAMES[token])
        elif token in FILLERS:
            alternative |= token == 'or'
        else:
            return (), False
    return tuple(direction for direction in (OUT, IN) if direction in found), alternative and len(found) > 1


def in_prose(text: str) -> tuple[str, ...]:
    """The directions mentioned in a sentence."""
    words = {word.casefold() for word in PROSE.findall(text)}
    return tuple(
        direction
        for direction, names in ((OUT, {'outbound', 'outgoing'}), (IN, {'inbound', 'incoming'}))
        if words & names
    )


class Product:
    """Recognizes references to the product: its name, its initials, "the gateway" and similar words.

    ``itself``: what a person said that the table calls it. General words such as "gateway" then mean something else.
    """

    def __init__(self, manufacturer: str, name: str, itself: Iterable[str] = ()) -> None:
        self.name = name.casefold()
        self.itself = {_plain(text) for text in itself}
        words = WORD.findall(f'{manufacturer} {name}'.casefold())
        initials = ''.join(word[0] for word in WORD.findall(self.name))
        self.names = {initials} if len(initials) > 1 else set()
        self.companions = COMPANIONS | set(words)

    def is_in(self, text: str) -> bool:
        return self._rank(text) > 0

    def _rank(self, text: str) -> int:
        """How certainly the text means the product: 3 as a person said, 2 by name, 1 by a general word, or 0."""
        if _plain(text) in self.itself:
            return 3
        words = set(WORD.findall(text.casefold().replace(self.name, 'itself')))
        if words & (self.names | {'itself'}) and words <= self.names | SELF_WORDS | self.companions:
            return 2
        return int(not self.itself and bool(words & SELF_WORDS) and words <= SELF_WORDS | self.companions)

    def directions(self, source: str, destination: str) -> tuple[str, ...]:
        """Both if the product is at both ends, none if it is at neither."""
        ranks = ((OUT, self._rank(source)), (IN, self._rank(destination)))
        # Beside the product's name, "gateway" is another one
        highest = max(rank for _, rank in ranks)
        return tuple(direction for direction, rank in ranks if rank and rank == highest)

    def split(self, text: str) -> tuple[str, str] | None:
        """(source, destination) of "gateway to Internet" and "gateway -> Internet"."""
        parts = [part.strip() for part in BETWEEN.split(text)]
        return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None


def _plain(text: str) -> str:
    return ' '.join(WORD.findall(text.casefold()))
