"""Exports as this NetBox is configured: the formats of the plugin's settings, the zones of its choices."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string
from netbox.plugins import get_plugin_config
from utilities.choices import unpack_grouped_choices

from . import exports
from .choices import ZoneChoices
from .exports import Exporter, ExportError, Material, Options, Rendering, Site

__all__ = ('formats', 'get', 'read_options', 'render', 'site')


def formats() -> dict[str, Exporter]:
    """Name -> format, in the order of menus. Raises ImproperlyConfigured for what the settings name wrongly."""
    return _formats(tuple(get_plugin_config('netbox_gwports', 'exporters')))


def get(name: str) -> Exporter | None:
    return formats().get(name)


def site() -> Site:
    """The zones of this site, and whether its firewall configuration is restricted to approved rules."""
    # A site may have put them into groups
    zones = {value: str(label) for value, label in unpack_grouped_choices(ZoneChoices)}
    return Site(zones, get_plugin_config('netbox_gwports', 'require_approval'))


def read_options(texts: Mapping[str, Sequence[str]], **defaults: Any) -> Options:
    """Options from lists of texts by name, missing ones from ``defaults``. Raises OptionError."""
    return Options.read(texts, site(), **defaults)


def render(name: str, material: Material, options: Options | None = None, title: str = '') -> Rendering:
    """Write the rules in the format of this name; ``title`` is the beginning of the file's name.

    Raises ExportError. The settings of this site apply, whatever site the options were made for.
    """
    exporter = get(name)
    if exporter is None:
        raise ExportError(f'There is no format "{name}".')
    return exports.render(exporter, material, replace(options or Options(), site=site()), title)


@cache
def _formats(paths: tuple[str, ...]) -> dict[str, Exporter]:
    try:
        return exports.collect([_load(path) for path in paths])
    except ValueError as e:
        raise ImproperlyConfigured(f'netbox_gwports: {e}') from e


def _load(path: str) -> object:
    try:
        return import_string(path)
    except ImportError as e:
        raise ImproperlyConfigured(f'netbox_gwports: the exporter {path} cannot be imported: {e}') from e
