"""DNS names in cells and in sentences."""

import ipaddress
import re
from dataclasses import dataclass

from ...rules import dns_names
from .errors import Reporter, short

__all__ = ('from_cell', 'in_prose', 'only_names')

SEPARATORS = re.compile(r'[\s,;|]+|\band\b|\bor\b', re.IGNORECASE)
URL = re.compile(
    r'(?P<scheme>[a-z][a-z0-9+.-]{1,15})://(?:[^/\s@]*@)?(?P<dns_name>\[[^\]]*\]|[^/:\s?#]+)(?P<port>:\d+)?'
    r'(?P<path>[/?#]\S*)?',
    re.IGNORECASE,
)
NAME = re.compile(
    r'(?<![\w@.*/\\<{-])(?:[a-z][a-z0-9+.-]{1,15}://)?(?:\*\.)?(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.){1,10}'
    r'[a-z]{2,24}(?![\w@-])(?::\d+)?(?:/[^\s,;()]*)?',
    re.IGNORECASE,
)
# File names and abbreviations that contain a dot
NOT_A_NAME = re.compile(
    r'.*\.(?:exe|dll|xml|json|ya?ml|ini|conf|cfg|log|txt|pdf|html?|php|jsp|aspx?|js|sh|py|zip|gz|iso|msi|csv|so)'
    r'|e\.g|i\.e|etc\.\w*|a\.k\.a|node\.js|\w*\.net framework',
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r'[<>{}\[\]%$]')


@dataclass(frozen=True, slots=True)
class _Found:
    dns_name: str = ''
    why: str = ''
    # Part of the printed text was dropped, such as a scheme, port or path
    cut: bool = False


def only_names(text: str) -> list[str]:
    """The words of a text that consists only of DNS names, URLs and addresses; empty if it has any other word."""
    words = [word for word in SEPARATORS.split(text) if word]
    return words if words and all(_looks(word) for word in words) else []


def from_cell(text: str, report: Reporter, line: int) -> list[str]:
    """The DNS names in such a text, in canonical form. Everything else is reported."""
    found = []
    for word in only_names(text):
        read = _read(word)
        if read.dns_name and read.cut:
            report(
                'dns_names', f'{short(word)} is a URL', f'its DNS name {read.dns_name}', 'check its port and path', line
            )
        elif read.why:
            report(
                'dns_names',
                f'{short(word)} {read.why}',
                'no DNS name',
                'assign an endpoint to the role in NetBox',
                line,
            )
        found += [read.dns_name] if read.dns_name else []
    return list(dict.fromkeys(found))


def in_prose(text: str, report: Reporter, line: int) -> list[str]:
    """The DNS names in a sentence; each is reported as a doubt."""
    found = []
    for match in NAME.finditer(text):
        word = match[0].rstrip('.')
        read = _read(word)
        if not read.dns_name or NOT_A_NAME.fullmatch(read.dns_name):
            continue
        report(
            'dns_names',
            f'{short(word)} was found in a sentence',
            f'the DNS name {read.dns_name}',
            'check that the gateway connects to it, and whether it is required or optional',
            line,
        )
        found.append(read.dns_name)
    return list(dict.fromkeys(found))


def _looks(word: str) -> bool:
    word = word.strip('().')
    if _address(word) or URL.fullmatch(word):
        return True
    plain = word.partition('/')[0].partition(':')[0]
    # With a dot and a letter: neither a word of a sentence nor a number like 1.2
    return (
        '.' in plain.removeprefix('*.')
        and bool(re.search(r'[a-z]', plain, re.IGNORECASE))
        and bool(re.fullmatch(r'[\w*.<>{}\[\]%$-]+', plain))
        and not NOT_A_NAME.fullmatch(plain)
    )


def _address(word: str) -> bool:
    try:
        return bool(ipaddress.ip_network(word.strip('[]'), strict=False))
    except ValueError:
        return bool(re.fullmatch(r'\d+\.\d+\.\d+\.\d+\s*-\s*[\d.]+', word))


def _read(word: str) -> _Found:
    word = word.strip('().')
    if _address(word):
        return _Found(why='is an IP address, which belongs to an endpoint')
    url = URL.fullmatch(word)
    name = url['dns_name'] if url else word.partition('/')[0].partition(':')[0]
    if _address(name):
        return _Found(why='contains an IP address, which belongs to an endpoint')
    labels = name.removeprefix('*.').split('.')
    shouted = name != name.upper() and any(len(label) > 2 and label.isupper() for label in labels if label != 'WWW')
    if PLACEHOLDER.search(name) or shouted:
        return _Found(why='contains a placeholder')
    try:
        dns_name = dns_names.normalize(name)
    except ValueError as e:
        return _Found(why=f'is not a valid DNS name ({e})')
    return _Found(dns_name, cut=bool(url) or name != word)
