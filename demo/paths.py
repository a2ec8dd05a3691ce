"""Where things lie, and which NetBox releases there are. Standard library only: the bootstrap uses it too."""

import os
from pathlib import Path

__all__ = ('DEMO', 'REQUIREMENTS', 'ROOT', 'STATE', 'netbox_version', 'state_name', 'supported_versions')

DEMO = Path(__file__).resolve().parent
ROOT = DEMO.parent
STATE = ROOT / '.netbox'
REQUIREMENTS = DEMO / 'requirements'


def supported_versions() -> list[str]:
    """The NetBox releases that have pinned requirements, oldest first."""
    return sorted((path.stem for path in REQUIREMENTS.glob('[0-9]*.txt')), key=lambda v: [int(n) for n in v.split('.')])


def netbox_version() -> str:
    """The release that is asked for by NETBOX_VERSION, else the newest."""
    return os.environ.get('NETBOX_VERSION') or supported_versions()[-1]


def state_name(name: str) -> str:
    """Data of an older release is kept apart: NetBox migrates forwards only."""
    version = netbox_version()
    return name if version == supported_versions()[-1] else f'{name}-{version}'
