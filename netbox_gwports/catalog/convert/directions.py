"""The direction of a connection, from a column of directions or from source and destination."""

import re

from ...rules.constants import INBOUND, OUTBOUND

__all__ = ('Product', 'in_prose', 'of_text')

IN, OUT = INBOUND, OUTBOUND
WAYS = {
    **dict.fromkeys(('in', 'inbound', 'incoming', 'ingress', '←', '⇐', '<-'), (IN,)),
    **dict.fromkeys(('out', 'outbound', 'outgoing', 'egress', '→', '⇒', '->'), (OUT,)),
    **dict.fromkeys(('both', 'bidirectional', 'bi-directional', 'two-way', '↔', '⇄', '⇆', '⇔', '<->'), (OUT, IN)),
}
TOKEN = re.compile(r'<-+>|<-+|-+>|[←→↔⇄⇆⇐⇒⇔]|two-way|bi-?\s?directional|\w+')
ADDED = {'and', 'or', 'direction', 'directions', 'only', 'traffic', 'connection', 'connections', 'ways'}
PROSE = re.compile(r'\b(inbound|incoming|outbound|outgoing)\b', re.IGNORECASE)
BETWEEN = re.compile(r'\s+to\s+|\s*(?:→|⇒|-+>|=+>)\s*', re.IGNORECASE)
# Words that mean the product itself, and words that may accompany them
ITSELF = {'gateway', 'appliance', 'gateways', 'appliances', 'product', 'itself', 'localhost'}
BESIDE = {
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
        if token in WAYS:
            found.update(WAYS[token])
        elif token in ADDED:
            alternative |= token == 'or'
        else:
            return (), False
    return tuple(way for way in (OUT, IN) if way in found), alternative and len(found) > 1


def in_prose(text: str) -> tuple[str, ...]:
    """The directions mentioned in a sentence."""
    words = {word.casefold() for word in PROSE.findall(text)}
    return tuple(
        way for way, names in ((OUT, {'outbound', 'outgoing'}), (IN, {'inbound', 'incoming'})) if words & names
    )


class Product:
    """Recognizes references to the product: its name, its initials, "the gateway" and similar words."""

    def __init__(self, manufacturer: str, name: str) -> None:
        self.name = name.casefold()
        words = WORD.findall(f'{manufacturer} {name}'.casefold())
        initials = ''.join(word[0] for word in WORD.findall(self.name))
        self.itself = ITSELF | ({initials} if len(initials) > 1 else set())
        self.beside = BESIDE | set(words)

    def is_in(self, text: str) -> bool:
        words = WORD.findall(text.casefold().replace(self.name, 'itself'))
        return bool(self.itself & set(words)) and set(words) <= self.itself | self.beside

    def way(self, source: str, destination: str) -> tuple[str, ...]:
        """The directions: both if the product is at both ends, none if it is at neither."""
        ways = ((OUT, self.is_in(source)), (IN, self.is_in(destination)))
        return tuple(way for way, found in ways if found)

    def split(self, text: str) -> tuple[str, str] | None:
        """(source, destination) of "gateway to Internet" and "gateway -> Internet"."""
        parts = [part.strip() for part in BETWEEN.split(text)]
        return (parts[0], parts[1]) if len(parts) == 2 and all(parts) else None
