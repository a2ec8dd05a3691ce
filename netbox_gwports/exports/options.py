"""The options of an export, and how they are read from text (a query string, a form)."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..rules import firewall_names
from ..rules.addresses import Address, parse
from ..rules.constants import DIRECTIONS, DMZ, STANDINGS
from .site import Site

__all__ = ('OptionError', 'Options')

TRANSIT, HOST = 'transit', 'host'
# Not one that another file would have: gwp-fw3, gwp-gw12
PREFIX, KEY = re.compile(r'gwp-(?!(?:fw|gw)\d+$)[A-Za-z0-9]{1,8}'), re.compile(r'[0-9a-f]{16}')
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
    those towards the gateways, and ``leg_zones`` and ``leg_interfaces`` are those for traffic with one zone, where
    gateways have legs in several. ``deny_gateways``: deny the rest of the traffic of these gateways; ``final_deny``:
    deny everything else that passes the firewall. ``allow_empty``: write a file without rules. ``prefix``: begins the
    names of what the file creates. ``present``: keys of rules on the firewall, to be removed unless they are in the
    file. ``nat``: write the address that the target's policy matches before it translates. ``strict``: raise Incomplete
    instead of leaving anything out.
    """

    perspective: str = TRANSIT
    zones: tuple[str, ...] = ()
    directions: tuple[str, ...] = ()
    standings: tuple[str, ...] = STANDINGS
    logging: bool = False
    deny_gateways: bool = True
    final_deny: bool = False
    allow_empty: bool = False
    nat: bool = False
    strict: bool = False
    gateway_zone: str = ''
    gateway_interface: str = ''
    prefix: str = ''
    present: tuple[str, ...] = ()
    leg_zones: Mapping[str, str] = field(default_factory=dict)
    leg_interfaces: Mapping[str, str] = field(default_factory=dict)
    zone_names: Mapping[str, str] = field(default_factory=dict)
    interfaces: Mapping[str, str] = field(default_factory=dict)
    networks: Mapping[str, tuple[Address, ...]] = field(default_factory=dict)
    site: Site = field(default_factory=Site)

    def includes(self, zone: str, direction: str) -> bool:
        """Whether rules of this zone and direction are to be exported."""
        return (not self.zones or zone in self.zones) and (not self.directions or direction in self.directions)

    def zone_name(self, zone: str) -> str:
        """The firewall's name for a zone, or NetBox's own."""
        return self.zone_names.get(zone) or zone

    def leg_zone(self, zone: str) -> str:
        """The firewall's zone of the gateways, for traffic with this zone."""
        return self.leg_zones.get(zone) or self.gateway_zone or DMZ

    def leg_interface(self, zone: str) -> str:
        """The firewall's interface towards the gateways, for traffic with this zone; empty if unknown."""
        return self.leg_interfaces.get(zone) or self.gateway_interface

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


def _prefix(name: str, texts: Sequence[str], zones: Zones) -> str:
    text = texts[-1]
    if text and not PREFIX.fullmatch(text):
        raise OptionError(
            name,
            f'"{text}": use gwp- and up to 8 letters and digits, such as gwp-mail, but not fw or gw and a number. '
            'Everything of this name on the firewall is taken to be of this file.',
        )
    return text


def _keys(name: str, texts: Sequence[str], zones: Zones) -> tuple[str, ...]:
    keys = tuple(key for text in texts for key in text.replace(',', ' ').split())
    for key in keys:
        if not KEY.fullmatch(key):
            raise OptionError(name, f'"{key}" is not the key of a rule: 16 hexadecimal digits.')
    return keys


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
    **{name: (name, _flag) for name in ('logging', 'deny_gateways', 'final_deny', 'allow_empty', 'nat', 'strict')},
    **{name: (name, _name) for name in ('gateway_zone', 'gateway_interface')},
    'zone_name': ('zone_names', _names),
    'interface': ('interfaces', _names),
    'leg_zone': ('leg_zones', _names),
    'leg_interface': ('leg_interfaces', _names),
    'networks': ('networks', _networks),
    'prefix': ('prefix', _prefix),
    'present': ('present', _keys),
}
