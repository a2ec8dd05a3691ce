"""Two values of every fact of a flow, made from the table of facts, so that a new fact is in every test."""

from netbox_gwports.catalog.document import Catalog, Feature, Flow, Role, Service
from netbox_gwports.rules.facts import Kind, of_service, of_template

__all__ = ('catalog', 'flow_values', 'sample', 'service_values')

BY_KIND = {
    Kind.TEXT: ('first', 'second'),
    Kind.FLAG: (True, False),
    Kind.DNS_NAMES: (('a.example.net',), ('*.example.org', 'b.example.net')),
    Kind.PORTS: (('tcp/8443',), ('tcp/993', 'udp/5000-5010')),
}
BY_NAME = {
    'direction': ('outbound', 'inbound'),
    'zone': ('dmz', 'management'),
    'remote_role': ('servers', 'clients'),
    'feature': ('sync', 'backup'),
}


def sample(fact, number=0):
    """The first or the second value of a fact, as a catalog has it; neither is its default, except of flags."""
    values = BY_NAME.get(fact.name) or BY_KIND[fact.kind]
    return values[number]


def service_values(second=()):
    """Key -> value of a service. ``second`` names facts that get their second value."""
    return {fact.catalog_key: sample(fact, fact.name in second) for fact in of_service()}


def flow_values(second=()):
    return {fact.catalog_key: sample(fact, fact.name in second) for fact in of_template()}


def catalog(second=(), version='1.0') -> Catalog:
    """A catalog of one flow that states every fact."""
    service = Service(**service_values(second))
    return Catalog(
        file='x.yaml',
        manufacturer_name='Example',
        manufacturer_slug='example',
        name='Mail Gateway',
        version=version,
        slug=f'example-{version.replace(".", "-")}',
        source_url='',
        published=None,
        description='',
        partial='',
        features=(Feature('sync', 'Synchronization'), Feature('backup', 'Backup')),
        roles=(Role('servers', 'Servers', 'internal'), Role('clients', 'Clients', 'internal')),
        services=(service,),
        flows=(Flow(service=service.name, row=1, item=1, **flow_values(second)),),
    )
