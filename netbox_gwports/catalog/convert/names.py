"""Host names in cells and in sentences."""

import ipaddress
import re
from dataclasses import dataclass

from ...rules import dns_names
from .errors import Teller, short

__all__ = ('from_cell', 'in_prose', 'only_hosts')

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
# What has a dot and is a file or an abbreviation
NO_HOST = re.compile(
    r'.*\.(?:exe|dll|xml|json|ya?ml|ini|conf|cfg|log|txt|pdf|html?|php|jsp|aspx?|js|sh|py|zip|gz|iso|msi|csv|so)'
    r'|e\.g|i\.e|etc\.\w*|a\.k\.a|node\.js|\w*\.net framework',
    re.IGNORECASE,
)
PLACEHOLDER = re.compile(r'[<>{}\[\]%$]')


@dataclass(frozen=True, slots=True)
class _Found:
    dns_name: str = ''
    why: str = ''
    # Not the whole of what is printed
    cut: bool = False


def only_hosts(text: str) -> list[str]:
    """The words of a text that is made of host names, URLs and addresses only; empty if anything else is in it."""
    words = [word for word in SEPARATORS.split(text) if word]
    return words if words and all(_looks(word) for word in words) else []


def from_cell(text: str, tell: Teller, line: int) -> list[str]:
    """The hosts among the words of such a text, canonical; what is none is told."""
    found = []
    for word in only_hosts(text):
        read = _read(word)
        if read.dns_name and read.cut:
            tell('dns_names', f'{short(word)} is a URL', f'its host {read.dns_name}', 'check its port and path', line)
        elif read.why:
            tell('dns_names', f'{short(word)} {read.why}', 'no host', 'give the role an endpoint at the site', line)
        found += [read.dns_name] if read.dns_name else []
    return list(dict.fromkeys(found))


def in_prose(text: str, tell: Teller, line: int) -> list[str]:
    """The hosts that a sentence names; each is a doubt."""
    found = []
    for match in NAME.finditer(text):
        word = match[0].rstrip('.')
        read = _read(word)
        if not read.dns_name or NO_HOST.fullmatch(read.dns_name):
            continue
        tell(
            'dns_names',
            f'{short(word)} stands in a sentence',
            f'the host {read.dns_name}',
            'check that the gateway has to reach it, and whether it must or may',
            line,
        )
        found.append(read.dns_name)
    return list(dict.fromkeys(found))


def _looks(word: str) -> bool:
    word = word.strip('().')
    if _address(word) or URL.fullmatch(word):
        return True
    plain = word.partition('/')[0].partition(':')[0]
    # A dot and a letter: neither a word of a sentence nor 1.2
    return (
        '.' in plain.removeprefix('*.')
        and bool(re.search(r'[a-z]', plain, re.IGNORECASE))
        and bool(re.fullmatch(r'[\w*.<>{}\[\]%$-]+', plain))
        and not NO_HOST.fullmatch(plain)
    )


def _address(word: str) -> bool:
    try:
        return bool(ipaddress.ip_network(word.strip('[]'), strict=False))
    except ValueError:
        return bool(re.fullmatch(r'\d+\.\d+\.\d+\.\d+\s*-\s*[\d.]+', word))


def _read(word: str) -> _Found:
    word = word.strip('().')
    if _address(word):
        return _Found(why='is an address, which belongs in an endpoint')
    url = URL.fullmatch(word)
    name = url['dns_name'] if url else word.partition('/')[0].partition(':')[0]
    if _address(name):
        return _Found(why='has an address, which belongs in an endpoint')
    labels = name.removeprefix('*.').split('.')
    shouted = name != name.upper() and any(len(label) > 2 and label.isupper() for label in labels if label != 'WWW')
    if PLACEHOLDER.search(name) or shouted:
        return _Found(why='has a placeholder in it')
    try:
        dns_name = dns_names.normalize(name)
    except ValueError as e:
        return _Found(why=f'is no host name that can be written ({e})')
    return _Found(dns_name, cut=bool(url) or name != word)
