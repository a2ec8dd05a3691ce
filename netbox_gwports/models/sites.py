"""The site of a device or virtual machine, in Python and in SQL."""

from django.db.models import Q
from virtualization.models import VirtualMachine

from ..visible import through

__all__ = ('SITE_PATHS', 'at_sites', 'site_id_of', 'site_of')

# For select_related(): the relations through which a gateway or an enforcement point has its site
SITE_PATHS = ('device__site', 'virtual_machine__site', 'virtual_machine__cluster___site')


def site_of(machine):
    """The site of a device, or of a virtual machine or else its cluster; None if there is none."""
    if machine.site_id is not None:
        return machine.site
    cluster = getattr(machine, 'cluster', None)
    return cluster and cluster._site


def site_id_of(machine):
    """The primary key of the same, without loading the site."""
    if machine.site_id is not None:
        return machine.site_id
    cluster = getattr(machine, 'cluster', None)
    return cluster and cluster._site_id


def at_sites(model, sites, user=None, path=''):
    """A Q of ``model``: the gateway or enforcement point at the end of this path is at one of these sites.

    Without a path it is the model itself. Only what the user may view counts, as in ``through``.
    """
    owner = model._meta.get_field(path).related_model if path else model
    of_cluster = Q(site=None) & through(VirtualMachine, 'cluster', Q(_site__in=sites), user)
    condition = through(owner, 'device', Q(site__in=sites), user) | through(
        owner, 'virtual_machine', Q(site__in=sites) | of_cluster, user
    )
    return through(model, path, condition, user) if path else condition
