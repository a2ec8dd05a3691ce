"""The site of a device or virtual machine, in Python and in SQL."""

from django.db.models import Q

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


def at_sites(sites, path=''):
    """A Q: the gateway or enforcement point at this path, such as ``gateway__``, is at one of these sites."""
    device, machine_site, cluster_site = (f'{path}{each}' for each in SITE_PATHS)
    return (
        Q(**{f'{device}__in': sites})
        | Q(**{f'{machine_site}__in': sites})
        | Q(**{machine_site: None, f'{cluster_site}__in': sites})
    )
