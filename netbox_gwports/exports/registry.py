"""The formats: those that come with the plugin, and those that a site or another plugin adds by the setting."""

from functools import cache
from inspect import isabstract

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from netbox.plugins import get_plugin_config

from .base import Exporter
from .documents import DOCUMENTS
from .firewall import FIREWALLS

__all__ = ('formats', 'get')


def formats() -> dict[str, Exporter]:
    """Name -> format, in the order in which menus show them."""
    return _formats(tuple(get_plugin_config('netbox_gwports', 'exporters')))


def get(name: str) -> Exporter | None:
    return formats().get(name)


@cache
def _formats(paths):
    found = {}
    for exporter in (*DOCUMENTS, *FIREWALLS, *map(_load, paths)):
        instance = exporter()
        if instance.name in found:
            raise ImproperlyConfigured(f'netbox_gwports: two exporters are called "{instance.name}".')
        found[instance.name] = instance
    return found


def _load(path):
    try:
        loaded = import_string(path)
    except ImportError as e:
        raise ImproperlyConfigured(f'netbox_gwports: the exporter {path} cannot be imported: {e}') from e
    if not (isinstance(loaded, type) and issubclass(loaded, Exporter) and loaded.name and not isabstract(loaded)):
        raise ImproperlyConfigured(
            f'netbox_gwports: {path} is no exporter: a subclass of Exporter with a name and a write().'
        )
    return loaded
