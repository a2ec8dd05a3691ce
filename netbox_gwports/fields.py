"""A database column for queries by protocol and port: see ``PortRangesField``."""

from django.db import models

from .rules.ports import WITH_PORTS, number

__all__ = ('PortRangesField', 'ports_meet')

SPAN = 65536


class PortRangesField(models.Field):
    """An int4multirange of ``protocol number * 65536 + port``; protocols without ports use their number * 65536 only.

    PostgreSQL computes it from the port specs (netbox_gwports_port_ranges), so it is never out of date, and a query
    for a protocol and port in the same spec is a single overlap test with ranges kept as ranges.
    """

    def db_type(self, connection):
        return 'int4multirange'


@PortRangesField.register_lookup
class Meets(models.Lookup):
    """Overlaps any of the inclusive (low, high) pairs on the right-hand side."""

    lookup_name = 'meets'
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        ranges = ','.join(f'[{int(low)},{int(high)}]' for low, high in self.rhs)
        return f'{lhs} && %s::int4multirange', [*params, f'{{{ranges}}}']


def ports_meet(protocol=None, port=None, field='port_ranges'):
    """A Q: a port spec matches both this protocol (canonical name; None: any) and this port (None: any)."""
    protocols = [protocol] if protocol else WITH_PORTS
    numbers = [number(name) for name in protocols]
    return models.Q(**{
        f'{field}__meets': [(n * SPAN + (port or 0), n * SPAN + (SPAN - 1 if port is None else port)) for n in numbers]
    })
