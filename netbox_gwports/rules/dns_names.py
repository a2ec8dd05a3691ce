"""DNS names as the vendor or the site writes them, in one canonical form."""

import re

import idna

__all__ = ('covers', 'normalize', 'patterns')

# Underscores: service names such as _v2-origintunneld._tcp.argotunnel.com are in vendors' tables
LABEL = re.compile(r'[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?')
LONGEST = 253


def normalize(name: str) -> str:
    """The canonical form: lower case, IDNA A-labels, no trailing dot, at most one leading ``*.``.

    Raises ValueError with a message that gives the name and the reason.
    """
    text = str(name).strip().lower().removesuffix('.')
    wildcard = text.startswith('*.')
    labels = [_label(name, label) for label in text.removeprefix('*.').split('.')]
    if labels[-1].isdigit():
        raise ValueError(f'"{name}" is not a DNS name: enter addresses as addresses.')
    dns_name = '.'.join(labels)
    if len(dns_name) > LONGEST:
        raise ValueError(f'"{name}" is longer than {LONGEST} characters.')
    return f'*.{dns_name}' if wildcard else dns_name


def _label(name: str, label: str) -> str:
    if not label.isascii() or label.startswith('xn--'):
        try:
            label = idna.encode(label, uts46=True).decode()
        except idna.IDNAError as e:
            raise ValueError(f'"{name}" is not a DNS name: {e}.') from None
    if not label:
        raise ValueError(f'"{name}" is not a DNS name: a part between dots is empty.')
    if '*' in label:
        raise ValueError(f'"{name}": one wildcard is allowed, as the whole first part (*.example.net).')
    if not LABEL.fullmatch(label):
        raise ValueError(f'"{name}" is not a DNS name: use letters, digits, hyphens and dots, without a URL or port.')
    return label


def covers(pattern: str, dns_name: str) -> bool:
    """Whether a canonical pattern stands for a canonical name; a wildcard covers every name under it."""
    return pattern == dns_name or (pattern.startswith('*.') and dns_name.endswith(pattern[1:]))


def patterns(dns_name: str) -> list[str]:
    """Every canonical pattern that covers a canonical name: the name itself and the wildcards above it."""
    return [dns_name, *(f'*{dns_name[at:]}' for at, character in enumerate(dns_name) if character == '.')]
