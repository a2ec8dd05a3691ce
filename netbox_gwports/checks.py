"""System checks of the plugin's settings: ``migrate`` and ``check`` report a mistake before a request meets it.

Django numbers nothing by itself: an id, once given, keeps its meaning. docs/configuration.md lists them.
"""

import difflib
import re
from inspect import isabstract

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Warning, register
from django.utils.module_loading import import_string
from utilities.choices import ChoiceSet

from . import choices

__all__ = ('CHOICE_SETS', 'check_exporters', 'check_field_choices', 'check_settings')

# Used in option names (zone_name=partner:untrust) and written into firewall configuration as it is
ZONE = re.compile(r'[A-Za-z0-9_.-]{1,50}')
# Key in FIELD_CHOICES -> the choices that a site may extend or replace
CHOICE_SETS = {
    f'netbox_gwports.{choice_set.key}': choice_set
    for choice_set in vars(choices).values()
    if isinstance(choice_set, type) and issubclass(choice_set, ChoiceSet) and getattr(choice_set, 'key', None)
}


@register()
def check_settings(app_configs=None, **kwargs):
    """E001, an unknown setting; E002, a value of the wrong type."""
    found = []
    known = apps.get_app_config('netbox_gwports').default_settings
    for name, value in _settings().items():
        if name not in known:
            found.append(
                Error(
                    f'PLUGINS_CONFIG["netbox_gwports"] has an unknown setting "{name}".',
                    hint=_nearest(name, known),
                    id='netbox_gwports.E001',
                )
            )
        elif problem := _wrong_type(value, known[name]):
            found.append(
                Error(
                    f'The setting "{name}" must be {problem}, not {value!r}.',
                    hint=f'The default is {known[name]!r}.',
                    id='netbox_gwports.E002',
                )
            )
    return found


@register()
def check_exporters(app_configs=None, **kwargs):
    """E003, a path that cannot be imported; E004, not an exporter; E005, a format name used twice."""
    # Here, since exporters read choices and settings that have to be loaded first
    from .exports.documents import DOCUMENTS
    from .exports.firewall import FIREWALLS

    paths = _settings().get('exporters', ())
    if not isinstance(paths, (list, tuple)):
        # Reported by check_settings
        return []
    found, names = [], {exporter.name: 'built in' for exporter in (*DOCUMENTS, *FIREWALLS)}
    for path in paths:
        error, exporter = _load(path)
        if error:
            found.append(error)
        elif exporter.name in names:
            found.append(
                Error(
                    f'The exporter {path} is called "{exporter.name}", a name that is already taken '
                    f'({names[exporter.name]}).',
                    hint='Give its class another "name".',
                    id='netbox_gwports.E005',
                )
            )
        else:
            names[exporter.name] = path
    return found


@register()
def check_field_choices(app_configs=None, **kwargs):
    """E006, a zone that no firewall name can hold; E007, built-in choices are missing; W001, an unknown key."""
    found = [
        Error(
            f'FIELD_CHOICES has the zone "{zone}", which cannot be used in exports.',
            hint='Use letters, digits, "_", "." and "-", at most 50 characters; its label may be any text.',
            id='netbox_gwports.E006',
        )
        for zone in choices.ZoneChoices.values()
        if not ZONE.fullmatch(str(zone))
    ]
    field_choices = {key.lower(): (key, value) for key, value in settings.FIELD_CHOICES.items()}
    for key, choice_set in CHOICE_SETS.items():
        # The built-in values are the constants of the class: code refers to them
        built_in = [value for name, value in vars(choice_set).items() if name.isupper() and isinstance(value, str)]
        if missing := sorted(set(built_in) - set(choice_set.values())):
            found.append(
                Error(
                    f'FIELD_CHOICES["{key}"] removes choices that the plugin needs: {", ".join(missing)}.',
                    hint=f'Add to the built-in choices with "{key}+" instead.',
                    id='netbox_gwports.E007',
                )
            )
    known = [name for key in CHOICE_SETS for name in (key, f'{key}+')]
    for lowered, (key, _value) in field_choices.items():
        if lowered.startswith('netbox_gwports.') and lowered not in {name.lower() for name in known}:
            found.append(
                Warning(
                    f'FIELD_CHOICES["{key}"] has no effect: the plugin has no such field.',
                    hint=_nearest(key, known),
                    id='netbox_gwports.W001',
                )
            )
    return found


def _settings():
    return settings.PLUGINS_CONFIG.get('netbox_gwports', {})


def _nearest(name, known):
    """Did you mean ...? Names differ in case as easily as in a letter."""
    lowered = {each.lower(): each for each in known}
    close = difflib.get_close_matches(str(name).lower(), lowered, n=1, cutoff=0.5)
    if close:
        return f'Did you mean "{lowered[close[0]]}"?'
    return f'Known: {", ".join(sorted(known))}.'


def _wrong_type(value, default):
    """What the value should be, or nothing. bool is an int to Python, never to a person."""
    if isinstance(default, bool):
        return '' if isinstance(value, bool) else 'a boolean (True or False)'
    if isinstance(default, int):
        right = isinstance(value, int) and not isinstance(value, bool) and value >= 0
        return '' if right else 'a whole number, 0 or more'
    if isinstance(default, (list, tuple)):
        right = isinstance(value, (list, tuple)) and all(isinstance(each, str) for each in value)
        return '' if right else 'a list of strings'
    return '' if isinstance(value, type(default)) else f'a {type(default).__name__}'


def _load(path):
    """(error, None) or (None, class) of one exporter."""
    from .exports import Exporter

    try:
        loaded = import_string(path)
    except Exception as e:  # Whatever the module does when it is imported
        return Error(
            f'The exporter {path} cannot be imported: {e}',
            hint='Name the class by its dotted path, "my_plugin.exports.MyExporter"; '
            'its package must be installed where NetBox runs.',
            id='netbox_gwports.E003',
        ), None
    if not (isinstance(loaded, type) and issubclass(loaded, Exporter) and loaded.name and not isabstract(loaded)):
        return Error(
            f'{path} is not an exporter.',
            hint='It must be a subclass of netbox_gwports.exports.Exporter with a "name" and a write() method.',
            id='netbox_gwports.E004',
        ), None
    return None, loaded
