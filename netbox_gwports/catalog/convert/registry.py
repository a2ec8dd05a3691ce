"""Features, roles and services of a draft, without duplicates and with unique names."""

from typing import Any

from ..slugs import slugify
from ..writing import Inline
from .conditions import Condition
from .openings import Opening
from .remotes import Remote

__all__ = ('Registry',)

# Applications that are usually unencrypted
CLEAR = {'ftp', 'http', 'ldap', 'snmp', 'syslog', 'telnet', 'tftp', 'pop3', 'pop', 'imap', 'smtp', 'netbios'}


class Registry:
    def __init__(self, openings: list[Opening]) -> None:
        self.features: dict[str, dict[str, Any]] = {}
        self.roles: dict[str, dict[str, Any]] = {}
        self.services: dict[tuple[str, tuple[str, ...]], dict[str, Any]] = {}
        # Services of the same name get their ports as a suffix
        self.ports_of: dict[str, set[tuple[str, ...]]] = {}
        for opening in openings:
            self.ports_of.setdefault(opening.name.casefold(), set()).add(opening.specs)

    def feature(self, condition: Condition, purpose: tuple[str, ...]) -> str:
        """The slug of the feature for a condition. Without words, it is named after the purpose."""
        name = ' '.join(condition.words or purpose)[:80].strip() or 'Optional'
        slug = _known(self.features, name) or slugify(name)[:80].strip('-_') or f'feature-{len(self.features) + 1}'
        self.features.setdefault(slug, Inline(slug=slug, name=name))
        return slug

    def slug_of(self, remote: Remote) -> str:
        return _known(self.roles, remote.name) or remote.slug

    def role(self, remote: Remote) -> str:
        slug = self.slug_of(remote)
        kind = {} if remote.kind == 'named' else {'kind': remote.kind}
        self.roles.setdefault(slug, Inline(slug=slug, name=remote.name, zone=remote.zone, **kind))
        return slug

    def service(self, opening: Opening) -> str:
        key = (opening.name.casefold(), opening.specs)
        if key not in self.services:
            ports = ', '.join(opening.specs)
            name = opening.name or ports
            if opening.name and len(self.ports_of[key[0]]) > 1:
                name = f'{name} ({ports})'
            name, number = (name if len(name) <= 90 else f'{name[:80].strip()}…'), 1
            base, taken = name, {service['name'].casefold() for service in self.services.values()}
            while name.casefold() in taken:
                number += 1
                name = f'{base} {number}'
            application = {'application_protocol': opening.application} if opening.application else {}
            self.services[key] = Inline(name=name, **application, ports=list(opening.specs))
        return str(self.services[key]['name'])

    def clear_text(self) -> list[str]:
        """The names of services that are usually unencrypted."""
        return [s['name'] for s in self.services.values() if s.get('application_protocol', '').casefold() in CLEAR]


def _known(entries: dict[str, dict[str, Any]], name: str) -> str:
    """The slug of the entry with this name, ignoring case, or ''."""
    return next((slug for slug, entry in entries.items() if entry['name'].casefold() == name.casefold()), '')
