"""The grammar of a cell of protocols: understood as a whole, or undecided as a whole."""

import re
from dataclasses import dataclass

from .errors import OPENS, Reporter, Undecided, short
from .knowledge import APPLICATION, BY_NAME, IP_PROTOCOLS, of_application
from .portcells import EMPTY, STRUCK

__all__ = ('Transport', 'of_cell')

NAMES = '|'.join(sorted(BY_NAME, key=len, reverse=True))
# "TCP/IP" is TCP
OVER_IP = re.compile(r'\b(tcp|udp)\s?/\s?ip\b', re.IGNORECASE)
ANY = re.compile(r'(?i)\s*(?:any|all|ip|\*)(?:\s+protocols?)?\s*')
NUMBER = re.compile(r'(?i)\s*(?:ip[ /]?)?(?:protocol[ ]?)?(?:number[ ]?)?(?P<number>\d{1,3})\s*')
TOKEN = re.compile(
    rf'(?P<protocol>(?<![\w])(?:{NAMES})(?![\w]))'
    rf'|(?P<application>{APPLICATION})'
    r'|(?P<number>(?:ip[ /]?|protocol[ ]?)?\d{1,3}(?!\w))'
    r'|(?P<or>\bor\b)'
    r'|(?P<mark>[*†‡§]+|\[(?:\d{1,2}|[a-z])\])'
    r'|(?P<ignored>\band\b|\bover\b|\bports?\b|\bprotocols?\b|[\s,;/&+()|:-])'
    r'|(?P<other>\w+|.)',
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Transport:
    """``names``: protocols in canonical form, as often as they are printed. ``application``: what is named instead.

    ``is_any``: the cell says any.
    """

    names: tuple[str, ...] = ()
    application: str = ''
    is_any: bool = False
    marks: tuple[str, ...] = ()


def of_cell(text: str, report: Reporter) -> Transport:
    """The protocols of a cell. Raises Undecided for a cell with a transport protocol and something else."""
    text = OVER_IP.sub(r'\1', STRUCK.sub(' ', text)).strip()
    if EMPTY.fullmatch(text):
        return Transport()
    if ANY.fullmatch(text):
        report(
            'ports',
            f'protocol {short(text)}',
            'tcp and udp',
            'check whether icmp or other protocols are meant, too',
            weight=OPENS,
        )
        return Transport(('tcp', 'udp'), is_any=True)
    if (match := NUMBER.fullmatch(text)) and int(match['number']) <= 255:
        number = int(match['number'])
        name = IP_PROTOCOLS.get(number, f'ip/{number}')
        report(
            'ports', f'number {short(text)} in the column of protocols', name, 'check that it is an IP protocol number'
        )
        return Transport((name,))
    return _listed(text, report)


def _listed(text: str, report: Reporter) -> Transport:
    names: list[str] = []
    applications, others, numbers, marks = [], [], [], []
    for match in TOKEN.finditer(text):
        kind, value = match.lastgroup, match[0]
        if kind == 'protocol':
            names.append(BY_NAME[value.casefold()])
        elif kind == 'application':
            applications.append(value)
        elif kind == 'number':
            numbers.append(value)
        elif kind == 'mark':
            marks.append(value)
        elif kind == 'other':
            others.append(value)
        elif kind == 'or':
            report(
                'ports',
                f'{short(text)} are alternatives',
                'all of them',
                'remove those that are not used',
                weight=OPENS,
            )
    # "GRE (47)": the number of the protocol itself
    stray = [number for number in numbers if IP_PROTOCOLS.get(int(re.sub(r'\D', '', number))) not in names]
    if names and (others or stray):
        raise Undecided(
            'ports', f'{short(" ".join([*others, *stray]))} in the protocol {short(text)} is not understood'
        )
    if names:
        return Transport(tuple(names), ' '.join(applications), marks=tuple(marks))
    application = ' '.join(text.split())[:50]
    if usual := of_application(application):
        report(
            'ports', f'{short(text)} is not a transport protocol', f'{" and ".join(usual)}, usual for it', 'check it'
        )
    return Transport(usual, application, marks=tuple(marks))
