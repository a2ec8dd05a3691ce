"""The formats that come with the plugin, and how those of a site or of another plugin join them."""

from collections.abc import Iterable
from inspect import isabstract

from .base import Exporter
from .documents import DOCUMENTS
from .firewall import FIREWALLS

__all__ = ('collect',)


def collect(added: Iterable[object] = ()) -> dict[str, Exporter]:
    """Name -> format, in the order of menus: those of the plugin, then those of the ``added`` classes.

    Raises ValueError for what is not a usable subclass of Exporter, and for a name that is taken.
    """
    formats: dict[str, Exporter] = {}
    for exporter in (*DOCUMENTS, *FIREWALLS, *added):
        instance = _usable(exporter)()
        if instance.name in formats:
            raise ValueError(f'two exporters are named "{instance.name}".')
        formats[instance.name] = instance
    return formats


def _usable(exporter: object) -> type[Exporter]:
    usable = isinstance(exporter, type) and issubclass(exporter, Exporter) and exporter.name
    if not usable or isabstract(exporter):
        raise ValueError(f'{exporter} is not an exporter: use a subclass of Exporter with a name and a write() method.')
    return exporter  # type: ignore[return-value]  # mypy does not follow the name
