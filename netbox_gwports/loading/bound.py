"""Profiles that are bound to a data file and follow the catalog in it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ..catalog.document import Catalog
from ..catalog.errors import CatalogError
from ..replay import is_replaying
from .loader import apply, parse, plan

__all__ = ('follows', 'load_bound', 'read_bound')

RELEASE = ('name', 'version', 'slug')
HEAD = ('source_url', 'published', 'description', 'partial')


def read_bound(profile) -> Catalog | None:
    """Read the profile's data file, and set the fields of the profile itself.

    None while changes are replayed: what was loaded from the file is recorded beside the profile. Raises
    ValidationError with all errors of the file, or if it is the catalog of another release.
    """
    if is_replaying():
        return None
    if (text := profile.data_file.data_as_string) is None:
        raise ValidationError({'data_file': _('The file is empty or not a text file.')})
    try:
        catalog = parse(text, profile.data_file.path)
    except CatalogError as e:
        raise _invalid(e) from None
    if any(getattr(catalog, name) != getattr(profile, name) for name in RELEASE):
        raise ValidationError({
            'data_file': _('The file contains the catalog of {name} {version} ({slug}), not of this release.').format(
                name=catalog.name, version=catalog.version, slug=catalog.slug
            )
        })
    for name in HEAD:
        setattr(profile, name, getattr(catalog, name))
    return catalog


def follows(profile, catalog: Catalog) -> bool:
    """Whether the profile is what the catalog says already. Raises ValidationError."""
    try:
        return profile.is_synced and not plan(catalog, bound=profile)
    except CatalogError as e:
        raise _invalid(e) from None


def load_bound(profile, catalog: Catalog):
    """Load the catalog. Gateways are not changed, but shown as out of date. Raises ValidationError."""
    try:
        apply(plan(catalog, bound=profile))
    except CatalogError as e:
        raise _invalid(e) from None


def _invalid(error):
    return ValidationError({'data_file': [str(problem) for problem in error.problems]})
