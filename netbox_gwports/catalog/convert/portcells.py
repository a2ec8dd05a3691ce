"""A cell of ports, in the shapes that vendors print, as ranges with the protocols that stand beside them."""

import re
from typing import Any, NamedTuple

from ...rules.ports import HIGHEST, PORTLESS
from .errors import Teller, short

__all__ = ('NOTHING', 'Piece', 'pieces')

NOTHING = re.compile(r'(?i)\s*(?:n/a|none|not applicable|[-–—−]+|)\s*')
TOKEN = re.compile(
    r'(?P<ip>(?:ip[ ]?)?(?:protocol|proto)[ ]?(?:number[ ]?)?(?P<number>\d{1,3})|ip[ /](?P<number2>\d{1,3}))(?!\d)'
    r'|(?P<range>\d+\s*(?:-|:|\bto\b|\bthrough\b)\s*\d+)'
    r'|(?P<above>(?:>=|≥|from|above|over|>)\s*\d+|\d+\s*(?:\+|and (?:above|higher|up)\b|or (?:above|higher)\b))'
    r'|(?P<port>\d+)'
    r'|(?P<protocol>(?:tcp|udp|sctp|icmpv6|icmp|esp|ah|gre)(?![a-z]))'
    r'|(?P<any>\b(?:any|all)(?: ports?)?\b|(?<![\w*])\*(?![\w*]))'
    r'|(?P<high>\b(?:ephemeral|dynamic|random|high)(?: ports?)?\b)'
    r'|(?P<source>\bsource(?: ports?)?:?\s*[\d\s-]+)'
    r'|(?P<or>\bor\b)'
    r'|(?P<mark>[*†‡¹²³]+|\(\d\))'
    r'|(?P<ignored>\band\b|\bports?\b|[\s,;:/&+|()\[\]])'
    r'|(?P<word>[^\s,;:/&+|()\[\]]+)',
    re.IGNORECASE,
)
DASHES = str.maketrans('–—−‑‐', '-----')


class Piece(NamedTuple):
    """One range of ports; no ``protocols`` where none stand beside it, no ports (0) for a portless protocol."""

    first: int
    last: int
    protocols: tuple[str, ...] = ()


def pieces(text: str, given: tuple[str, ...], tell: Teller) -> list[Piece]:
    """The ranges in the cell; ``given`` are the protocols of the column beside it. What cannot be read is told."""
    tokens: list[str | Piece | None] = []
    words: list[str] = []
    kinds: set[str | None] = set()
    for match in TOKEN.finditer(text.translate(DASHES)):
        kind, value = match.lastgroup, match[0].strip().casefold()
        kind = 'ip' if match['ip'] else kind
        kinds.add(kind)
        if kind == 'protocol':
            tokens.append(value)
        elif kind == 'ip':
            number = int(match['number'] or match['number2'])
            name = {1: 'icmp', 6: 'tcp', 17: 'udp', 132: 'sctp'} | {n: name for name, n in PORTLESS.items()}
            tokens.append(name.get(number, f'ip/{number}' if number <= 255 else ''))
        elif kind in ('port', 'range', 'above', 'any'):
            tokens.append(_range(kind, value, text, tell))
        elif kind in ('word', 'high', 'source'):
            words.append(match[0].strip())
    if words and not NOTHING.fullmatch(text):
        what = 'are no destination ports' if kinds & {'high', 'source'} else 'cannot be read as a port'
        tell('ports', f'{short(" ".join(words))} {what}', 'the rest of the cell', f'read {short(text)}')
    if 'mark' in kinds:
        tell('ports', f'{short(text)} has a footnote mark', 'the ports without it', 'read the footnote')
    if 'or' in kinds:
        tell(
            'ports',
            f'{short(text)} are alternatives',
            'all of them as one service',
            'make each a service with a feature of its own if only one is needed',
        )
    return _bind([token for token in tokens if token], text, given, tell)


def _range(kind: str, value: str, text: str, tell: Teller) -> Piece | None:
    if kind == 'any':
        return Piece(1, HIGHEST)
    numbers = [int(number) for number in re.findall(r'\d{1,9}', value)]
    first, last = numbers[0], numbers[-1]
    if kind == 'above':
        first, last = (first + 1 if value[0] == '>' and value[1:2] != '=' or value[:1] in 'ao' else first), HIGHEST
        tell('ports', f'{short(value)} has no end', f'{first}-{last}', 'check that no source ports are meant')
    elif (first, last) == (0, HIGHEST):
        first = 1
    if 1 <= first <= last <= HIGHEST:
        return Piece(first, last)
    tell('ports', f'{short(value)} in {short(text)} is no port', 'nothing for it', 'ports are 1 to 65535')
    return None


def _bind(tokens: list[str | Piece], text: str, given: tuple[str, ...], tell: Teller) -> list[Piece]:
    """Protocols go with the ports after them if one begins the cell ("TCP 443"), or else with those before them."""
    runs: list[list[Any]] = []
    for token in tokens:
        if runs and isinstance(runs[-1][-1], str) == isinstance(token, str):
            runs[-1].append(token)
        else:
            runs.append([token])
    before = bool(runs) and isinstance(runs[0][0], str)
    found: list[Piece] = []
    unclear = False
    for index, run in enumerate(runs):
        if isinstance(run[0], str):
            # A protocol without ports stands for itself, also beside others
            found += [Piece(0, 0, (name,)) for name in run if name in PORTLESS or name.startswith('ip/')]
            continue
        beside = index - 1 if before else index + 1
        near = runs[beside] if 0 <= beside < len(runs) else []
        names = tuple(dict.fromkeys(name for name in near if name in ('tcp', 'udp', 'sctp')))
        unclear |= not names and len(runs) > 1 and not given
        found += [Piece(piece.first, piece.last, names) for piece in run]
    if unclear:
        tell('ports', f'{short(text)} names a protocol for some ports only', 'what is usual for the others', 'check it')
    named = [token for token in tokens if isinstance(token, str)]
    if before and len(runs) > 2 and re.match(r'\s*\d', text):
        tell('ports', f'{short(text)} mixes the order of ports and protocols', 'ports after their protocol', 'check it')
    if named and given and not set(named) <= set(given):
        tell(
            'ports',
            f'{short(text)} names other protocols than {"/".join(given)} beside it',
            'those beside the port',
            'check it',
        )
    return found
