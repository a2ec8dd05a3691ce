"""Firewall configuration. Each module writes one syntax; which rules there are and their order is decided elsewhere."""

from .ansible import AnsibleCheckPointExporter, AnsibleFortiOSExporter, AnsiblePANOSExporter
from .aws import AWSExporter
from .cisco import ASAExporter, IOSExporter, NXOSExporter
from .fortios import FortiOSExporter
from .iptables import IP6TablesExporter, IPTablesExporter
from .nftables import NFTablesExporter
from .panos import PANOSExporter
from .policy_yaml import PolicyExporter
from .srx import SRXExporter

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
    AnsiblePANOSExporter,
    AnsibleFortiOSExporter,
    AnsibleCheckPointExporter,
    AWSExporter,
    PolicyExporter,
)
