"""The catalogs that come with the plugin."""

from importlib.resources import files
from pathlib import Path

__all__ = ('bundled',)


def bundled() -> dict[str, Path]:
    """Name -> file of each bundled catalog."""
    folder = Path(str(files(__package__) / 'bundled'))
    return {path.stem: path for path in sorted(folder.glob('*.yaml'))}
