"""The grammar of a cell of ports: it is understood as a whole, or it is undecided as a whole.

A cell is a list of ports and ranges, with protocols before or after them, and with a few kinds of remarks that do not
change the ports: footnote marks, names of applications, "(default)". Anything else makes the cell undecided, because
the part that is not understood may say that the rest is not meant.
"""

import re
from dataclasses import dataclass
from typing import NamedTuple

from ...rules.ports import HIGHEST, WITH_PORTS
from .answers import COMMA, PORTS, THOUSANDS
from .errors import OPENS, Reporter, Undecided, short
from .knowledge import APPLICATION, IP_PROTOCOLS, PROTOCOL

__all__ = ('EMPTY', 'Piece', 'PortCell', 'plain', 'read')

EMPTY = re.compile(r'(?i)\s*(?:n/?a|none|not applicable|[-–—−]+|)\s*')
DASHES = str.maketrans('–—−‑‐', '-----')
STRUCK = re.compile(r'~~.*?~~', re.DOTALL)
_PROTOCOLS = rf'{PROTOCOL}(?:\s*(?:[/,&+]|\band\b)\s*{PROTOCOL})*'
# The whole cell means every port. Nothing else ever does
ANY = re.compile(
    rf'\s*(?:{_PROTOCOLS}[\s/:]*)?(?:all|any|\*|[01]\s?-\s?65535)(?:\s+{_PROTOCOLS})?(?:\s+ports?)?'
    rf'(?:[\s/]*(?:{_PROTOCOLS}|\(\s*{_PROTOCOLS}\s*\)))?\s*',
    re.IGNORECASE,
)
TOKEN = re.compile(
    r'(?P<ip>(?:ip\s?)?(?:protocol|proto)\s?(?:number\s?|no\.?\s?|#\s?)?(?P<number>\d{1,3})'
    r'|ip[ /](?P<number2>\d{1,3}))(?!\w)'
    r'|(?P<range>\d++\s*(?:-|:|\.\.\.?|…|\bto\b|\bthrough\b)\s*\d++)(?!\s*[-:]\s*\d)'
    r'|(?P<above>(?:>=|≥|≧|\babove\b|\bover\b|>)\s*\d+'
    r'|\d++\s*(?:\+(?!\s*\d)|(?:and|or)\s(?:above|higher|up|greater)\b))'
    r'|(?P<port>\d+)'
    rf'|(?P<protocol>{PROTOCOL})'
    r'|(?P<remark>\(\s*(?:by\s)?(?:default|configurable|optional)\s*\))'
    rf'|(?P<application>{APPLICATION})'
    r'|(?P<mark>[*†‡§¹²³⁴]+|\[(?:\d{1,2}|[a-z])\]|\((?:\d|[a-z])\))'
    r'|(?P<or>\bor\b)'
    r'|(?P<comma>[,;]|\n|\band\b|[&|])'
    r'|(?P<slash>/|(?<=\d)\+(?=\d)|(?<=\s)\+(?=\s))'
    r'|(?P<colon>:)'
    r'|(?P<open>\()|(?P<close>\))'
    r'|(?P<ignored>\bports?\b|\s+)'
    r'|(?P<other>\w+|.)',
    re.IGNORECASE | re.DOTALL,
)
WITH_THOUSANDS = re.compile(r'(?<![\d,.])([1-9]\d{0,2}),(\d{3})(?![\d,])')


class Piece(NamedTuple):
    """A port range. ``protocols`` is empty if none are stated with it; a portless protocol has ports 0-0."""

    first: int
    last: int
    protocols: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PortCell:
    """What a cell states; ``pieces`` is empty for an empty cell. ``marks``: its footnote marks."""

    pieces: tuple[Piece, ...] = ()
    marks: tuple[str, ...] = ()
    applications: tuple[str, ...] = ()
    is_any: bool = False
    alternatives: bool = False


class _Token(NamedTuple):
    kind: str
    text: str
    value: tuple[int, int] | str = ''
    # Whether white space stands before it
    spaced: bool = False


def plain(text: str) -> str:
    """The text without what the vendor struck through."""
    return ' '.join(STRUCK.sub(' ', text).split())


def read(text: str, given: tuple[str, ...], report: Reporter, comma: str = '') -> PortCell:
    """The ports of a cell. ``given``: the protocols of the column of protocols; ``comma``: what a comma means here.

    Raises Undecided for a cell that is not understood as a whole.
    """
    if struck := STRUCK.search(text):
        report('ports', f'{short(struck[0].strip("~"))} is struck through', 'the cell without it', 'check the cell')
        text = STRUCK.sub(' ', text)
    text = text.translate(DASHES).strip()
    text = re.sub(r'(?<=[\w)*])\.$', '', text)
    if EMPTY.fullmatch(text):
        return PortCell()
    if ANY.fullmatch(text):
        names = tuple(dict.fromkeys(name.lower() for name in re.findall(PROTOCOL, text, re.IGNORECASE)))
        report(
            'ports', f'{short(text)} means every port', 'all ports', 'check whether every port is meant', weight=OPENS
        )
        return PortCell((Piece(1, HIGHEST, _with_ports(names, text)),), is_any=True)
    return _contradictions(_read(text, comma, report), text, given, report)


def _with_ports(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    if any(name not in WITH_PORTS for name in names):
        raise Undecided('ports', f'{short(text)} has a protocol without ports')
    return names


def _read(text: str, comma: str, report: Reporter) -> PortCell:
    """A comma separates ports or thousands: the reading that is possible, the one that was chosen, or none."""
    joined = WITH_THOUSANDS.sub(r'\1\2', text)
    if joined == text:
        return _parse(text, report)
    if comma == PORTS:
        return _parse(text, report)
    if comma == THOUSANDS:
        return _parse(joined, report)
    as_list, as_number = _parsed(text), _parsed(joined)
    if as_list and as_number:
        raise Undecided('ports', f'the comma in {short(text)} may separate ports or thousands', COMMA)
    if as_number:
        report('ports', f'{short(text)} has a thousands separator', short(joined), 'check it')
        return _parse(joined, report)
    return _parse(text, report)


def _parsed(text: str) -> PortCell | None:
    try:
        return _parse(text, Reporter.silent())
    except Undecided:
        return None


def _parse(text: str, report: Reporter) -> PortCell:
    tokens = _tokens(text)
    if unknown := ' '.join(token.text for token in tokens if token.kind == 'other'):
        raise Undecided(
            'ports',
            f'{short(unknown)} in {short(text)} is not understood'
            if ' ' in text.strip() and short(unknown) != short(text)
            else f'{short(text)} is not understood',
        )
    _check_order(tokens, text)
    marks = tuple(dict.fromkeys(token.text for token in tokens if token.kind == 'mark'))
    kinds = {token.kind for token in tokens}
    if 'mark' in kinds:
        report(
            'ports',
            f'{short(text)} has the footnote mark {" ".join(marks)}',
            'the ports without the mark',
            'check the footnote',
        )
    if 'or' in kinds:
        report(
            'ports',
            f'{short(text)} are alternatives',
            'all of them in one service',
            'if only one is required, make each a service with its own feature',
            weight=OPENS,
        )
    if 'above' in kinds:
        report(
            'ports',
            f'{short(text)} is an open-ended range',
            f'up to {HIGHEST}',
            'check that these are not source ports',
            weight=OPENS,
        )
    if _is_shared(tokens):
        report(
            'ports',
            f'{short(text)} may state the protocol of one port only',
            'the protocol for all of them',
            'check it',
            weight=OPENS,
        )
    pieces = _bind([t for t in tokens if t.kind not in ('mark', 'remark', 'open', 'close', 'colon')], text)
    applications = tuple(dict.fromkeys(token.text for token in tokens if token.kind == 'application'))
    return PortCell(pieces, marks, applications, alternatives='or' in kinds)


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    spaced = False
    for match in TOKEN.finditer(text):
        kind, value = str(match.lastgroup), match[0].strip()
        if match['ip']:
            kind = 'ip'
        if kind == 'ignored' and value:
            continue
        if kind == 'ignored':
            spaced = True
            continue
        meaning: tuple[int, int] | str = ''
        if kind in ('port', 'range', 'above'):
            meaning = _range(kind, value, text)
        elif kind == 'protocol':
            meaning = value.lower().replace('icmpv4', 'icmp')
        elif kind == 'ip':
            kind, meaning = 'protocol', _of_number(int(match['number'] or match['number2']), text)
        found.append(_Token(kind, value, meaning, spaced))
        spaced = False
    return found


def _of_number(number: int, text: str) -> str:
    if number > 255:
        raise Undecided('ports', f'{number} in {short(text)} is not a protocol number')
    return IP_PROTOCOLS.get(number, f'ip/{number}')


def _range(kind: str, value: str, text: str) -> tuple[int, int]:
    numbers = re.findall(r'\d+', value)
    if any(len(number) > 5 or number.startswith('0') for number in numbers):
        raise Undecided('ports', f'{short(value)} in {short(text)} is not a port')
    first, last = int(numbers[0]), int(numbers[-1])
    if kind == 'above':
        exclusive = value[0] == '>' and value[1:2] != '=' or value[:1].lower() in ('a', 'o')
        first, last = first + exclusive, HIGHEST
    if not 1 <= first <= last <= HIGHEST:
        raise Undecided('ports', f'{short(value)} in {short(text)} is not a port: ports are 1 to {HIGHEST}')
    return first, last


def _check_order(tokens: list[_Token], text: str) -> None:
    """Refuse tokens that are known but stand where they may mean something else."""
    inside, before = False, _Token('', '')
    in_brackets: list[str] = []
    for token in tokens:
        if token.kind == 'mark' and before.kind not in ('port', 'range', 'above', 'protocol', 'mark', 'close'):
            raise Undecided('ports', f'{token.text} in {short(text)} does not follow a port')
        if token.kind == 'colon' and before.kind not in ('protocol', 'application'):
            raise Undecided('ports', f'the colon in {short(text)} does not follow a protocol')
        if token.kind == 'open':
            if inside:
                raise Undecided('ports', f'the parentheses in {short(text)} are not understood')
            inside, in_brackets, opener = True, [], before.kind
        elif token.kind == 'close':
            # "443 (8443)" may be a port instead of another one
            if not inside or 'port' in in_brackets and opener not in ('application', 'protocol'):
                raise Undecided('ports', f'the parentheses in {short(text)} are not understood')
            inside = False
        elif inside:
            in_brackets.append('port' if token.kind in ('port', 'range', 'above') else token.kind)
        before = token
    if inside:
        raise Undecided('ports', f'a parenthesis in {short(text)} is not closed')
    _check_footnotes(tokens, text)


def _check_footnotes(tokens: list[_Token], text: str) -> None:
    """ "443 1" is port 443 with a footnote that has lost its form."""
    previous = None
    for token in tokens:
        if previous and token.kind == 'port' and previous.kind in ('port', 'range') and len(token.text) == 1:
            raise Undecided('ports', f'{token.text} in {short(text)} may be the mark of a footnote')
        previous = token


def _bind(tokens: list[_Token], text: str) -> tuple[Piece, ...]:
    """Assign protocols to ports: all stand before their ports ("TCP 443"), or all after them."""
    runs: list[list[_Token]] = []
    for index, token in enumerate(tokens):
        if token.kind in ('comma', 'slash', 'or', 'application'):
            _check_slash(tokens, index, text)
            continue
        if runs and (runs[-1][-1].kind == 'protocol') == (token.kind == 'protocol'):
            runs[-1].append(token)
        else:
            runs.append([token])
    found: list[Piece] = []
    for run in runs:
        if run[0].kind == 'protocol':
            found += [Piece(0, 0, (str(token.value),)) for token in run if token.value not in WITH_PORTS]
    # Portless protocols stand for themselves
    runs = [
        kept for run in runs if (kept := [t for t in run if not (t.kind == 'protocol' and t.value not in WITH_PORTS)])
    ]
    merged: list[list[_Token]] = []
    for run in runs:
        if merged and (merged[-1][0].kind == 'protocol') == (run[0].kind == 'protocol'):
            if run[0].kind != 'protocol' and len(runs) > 1:
                raise Undecided('ports', f'cannot tell which ports of {short(text)} belong to which protocol')
            merged[-1] += run
        else:
            merged.append(run)
    if merged and len(merged) % 2 and len(merged) > 1 or len(merged) == 1 and merged[0][0].kind == 'protocol':
        raise Undecided('ports', f'cannot tell which ports of {short(text)} belong to which protocol')
    before = bool(merged) and merged[0][0].kind == 'protocol'
    for index, run in enumerate(merged):
        if run[0].kind == 'protocol':
            continue
        near = merged[index - 1 if before else index + 1] if len(merged) > 1 else []
        names = tuple(dict.fromkeys(str(token.value) for token in near))
        found += [Piece(*token.value, names) for token in run if not isinstance(token.value, str)]
    return tuple(found)


def _check_slash(tokens: list[_Token], index: int, text: str) -> None:
    """ "TCP 80, 443/UDP 53": the slash may join a port with its protocol or separate two ports."""
    if tokens[index].kind != 'slash' or not 0 < index < len(tokens) - 1:
        return
    if tokens[index].spaced and tokens[index + 1].spaced:
        # "TCP 80 / TCP 443"
        return
    kinds = [token.kind for token in tokens if token.kind in ('protocol', 'port', 'range')]
    left, right = tokens[index - 1].kind, tokens[index + 1].kind
    first = kinds[0] if kinds else ''
    port = ('port', 'range')
    if len(kinds) > 2 and (
        first == 'protocol'
        and left in port
        and right == 'protocol'
        or first in port
        and left == 'protocol'
        and right in port
    ):
        raise Undecided('ports', f'cannot tell which ports of {short(text)} belong to which protocol')


def _is_shared(tokens: list[_Token]) -> bool:
    """Whether a slash or parentheses join a protocol with one of several ports: "25, 53/udp", "25, 53 (UDP)"."""
    kinds = [token.kind for token in tokens]
    port, listed = ('port', 'range'), {'comma', 'or'}
    kinds = ['port' if kind in port else 'comma' if kind in listed else kind for kind in kinds]
    text = ' '.join(kinds)
    plain = ' '.join(kind for kind in kinds if kind in ('port', 'comma', 'slash', 'protocol'))
    return bool(
        re.search(r'port comma port (?:slash|open) protocol', text)
        or re.search(r'protocol slash port comma port', plain)
    )


def _contradictions(cell: PortCell, text: str, given: tuple[str, ...], report: Reporter) -> PortCell:
    named = {name for piece in cell.pieces for name in piece.protocols}
    if named and given and not named <= set(given):
        raise Undecided('ports', f'{short(text)} contradicts the column of protocols ({"/".join(given)})')
    if named and given and any(piece.first and not piece.protocols for piece in cell.pieces):
        raise Undecided('ports', f'{short(text)} states a protocol for some ports only')
    return cell
