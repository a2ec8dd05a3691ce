"""What may be said about an export, and reading it from text (a query string, a form)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from ..choices import FlowStatusChoices, ZoneChoices
from ..rules.addresses import Address, parse
from .text import NAME

__all__ = ('OptionError', 'Options', 'describe')

TRANSIT, HOST = 'transit', 'host'
TRUE, FALSE = ('true', '1', 'on', 'yes'), ('false', '0', 'off', 'no', '')


class OptionError(ValueError):
    """An option that is none. ``field`` is its name."""

    def __init__(self, field, message):
        self.field, self.message = field, message
        super().__init__(f'{field}: {message}')


@dataclass(frozen=True, slots=True)
class Options:
    """What a format does not heed is told by its list of options.

    ``perspective``: transit, a firewall that the packets pass, or host, the gateway's own. ``zones``: only rules with
    these; none: all. ``states``: rules in other states are left out. ``networks``: what lies behind each zone, for
    targets that cannot tell zones apart; a zone without networks is said by an empty tuple. ``zone_names`` and
    ``interfaces``: what the firewall calls each zone; the gateways' own side has its own two. ``nat``: write the
    address that the target's policy matches before it translates.
    """

    perspective: str = TRANSIT
    zones: tuple[str, ...] = ()
    states: tuple[str, ...] = FlowStatusChoices.WANTED
    logging: bool = False
    final_deny: bool = True
    nat: bool = False
    strict: bool = False
    gateway_zone: str = ''
    gateway_interface: str = ''
    zone_names: Mapping[str, str] = field(default_factory=dict)
    interfaces: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, said: Mapping[str, list[str]], **defaults) -> 'Options':
        """From lists of texts by name; what is not said is taken from ``defaults``. Raises OptionError."""
        known = {'zone': _zones, 'state': _states, 'perspective': _perspective, 'gateway_zone': _name,
                 'gateway_interface': _name, 'zone_name': _names, 'interface': _names, 'networks': _networks,
                 **dict.fromkeys(('logging', 'final_deny', 'nat', 'strict'), _flag)}  # fmt: skip
        values = dict(defaults)
        for name, texts in said.items():
            if name not in known:
                raise OptionError(name, f'not known: {", ".join(sorted(known))}.')
            attribute = {'zone': 'zones', 'state': 'states', 'zone_name': 'zone_names', 'interface': 'interfaces'}
            values[attribute.get(name, name)] = known[name](name, texts)
        return cls(**values)


def describe() -> tuple[str, ...]:
    """The names that ``Options.read`` knows."""
    plural = {'zones': 'zone', 'states': 'state', 'zone_names': 'zone_name', 'interfaces': 'interface'}
    return tuple(plural.get(f.name, f.name) for f in fields(Options))


def _one(name, texts, known):
    if texts[-1] not in known:
        raise OptionError(name, f'"{texts[-1]}" is none of {", ".join(known)}.')
    return texts[-1]


def _perspective(name, texts):
    return _one(name, texts, (TRANSIT, HOST))


def _flag(name, texts):
    return _one(name, [texts[-1].lower()], (*TRUE, *FALSE)) in TRUE


def _zones(name, texts):
    return tuple(_one(name, [text], tuple(ZoneChoices.values())) for text in texts if text)


def _states(name, texts):
    return tuple(_one(name, [text], FlowStatusChoices.WANTED) for text in texts if text) or FlowStatusChoices.WANTED


def _name(name, texts):
    if texts[-1] and not NAME.fullmatch(texts[-1]):
        raise OptionError(name, f'"{texts[-1]}" is no name of a zone or interface: letters, digits and . : / _ -.')
    return texts[-1]


def _names(name, texts):
    return {zone: _name(name, [value]) for zone, value in _pairs(name, texts)}


def _networks(name, texts):
    found = {}
    for zone, value in _pairs(name, texts):
        try:
            added = tuple(parse(text) for text in value.split(',') if text.strip())
        except ValueError as e:
            raise OptionError(name, str(e)) from None
        found[zone] = (*found.get(zone, ()), *added)
    return found


def _pairs(name, texts):
    for text in texts:
        zone, colon, value = text.partition(':')
        if not colon or zone not in ZoneChoices.values():
            raise OptionError(name, f'"{text}": write zone:value, with a zone of {", ".join(ZoneChoices.values())}.')
        yield zone, value.strip()
