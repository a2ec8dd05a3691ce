"""Reads a cell of ports, in the forms that vendors print, as port ranges with their protocols."""

import re
from typing import Any, NamedTuple

from ...rules.ports import HIGHEST, PORTLESS
from .errors import Reporter, short

__all__ = ('EMPTY', 'Piece', 'pieces')

EMPTY = re.compile(r'(?i)\s*(?:n/a|none|not applicable|[-–—−]+|)\s*')
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
    """A port range. ``protocols`` is empty if none are stated with it; a portless protocol has ports 0-0."""

    first: int
    last: int
    protocols: tuple[str, ...] = ()


def pieces(text: str, given: tuple[str, ...], report: Reporter) -> list[Piece]:
    """The ranges in the cell. ``given``: the protocols of the protocol column. Text that cannot be read is reported."""
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
            tokens.append(_range(kind, value, text, report))
        elif kind in ('word', 'high', 'source'):
            words.append(match[0].strip())
    if words and not EMPTY.fullmatch(text):
        what = 'does not specify destination ports' if kinds & {'high', 'source'} else 'is not a port'
        report('ports', f'{short(" ".join(words))} {what}', 'the rest of the cell', f'check {short(text)}')
    if 'mark' in kinds:
        report('ports', f'{short(text)} has a footnote mark', 'the ports without the mark', 'check the footnote')
    if 'or' in kinds:
        report(
            'ports',
            f'{short(text)} are alternatives',
            'all of them in one service',
            'if only one is required, make each a service with its own feature',
        )
    return _bind([token for token in tokens if token], text, given, report)


def _range(kind: str, value: str, text: str, report: Reporter) -> Piece | None:
    if kind == 'any':
        return Piece(1, HIGHEST)
    numbers = [int(number) for number in re.findall(r'\d{1,9}', value)]
    first, last = numbers[0], numbers[-1]
    if kind == 'above':
        first, last = (first + 1 if value[0] == '>' and value[1:2] != '=' or value[:1] in 'ao' else first), HIGHEST
        report(
            'ports',
            f'{short(value)} is an open-ended range',
            f'{first}-{last}',
            'check that these are not source ports',
        )
    elif (first, last) == (0, HIGHEST):
        first = 1
    if 1 <= first <= last <= HIGHEST:
        return Piece(first, last)
    report('ports', f'{short(value)} in {short(text)} is not a port', 'left out', 'ports are 1 to 65535')
    return None


def _bind(tokens: list[str | Piece], text: str, given: tuple[str, ...], report: Reporter) -> list[Piece]:
    """Assign protocols to the ports after them if the cell begins with a protocol ("TCP 443"), or else before them."""
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
            # A portless protocol stands alone, even among others
            found += [Piece(0, 0, (name,)) for name in run if name in PORTLESS or name.startswith('ip/')]
            continue
        beside = index - 1 if before else index + 1
        near = runs[beside] if 0 <= beside < len(runs) else []
        names = tuple(dict.fromkeys(name for name in near if name in ('tcp', 'udp', 'sctp')))
        unclear |= not names and len(runs) > 1 and not given
        found += [Piece(piece.first, piece.last, names) for piece in run]
    if unclear:
        report(
            'ports',
            f'{short(text)} has a protocol for some ports only',
            'the usual protocol for the others',
            'check it',
        )
    named = [token for token in tokens if isinstance(token, str)]
    if before and len(runs) > 2 and re.match(r'\s*\d', text):
        report(
            'ports',
            f'{short(text)} mixes the order of ports and protocols',
            'each protocol with the ports after it',
            'check it',
        )
    if named and given and not set(named) <= set(given):
        report(
            'ports',
            f'{short(text)} contradicts the protocol column ({"/".join(given)})',
            'the protocols stated with the ports',
            'check it',
        )
    return found
