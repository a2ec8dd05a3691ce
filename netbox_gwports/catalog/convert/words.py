"""Patterns of ports, protocols and directions, to find them in running text."""

from collections.abc import Container

from .knowledge import APPLICATION

__all__ = ('DIRECTION', 'PORTS', 'PORTS_AND_PROTOCOLS', 'PROTOCOL', 'ROW_START', 'pattern_of')

_DASH = '[-–—−‑]'
_PROTOCOL = r'(?:tcp|udp|sctp|icmpv6|icmp|esp|ah|gre|tls|ssl)(?!\w)'
_NONE = rf'(?:n/a|none|{_DASH})(?!\S)'
_MARKS = r'\s?[*†‡]{0,3}'
_NUMBER = rf'\d{{1,5}}(?:[ ]?(?:{_DASH}|:|to)[ ]?\d{{1,5}})?(?![\w.]){_MARKS}'
_ANY = r'(?:any|all|ephemeral|dynamic)(?!\w)'
_AND = r'(?:[ ]?[,;/&+|][ ]?|[ ](?:and|or)[ ]|[ ])'


def _list(item: str, longest: int = 40) -> str:
    return f'(?:{item})(?:{_AND}(?:{item})){{0,{longest}}}'


PORTS = f'(?:{_list(f"{_NUMBER}|{_ANY}")}|{_NONE}|icmp(?:v6)?(?!\\w))'
# "TCP 443", "tcp/443", "443 (TCP)", "ICMP"
_BOTH = rf'(?:{_PROTOCOL}[ ]?[:/]?[ ]?)?(?:{_NUMBER}|{_ANY})(?:[ ]?/?[ ]?\(?{_PROTOCOL}\)?)?|{_PROTOCOL}'
PORTS_AND_PROTOCOLS = f'(?:{_list(_BOTH)}|{_NONE})'
PROTOCOL = rf'(?:{_list(rf"{_PROTOCOL}|(?:ip|any|all)(?![\w])", 5)}|{_NONE})'
# Without a column of applications, that of protocols may name them: "22 SFTP In/Out"
PROTOCOL_OR_APPLICATION = rf'(?:{PROTOCOL}|{_list(APPLICATION, 3)})'
_DIRECTION = (
    r'(?:inbound|outbound|listening|incoming|outgoing|ingress|egress|in|out|both(?:[ ]directions)?|bi-?[ ]?directional|'
    r'two-way|<-+>|<-+|-+>|[←→↔⇄⇆⇐⇒⇔])(?!\w)'
)
DIRECTION = rf'(?:{_list(_DIRECTION, 3)}|{_NONE})'

# The beginning of a row in a line: ports and a protocol, an application or a direction
ROW_START = (
    rf'(?=\d){PORTS}[ \t]+(?:(?:{_PROTOCOL}|{APPLICATION})(?=[\s/,]|$)|{DIRECTION}(?=\s|$)'
    rf'|(?:\S+[ \t]+){{1,3}}?{DIRECTION}(?=\t|[ \t]*$))'
)


def pattern_of(field: str, fields: Container[str]) -> str:
    """The pattern of a cell of this column, or '' for free text. ``fields``: those of all columns of the table."""
    return {
        'ports': PORTS if 'protocol' in fields else PORTS_AND_PROTOCOLS,
        'tcp': PORTS,
        'udp': PORTS,
        'source_ports': PORTS,
        'protocol': PROTOCOL if 'application' in fields else PROTOCOL_OR_APPLICATION,
        # Not the second half of "In / Out"
        'direction': rf'(?<![/,&+])(?<![/,&+] ){DIRECTION}',
    }.get(field, '')
