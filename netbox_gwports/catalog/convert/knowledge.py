"""What is known of protocols: their numbers, the usual transports of applications, the usual applications of ports."""

import re

from ...rules.ports import HIGHEST, PROTOCOLS

__all__ = (
    'APPLICATION',
    'BY_NAME',
    'IP_PROTOCOLS',
    'PROTOCOL',
    'is_known',
    'of_application',
    'usual_application',
    'usual_transport',
)

# Protocols that catalogs write by number, by the names that vendors print
NUMBERED = {'igmp': 2, 'eigrp': 88, 'ospf': 89, 'pim': 103, 'vrrp': 112, 'carp': 112, 'l2tpv3': 115}
# Name -> the protocol in canonical form
BY_NAME = {
    **{name: name for name in PROTOCOLS},
    **{name: f'ip/{number}' for name, number in NUMBERED.items()},
    'icmpv4': 'icmp',
    'icmp6': 'icmpv6',
}
# IANA number -> the protocol in canonical form; others are written ip/99
IP_PROTOCOLS = {number: name for name, number in PROTOCOLS.items()}
PROTOCOL = r'(?<![a-z])(?:tcp|udp|sctp|icmpv6|icmpv4|icmp|esp|ah|gre)(?![a-z])'
# Port -> its usual application, where there is only one
APPLICATIONS = {
    20: 'FTP', 21: 'FTP', 22: 'SSH', 23: 'Telnet', 25: 'SMTP', 53: 'DNS', 69: 'TFTP', 80: 'HTTP', 88: 'Kerberos',
    110: 'POP3', 123: 'NTP', 143: 'IMAP', 161: 'SNMP', 162: 'SNMP', 389: 'LDAP', 443: 'HTTPS', 445: 'SMB',
    465: 'SMTPS', 500: 'IKE', 514: 'syslog', 587: 'SMTP', 636: 'LDAPS', 989: 'FTPS', 990: 'FTPS', 993: 'IMAPS',
    995: 'POP3S', 1812: 'RADIUS', 1813: 'RADIUS', 3268: 'LDAP', 3269: 'LDAPS', 3389: 'RDP', 6514: 'syslog',
}  # fmt: skip
# Applications that use more than TCP, or something else
TRANSPORTS = {
    'dns': ('tcp', 'udp'), 'ntp': ('udp',), 'snmp': ('udp',), 'radius': ('udp',), 'tftp': ('udp',), 'dhcp': ('udp',),
    'ike': ('udp',), 'ipsec': ('udp',), 'syslog': ('udp',), 'kerberos': ('tcp', 'udp'), 'quic': ('udp',),
    'netbios': ('udp',), 'sip': ('tcp', 'udp'), 'rtp': ('udp',), 'ping': ('icmp',), 'dtls': ('udp',),
    'stun': ('tcp', 'udp'), 'turn': ('tcp', 'udp'),
}  # fmt: skip
ON_TCP = {
    'http', 'https', 'smtp', 'smtps', 'ftp', 'ftps', 'sftp', 'ssh', 'scp', 'telnet', 'ldap', 'ldaps', 'imap', 'imaps',
    'pop', 'pop3', 'pop3s', 'rdp', 'smb', 'cifs', 'tls', 'ssl', 'mtls', 'ntlm', 'hkp', 'ms-sql', 'mysql', 'websocket',
    'wss', 'starttls', 'http2', 'icap', 'rsync', 'mapi', 'submission',
}  # fmt: skip
KNOWN = {name.casefold() for name in APPLICATIONS.values()} | TRANSPORTS.keys() | ON_TCP
# A version belongs to the application before it: "TLS 1.2"
_NAMES = '|'.join(sorted(map(re.escape, KNOWN), key=len, reverse=True))
APPLICATION = rf'(?<![\w-])(?:secure\s)?(?:{_NAMES})(?![\w-])(?:\s?v?\d\.\d(?![\d.])\+?)?'
WORD = re.compile(r'[a-z][a-z0-9-]*')


def is_known(application: str) -> bool:
    """Whether the text contains a known application protocol."""
    return any(word in KNOWN for word in WORD.findall(application.casefold()))


def of_application(application: str) -> tuple[str, ...]:
    """The transport protocols of a known application; empty for others."""
    found: list[str] = []
    for word in WORD.findall(application.casefold()):
        found += TRANSPORTS.get(word, ('tcp',) if word in ON_TCP else ())
    return tuple(dict.fromkeys(found))


def usual_transport(port: int) -> tuple[str, ...]:
    """The protocols of the usual application of a port; empty where there is none."""
    return of_application(APPLICATIONS.get(port, ''))


def usual_application(specs: tuple[str, ...]) -> str:
    """The usual application of all these ports, or ''."""
    found = set()
    for spec in specs:
        _, _, port = spec.partition('/')
        found.add(APPLICATIONS.get(int(port), '') if port.isdecimal() and int(port) <= HIGHEST else '')
    return found.pop() if len(found) == 1 else ''
