"""Derives the remote role from the table's description of the remote or, failing that, from the application."""

import re
from dataclasses import dataclass

from ...rules.constants import ANY, DMZ, INBOUND, INTERNAL, INTERNET, MANAGEMENT, NAMED, PEERS
from ..slugs import slugify

__all__ = ('ROLES', 'UNNAMED', 'Remote', 'derive', 'is_any')

# Roles of the bundled catalogs that apply to many products: slug -> (name, zone, kind)
ROLES = {
    'internet-mail-hosts': ('Internet mail hosts', INTERNET, ANY),
    'internet-web': ('Internet web servers', INTERNET, ANY),
    'vendor-services': ('Vendor services', INTERNET, NAMED),
    'key-servers': ('Key servers', INTERNET, NAMED),
    'internal-mail-servers': ('Internal mail servers', INTERNAL, NAMED),
    'dns-servers': ('DNS servers', INTERNAL, NAMED),
    'ntp-servers': ('NTP servers', INTERNAL, NAMED),
    'directory-servers': ('Directory servers', INTERNAL, NAMED),
    'domain-controllers': ('Domain controllers', INTERNAL, NAMED),
    'log-servers': ('Log servers', INTERNAL, NAMED),
    'backup-servers': ('Backup servers', INTERNAL, NAMED),
    'administrators': ('Administrators', MANAGEMENT, NAMED),
    'snmp-managers': ('SNMP managers', MANAGEMENT, NAMED),
    'peer-gateways': ('Peer gateways', DMZ, PEERS),
}
# A cell that consists only of these words means any address: "Any host", but not "All internal servers"
ANYONE = {'internet', 'any', 'anywhere', 'anyone', 'all', 'world', 'public', 'external', '*', '0.0.0.0/0', '::/0'}
FILLERS = {'the', 'on', 'in', 'from', 'to', 'or', 'and', 'host', 'hosts', 'ip', 'ips', 'address', 'addresses',
           'network', 'networks'}  # fmt: skip
# Words in the remote's cell or in a purpose -> role; the first match wins
WORDS = [
    (re.compile(rf'(?i)\b(?:{words})\b'), slug)
    for words, slug in (
        (r'peers?|peer gateways?|clusters?|cluster nodes?|other (?:gateways?|appliances?|nodes?)', 'peer-gateways'),
        (r'key ?servers?', 'key-servers'),
        (r'dns|name ?servers?|resolvers?', 'dns-servers'),
        (r'ntp|time ?servers?', 'ntp-servers'),
        (r'domain controllers?|ntlm|kerberos|kdcs?', 'domain-controllers'),
        (r'ldaps?|director(?:y|ies)|active directory|global catalog', 'directory-servers'),
        (r'syslog|log (?:servers?|hosts?|collectors?)|siem', 'log-servers'),
        (r'backups?|backup servers?', 'backup-servers'),
        (r'snmp|nms|monitoring (?:systems?|servers?|stations?)|management stations?', 'snmp-managers'),
        (r'internal (?:e-?mail|smtp) servers?|mailbox servers?|exchange servers?|groupware', 'internal-mail-servers'),
        (
            r'admin(?:istrators?|istration)?|admins|management (?:hosts?|networks?|workstations?|clients?|pcs?)|web ui|'
            r'console',
            'administrators',
        ),
    )
]
# Named roles only: "any" must be stated by the table
SERVICES = {
    'dns': 'dns-servers', 'ntp': 'ntp-servers',
    'ldap': 'directory-servers', 'ldaps': 'directory-servers', 'syslog': 'log-servers', 'snmp': 'snmp-managers',
    'ftp': 'backup-servers', 'ftps': 'backup-servers', 'sftp': 'backup-servers', 'scp': 'backup-servers',
    'ntlm': 'domain-controllers', 'kerberos': 'domain-controllers', 'hkp': 'key-servers',
    'http': 'vendor-services', 'https': 'vendor-services',
}  # fmt: skip
ON_GATEWAY = {'ssh': 'administrators', 'http': 'administrators', 'https': 'administrators', 'rdp': 'administrators'}
UNNAMED = ('unnamed-remotes', ('Unnamed remotes', INTERNAL, NAMED))


@dataclass(frozen=True, slots=True)
class Remote:
    """A role with ``name``, ``zone`` and ``kind``, and ``why`` it was chosen."""

    slug: str
    name: str
    zone: str
    kind: str
    why: str


def derive(text: str, dns_names: bool, purpose: str, application: str, direction: str) -> Remote:
    """The role for the remote's cell, for DNS names, for the purpose or for the application, in this order."""
    protocols = re.findall(r'[a-z0-9-]+', application.casefold())
    if text:
        why = f'the table says "{text[:60]}"'
        if slug := next((slug for pattern, slug in WORDS if pattern.search(text)), None):
            return _known(slug, why)
        if _means_anyone(text):
            return _known('internet-mail-hosts' if {'smtp', 'smtps'} & set(protocols) else 'internet-web', why)
        if slug := slugify(text)[:60].strip('-'):
            # Unknown words become a new role, in the zone that permits least
            return _known(slug, why) if slug in ROLES else Remote(slug, text[:60].strip(), INTERNAL, NAMED, why)
    if dns_names:
        slug = next((SERVICES[protocol] for protocol in protocols if protocol in SERVICES), 'vendor-services')
        return _known(slug, 'the row has DNS names')
    inbound = direction == INBOUND
    # Administrators connect to the gateway, never the other way round
    found = [
        (slug, match[0])
        for pattern, slug in WORDS
        if (match := pattern.search(purpose)) and (inbound or slug != 'administrators')
    ]
    if found:
        (slug, word), *others = found
        more = ''.join(f', but also "{word}", which suggests {other}' for other, word in others)
        return _known(slug, f'the purpose says "{word}"{more}')
    for protocol in protocols:
        if slug := inbound and ON_GATEWAY.get(protocol) or SERVICES.get(protocol):
            return _known(slug, f'derived from the application {application}')
    slug, known = UNNAMED
    return Remote(slug, *known, 'the remote is not stated')


def is_any(remote: Remote) -> bool:
    return remote.kind == ANY


def _means_anyone(text: str) -> bool:
    words = set(re.findall(r'[^\s,;()]+', text.casefold()))
    return bool(words & ANYONE) and words <= ANYONE | FILLERS


def _known(slug: str, why: str) -> Remote:
    return Remote(slug, *ROLES[slug], why)
