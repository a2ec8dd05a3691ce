"""What the resolver makes of a gateway, in short: for the tests of it."""

from netbox_gwports.rules.build import resolve

from .build import gateway, said

__all__ = ('MAIL', 'WEB', 'reasons', 'rules', 'told')

MAIL = {'role': 'mail', 'kind': 'any', 'zone': 'internet', 'specs': ['tcp/25'], 'direction': 'inbound'}
WEB = {'role': 'vendor', 'zone': 'internet', 'specs': ['tcp/443'], 'application_protocol': 'HTTPS'}


def rules(*args, **kwargs):
    return [said(rule) for rule in resolve(gateway(*args, **kwargs)).rules]


def reasons(*args, **kwargs):
    return [entry.reason for entry in resolve(gateway(*args, **kwargs)).unresolved]


def told(*args, **kwargs):
    """(rules, (reason, detail) of what is unresolved) of one gateway."""
    resolution = resolve(gateway(*args, **kwargs))
    return [said(rule) for rule in resolution.rules], [(e.reason, e.detail) for e in resolution.unresolved]
