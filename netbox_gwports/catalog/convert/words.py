"""Patterns of ports, protocols and directions, to find them in running text."""

__all__ = ('DIRECTION', 'PORTS', 'PORTS_AND_PROTOCOLS', 'PROTOCOL', 'pattern_of')

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
_WAY = (
    r'(?:inbound|outbound|incoming|outgoing|ingress|egress|in|out|both(?:[ ]directions)?|bi-?[ ]?directional|'
    r'two-way|<-+>|<-+|-+>|[←→↔⇄⇆⇐⇒⇔])(?!\w)'
)
DIRECTION = rf'(?:{_list(_WAY, 3)}|{_NONE})'


def pattern_of(field: str, with_protocol: bool) -> str:
    """The pattern of a cell of this column, or '' for free text. ``with_protocol``: the table has a protocol column."""
    return {
        'ports': PORTS if with_protocol else PORTS_AND_PROTOCOLS,
        'tcp': PORTS,
        'udp': PORTS,
        'source_ports': PORTS,
        'protocol': PROTOCOL,
        'direction': DIRECTION,
    }.get(field, '')
