"""Which database is written to: a router may name another one than the default, as it does within a branch."""

from django.db import DEFAULT_DB_ALIAS, models, router, transaction

__all__ = ('atomic', 'in_branch', 'write_alias')


def write_alias(model: type[models.Model]) -> str:
    """The alias of the database that objects of this model are written to now."""
    return router.db_for_write(model)


def atomic(model: type[models.Model]) -> transaction.Atomic:
    """A transaction on that database. One on the default database would not hold what is written within a branch."""
    return transaction.atomic(using=write_alias(model))


def in_branch(model: type[models.Model]) -> bool:
    """Whether objects of this model are those of a branch now, and not those of main."""
    return write_alias(model) != DEFAULT_DB_ALIAS
