"""What goes into an export and what comes out of it."""

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..rules.addresses import Address, Ref
from ..rules.rule import Resolution, Rule

__all__ = ('Empty', 'ExportError', 'Incomplete', 'Material', 'Rendering', 'Skipped', 'Unavailable')


class ExportError(Exception):
    """An export cannot be made; as text it says why."""


class Unavailable(ExportError):
    """The format needs a package that is not installed."""


class Empty(ExportError):
    """A firewall file would hold no rule, and ``allow_empty`` was not asked for: loading it would close everything."""

    def __init__(self, gateways: str, skipped: tuple['Skipped', ...]) -> None:
        self.skipped = skipped
        text = (
            f'The file would permit nothing for {gateways}, and loading it would close all that an earlier one opened'
        )
        super().__init__(
            '\n'.join([f'{text}. To write it anyway, use allow_empty.', *(str(entry) for entry in skipped)])
        )


class Incomplete(ExportError):
    """``strict`` was asked for, and something would be left out: ``skipped``, and ``hidden`` flows."""

    def __init__(self, skipped: tuple['Skipped', ...], hidden: int) -> None:
        self.skipped, self.hidden = skipped, hidden
        lines = [str(entry) for entry in skipped]
        if hidden:
            lines.append(f'{hidden} flows are not visible to you')
        super().__init__('\n'.join(lines))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A rule, or a flow that yields no rule, that is missing from the file.

    ``key`` is the rule's, empty for a flow without a rule; ``gateway`` is the label of a gateway with the id
    ``gateway_id``; ``flows`` are the flows behind it as text; ``reason`` is a
    code and ``detail`` explains it.
    """

    key: str
    gateway: str
    gateway_id: int
    flows: tuple[str, ...]
    reason: str
    detail: str

    def __str__(self) -> str:
        return f'{self.gateway}: {"; ".join(self.flows)}: {self.detail}'


@dataclass(frozen=True)
class Material:
    """The resolved gateways of one export.

    ``partial`` maps gateways (by id) to what their catalog lacks of the vendor's table; ``outside`` maps addresses of
    gateways to the addresses under which others reach them (NAT). ``unseen_flows`` counts flows of gateways and zones
    that the reader may not view at all. ``owner`` is a short stable name of the firewall for which the gateways were
    gathered, such as ``fw3``; empty where they are just gateways. ``present`` are the keys of rules that are in place
    on that firewall.
    """

    resolutions: tuple[Resolution, ...]
    partial: Mapping[int, str] = field(default_factory=dict)
    outside: Mapping[Address, tuple[Address, ...]] = field(default_factory=dict)
    unseen_flows: int = 0
    owner: str = ''
    present: frozenset[str] = frozenset()

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for resolution in self.resolutions for rule in resolution.rules)

    @property
    def gateways(self) -> tuple[str, ...]:
        return tuple(self.label(resolution.gateway) for resolution in self.resolutions)

    @cached_property
    def _names(self) -> Counter[str]:
        return Counter(resolution.gateway.name for resolution in self.resolutions)

    def label(self, gateway: Ref) -> str:
        """The name of a gateway, with its id where another one of these has the same name."""
        return f'{gateway.name} (ID {gateway.id})' if self._names[gateway.name] > 1 else gateway.name

    @property
    def prefix(self) -> str:
        """What the names of everything that a firewall file creates begin with. It outlives a renamed device."""
        ids = sorted(resolution.gateway.id for resolution in self.resolutions)
        if self.owner:
            return f'gwp-{self.owner}'
        if len(ids) == 1:
            return f'gwp-gw{ids[0]}'
        return f'gwp-{hashlib.sha256(repr(ids).encode()).hexdigest()[:8]}'

    @property
    def hidden(self) -> int:
        """The number of required flows that are missing because the reader may not view them or what they belong to."""
        return sum(resolution.hidden for resolution in self.resolutions) + self.unseen_flows


@dataclass(frozen=True, slots=True)
class Rendering:
    """A finished file.

    ``rendered`` are the keys of the rules that it permits, by a broader one or themselves; ``skipped`` is what it
    lacks, ``warnings`` is what else the reader has to know, and ``apply_hint`` is how to apply it.
    """

    content: str | bytes
    filename: str
    media_type: str
    rendered: frozenset[str]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...] = ()
    apply_hint: str = ''
