"""Paths, and the supported NetBox releases. Standard library only, because the bootstrap imports it."""

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
    """The release given by NETBOX_VERSION, or the newest."""
    return os.environ.get('NETBOX_VERSION') or supported_versions()[-1]


def state_name(name: str) -> str:
    """The data of each release is kept separately, because NetBox only migrates forwards."""
    version = netbox_version()
    return name if version == supported_versions()[-1] else f'{name}-{version}'
