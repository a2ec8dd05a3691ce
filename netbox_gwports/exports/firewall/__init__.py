"""Firewall configuration. The syntax is aerleon's; which rules there are, their order and what is left out is ours."""

from .acl import ASAExporter, IOSExporter, NXOSExporter
from .linux import IP6TablesExporter, IPTablesExporter, NFTablesExporter
from .policy_yaml import PolicyExporter
from .zoned import FortiOSExporter, PANOSExporter, SRXExporter

__all__ = ('FIREWALLS',)

FIREWALLS = (
    NFTablesExporter,
    IPTablesExporter,
    IP6TablesExporter,
    IOSExporter,
    NXOSExporter,
    ASAExporter,
    SRXExporter,
    PANOSExporter,
    FortiOSExporter,
    PolicyExporter,
)
