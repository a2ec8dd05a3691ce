"""What an export has to know about the site that it is written for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..rules.constants import DMZ, INTERNAL, INTERNET, MANAGEMENT

__all__ = ('Site',)

LABELS = {INTERNET: 'Internet', INTERNAL: 'Internal', DMZ: 'DMZ', MANAGEMENT: 'Management'}


@dataclass(frozen=True, slots=True)
class Site:
    """``zones`` maps every zone to its label, in the order in which they are listed.

    ``require_approval``: firewall configuration holds rules that are approved or in place only, whatever is asked for.
    """

    zones: Mapping[str, str] = field(default_factory=lambda: dict(LABELS))
    require_approval: bool = False

    def label(self, zone: str) -> str:
        return self.zones.get(zone, zone)

    def other_zones(self, zone: str) -> tuple[str, ...]:
        """The zones whose networks *any* of this zone does not include."""
        return tuple(other for other in self.zones if other != zone)
