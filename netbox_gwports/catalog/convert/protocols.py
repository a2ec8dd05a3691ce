"""Reads transport protocols; knows the usual protocols of applications and ports."""

import re
from dataclasses import dataclass

from ...rules.ports import HIGHEST, PORTLESS, WITH_PORTS
from .errors import Reporter, short
from .portcells import EMPTY

__all__ = ('Transport', 'is_known', 'of_application', 'of_cell', 'usual_application', 'usual_transport')

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
    'netbios': ('udp',), 'sip': ('tcp', 'udp'), 'rtp': ('udp',), 'ping': ('icmp',),
}  # fmt: skip
ON_TCP = {
    'http', 'https', 'smtp', 'smtps', 'ftp', 'ftps', 'sftp', 'ssh', 'scp', 'telnet', 'ldap', 'ldaps', 'imap', 'imaps',
    'pop', 'pop3', 'pop3s', 'rdp', 'smb', 'cifs', 'tls', 'ssl', 'ntlm', 'hkp', 'ms-sql', 'mysql', 'websocket', 'wss',
}  # fmt: skip
KNOWN = {name.casefold() for name in APPLICATIONS.values()}
TOKEN = re.compile(r'(?i)ip[ /]\d{1,3}|[a-z][\w.-]*|\d+')


@dataclass(frozen=True, slots=True)
class Transport:
    """``names``: protocols in canonical form. ``application``: the application named instead of a transport."""

    names: tuple[str, ...] = ()
    application: str = ''


def of_cell(text: str, report: Reporter | None) -> Transport:
    """The protocols of a cell. Without ``report``, doubts are not reported."""
    names, others, numbers = [], [], {**WITH_PORTS, **PORTLESS}
    by_number = {number: name for name, number in numbers.items()}
    if EMPTY.fullmatch(text):
        return Transport()
    for token in TOKEN.findall(text.replace('ICMPv4', 'icmp')):
        word = token.casefold()
        if word in numbers:
            names.append(word)
        elif (digits := word.removeprefix('ip').strip(' /')).isdecimal() and int(digits) <= 255:
            name = by_number.get(int(digits), f'ip/{int(digits)}')
            names.append(name)
            _report(
                report,
                f'number {short(token)} in the column of protocols',
                name,
                'check that it is an IP protocol number',
            )
        elif word in ('any', 'all', 'ip'):
            names += ['tcp', 'udp']
            _report(
                report,
                f'protocol {short(token)}',
                'tcp and udp',
                'check whether icmp or other protocols are meant, too',
            )
        elif word == 'or':
            _report(report, f'{short(text)} are alternatives', 'all of them', 'remove those that are not used')
        elif word not in ('and', 'protocol', 'port', 'ports', 'over'):
            others.append(token)
    if others and not names:
        application = ' '.join(others)[:50]
        names = list(of_application(application))
        if names:
            _report(
                report, f'{short(text)} is not a transport protocol', f'{" and ".join(names)}, usual for it', 'check it'
            )
        return Transport(tuple(names), application)
    if others:
        _report(
            report, f'{short(" ".join(others))} is not a transport protocol', '/'.join(names), f'check {short(text)}'
        )
    return Transport(tuple(dict.fromkeys(names)))


def _report(report: Reporter | None, unsure: str, wrote: str, check: str) -> None:
    if report:
        report('ports', unsure, wrote, check)


def is_known(application: str) -> bool:
    """Whether the text contains a known application protocol."""
    known = KNOWN | TRANSPORTS.keys() | ON_TCP
    return any(word in known for word in re.findall(r'[a-z][a-z0-9-]*', application.casefold()))


def of_application(application: str) -> tuple[str, ...]:
    """The transport protocols of a known application; empty for others."""
    found: list[str] = []
    for word in re.findall(r'[a-z][a-z0-9-]*', application.casefold()):
        found += TRANSPORTS.get(word, ('tcp',) if word in ON_TCP else ())
    return tuple(dict.fromkeys(found))


def usual_transport(port: int) -> tuple[str, ...]:
    return of_application(APPLICATIONS.get(port, '')) or ('tcp',)


def usual_application(specs: tuple[str, ...]) -> str:
    """The usual application of all these ports, or ''."""
    found = set()
    for spec in specs:
        _, _, port = spec.partition('/')
        found.add(APPLICATIONS.get(int(port), '') if port.isdecimal() and int(port) <= HIGHEST else '')
    return found.pop() if len(found) == 1 else ''
