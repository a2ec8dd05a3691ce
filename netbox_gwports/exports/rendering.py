"""What goes into an export and what comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..rules.addresses import Address
from ..rules.rule import Resolution, Rule

__all__ = ('ExportError', 'Incomplete', 'Material', 'Rendering', 'Skipped', 'Unavailable')


class ExportError(Exception):
    """An export cannot be made; as text it says why."""


class Unavailable(ExportError):
    """The format needs a package that is not installed."""


class Incomplete(ExportError):
    """``strict`` was asked for, and something would be left out: ``skipped``, and ``hidden`` flows."""

    def __init__(self, skipped, hidden):
        self.skipped, self.hidden = skipped, hidden
        lines = [str(entry) for entry in skipped]
        if hidden:
            lines.append(f'{hidden} flows are not visible to you')
        super().__init__('\n'.join(lines))


@dataclass(frozen=True, slots=True)
class Skipped:
    """A needed rule, or a need without a rule, that is not in the file.

    ``key`` is that of the rule, empty for a need that yields none; ``flows`` are the flows behind it as text;
    ``reason`` is a code and ``detail`` says it in words.
    """

    key: str
    gateway: str
    flows: tuple[str, ...]
    reason: str
    detail: str

    def __str__(self):
        return f'{self.gateway}: {"; ".join(self.flows)}: {self.detail}'


@dataclass(frozen=True, slots=True)
class Material:
    """The resolved gateways of one export.

    ``partial`` says for gateways (by id) what their vendor's table lacks; ``outside`` holds, for addresses of gateways,
    the addresses under which others reach them (NAT). ``unseen_flows`` counts flows of gateways and zones
    that the reader may not view at all.
    """

    resolutions: tuple[Resolution, ...]
    partial: Mapping[int, str] = field(default_factory=dict)
    outside: Mapping[Address, tuple[Address, ...]] = field(default_factory=dict)
    unseen_flows: int = 0

    @property
    def rules(self) -> tuple[Rule, ...]:
        return tuple(rule for resolution in self.resolutions for rule in resolution.rules)

    @property
    def gateways(self) -> tuple[str, ...]:
        return tuple(resolution.gateway.name for resolution in self.resolutions)

    @property
    def hidden(self) -> int:
        """How many needed flows are not in it, since its reader may not see them or what they belong to."""
        return sum(resolution.hidden for resolution in self.resolutions) + self.unseen_flows


@dataclass(frozen=True, slots=True)
class Rendering:
    """A finished file.

    ``rendered`` are the keys of the rules whose openings are in it (by a broader rule, too), ``skipped`` what is not,
    ``warnings`` what else its reader has to know, ``apply_hint`` how it is applied.
    """

    content: str | bytes
    filename: str
    media_type: str
    rendered: frozenset[str]
    skipped: tuple[Skipped, ...]
    warnings: tuple[str, ...] = ()
    apply_hint: str = ''
