"""What may be said about an export, and reading it from text (a query string, a form)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError

from ..choices import DirectionChoices, FlowStatusChoices, ZoneChoices
from ..rules.addresses import Address, parse
from ..validators import clean_firewall_name

__all__ = ('OptionError', 'Options')

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

    ``perspective``: transit, a firewall that the packets pass, or host, the gateway's own. ``zones`` and
    ``directions``: only rules with these; none: all. ``states``: rules in other states are left out. ``networks``: what
    lies behind each zone, for targets that cannot tell zones apart; a zone without networks is said by an empty tuple.
    ``zone_names`` and ``interfaces``: what the firewall calls each zone; the gateways' own side has its own two.
    ``nat``: write the address that the target's policy matches before it translates.
    """

    perspective: str = TRANSIT
    zones: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
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

    def includes(self, zone: str, direction: str) -> bool:
        """Whether a rule of this zone and direction is asked for."""
        return (not self.zones or zone in self.zones) and (not self.directions or direction in self.directions)

    @classmethod
    def read(cls, said: Mapping[str, list[str]], **defaults) -> 'Options':
        """From lists of texts by name; what is not said is taken from ``defaults``. Raises OptionError."""
        values = dict(defaults)
        for name, texts in said.items():
            if name not in READERS:
                raise OptionError(name, f'not known: {", ".join(sorted(READERS))}.')
            attribute, read = READERS[name]
            values[attribute] = read(name, texts)
        return cls(**values)


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


def _directions(name, texts):
    return tuple(_one(name, [text], tuple(DirectionChoices.values())) for text in texts if text)


def _states(name, texts):
    return tuple(_one(name, [text], FlowStatusChoices.WANTED) for text in texts if text) or FlowStatusChoices.WANTED


def _name(name, texts):
    try:
        return clean_firewall_name(texts[-1])
    except ValidationError as e:
        raise OptionError(name, e.message) from None


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


# Name in a query string -> (attribute, how its texts are read)
READERS = {
    'perspective': ('perspective', _perspective),
    'zone': ('zones', _zones),
    'direction': ('directions', _directions),
    'state': ('states', _states),
    **{name: (name, _flag) for name in ('logging', 'final_deny', 'nat', 'strict')},
    **{name: (name, _name) for name in ('gateway_zone', 'gateway_interface')},
    'zone_name': ('zone_names', _names),
    'interface': ('interfaces', _names),
    'networks': ('networks', _networks),
}
