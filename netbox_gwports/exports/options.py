"""The options of an export, and how they are read from text (a query string, a form)."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..rules import firewall_names
from ..rules.addresses import Address, parse
from ..rules.constants import DIRECTIONS, STANDINGS
from .site import Site

__all__ = ('OptionError', 'Options')

TRANSIT, HOST = 'transit', 'host'
TRUE, FALSE = ('true', '1', 'on', 'yes'), ('false', '0', 'off', 'no', '')


class OptionError(ValueError):
    """An unknown option, or a value that is not valid for it. ``field`` is the name of the option."""

    def __init__(self, field: str, message: str) -> None:
        self.field, self.message = field, message
        super().__init__(f'{field}: {message}')


@dataclass(frozen=True, slots=True)
class Options:
    """What to export, and what the target needs to know. Formats ignore options missing from ``Exporter.options``.

    ``perspective``: transit for a firewall on the path, host for the gateway's own. ``zones`` and ``directions``: only
    rules with these; empty for all. ``standings``: leave out rules of other standings. ``networks``: the networks of
    each zone, for targets that cannot distinguish zones; an empty tuple declares that a zone has none. ``zone_names``
    and ``interfaces``: the firewall's name and interface for each zone; ``gateway_zone`` and ``gateway_interface`` are
    those towards the gateways. ``nat``: write the address that the target's policy matches before it translates.
    ``strict``: raise Incomplete instead of leaving anything out.
    """

    perspective: str = TRANSIT
    zones: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    standings: tuple[str, ...] = STANDINGS
    logging: bool = False
    final_deny: bool = True
    nat: bool = False
    strict: bool = False
    gateway_zone: str = ''
    gateway_interface: str = ''
    zone_names: Mapping[str, str] = field(default_factory=dict)
    interfaces: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    site: Site = field(default_factory=Site)

    def includes(self, zone: str, direction: str) -> bool:
        """Whether rules of this zone and direction are to be exported."""
        return (not self.zones or zone in self.zones) and (not self.directions or direction in self.directions)

    @classmethod
    def read(cls, texts: Mapping[str, Sequence[str]], site: Site | None = None, **defaults: Any) -> 'Options':
        """Options from lists of texts by name; what is missing there is taken from ``defaults``, which are attributes.

        ``site`` knows the zones. Raises OptionError.
        """
        site = site or Site()
        values = dict(defaults, site=site)
        for name, given in texts.items():
            if name not in READERS:
                raise OptionError(name, f'unknown option: use {", ".join(sorted(READERS))}.')
            attribute, read = READERS[name]
            values[attribute] = read(name, given, site.zones)
        return cls(**values)


type Zones = Collection[str]


def _one(name: str, text: str, known: Collection[str]) -> str:
    if text not in known:
        raise OptionError(name, f'"{text}" is not one of {", ".join(known)}.')
    return text


def _each(name: str, texts: Sequence[str], known: Collection[str]) -> tuple[str, ...]:
    return tuple(_one(name, text, known) for text in texts if text)


def _perspective(name: str, texts: Sequence[str], zones: Zones) -> str:
    return _one(name, texts[-1], (TRANSIT, HOST))


def _flag(name: str, texts: Sequence[str], zones: Zones) -> bool:
    return _one(name, texts[-1].lower(), (*TRUE, *FALSE)) in TRUE


def _zones(name: str, texts: Sequence[str], zones: Zones) -> tuple[str, ...]:
    return _each(name, texts, zones)


def _directions(name: str, texts: Sequence[str], zones: Zones) -> tuple[str, ...]:
    return _each(name, texts, DIRECTIONS)


def _standings(name: str, texts: Sequence[str], zones: Zones) -> tuple[str, ...]:
    return _each(name, texts, STANDINGS) or STANDINGS


def _name(name: str, texts: Sequence[str], zones: Zones) -> str:
    try:
        return firewall_names.check(texts[-1])
    except ValueError as e:
        raise OptionError(name, str(e)) from None


def _names(name: str, texts: Sequence[str], zones: Zones) -> dict[str, str]:
    return {zone: _name(name, [value], zones) for zone, value in _pairs(name, texts, zones)}


def _networks(name: str, texts: Sequence[str], zones: Zones) -> dict[str, tuple[Address, ...]]:
    networks: dict[str, tuple[Address, ...]] = {}
    for zone, value in _pairs(name, texts, zones):
        try:
            added = tuple(parse(text) for text in value.split(',') if text.strip())
        except ValueError as e:
            raise OptionError(name, str(e)) from None
        networks[zone] = (*networks.get(zone, ()), *added)
    return networks


def _pairs(name: str, texts: Sequence[str], zones: Zones) -> Iterator[tuple[str, str]]:
    for text in texts:
        zone, colon, value = text.partition(':')
        if not colon or zone not in zones:
            raise OptionError(name, f'"{text}": write zone:value, where zone is one of {", ".join(zones)}.')
        yield zone, value.strip()


# Name in a query string -> (attribute, how its texts are read)
READERS: dict[str, tuple[str, Callable[[str, Sequence[str], Zones], Any]]] = {
    'perspective': ('perspective', _perspective),
    'zone': ('zones', _zones),
    'direction': ('directions', _directions),
    'standing': ('standings', _standings),
    **{name: (name, _flag) for name in ('logging', 'final_deny', 'nat', 'strict')},
    **{name: (name, _name) for name in ('gateway_zone', 'gateway_interface')},
    'zone_name': ('zone_names', _names),
    'interface': ('interfaces', _names),
    'networks': ('networks', _networks),
}
