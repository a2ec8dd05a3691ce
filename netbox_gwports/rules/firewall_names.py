"""What a firewall calls one of its zones or interfaces."""

import re

__all__ = ('check',)

# Names are written into configurations as they are
NAME = re.compile(r'[A-Za-z0-9_.:/-]+')
# What firewalls take for every zone or interface
EVERY = ('all', 'any')


def check(name: str) -> str:
    """The same name; an empty one means that there is none. Raises ValueError with a sentence that names the text."""
    if name and not NAME.fullmatch(name):
        raise ValueError(
            f'"{name}" is not a valid zone or interface name: use letters, digits and _ . : / - only, without spaces.'
        )
    if name.lower() in EVERY:
        raise ValueError(f'"{name}" means every zone or interface to a firewall: enter the name of a single one.')
    return name
