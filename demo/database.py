"""NetBox's schema: loaded from the dump that is shipped for its release, else migrated, which takes minutes."""

import importlib.metadata
import lzma
import re
from pathlib import Path

import psycopg
from psycopg import sql

__all__ = ('SCHEMA', 'connect', 'create', 'dump_file', 'exists', 'is_empty', 'load', 'template')

SCHEMA = Path(__file__).resolve().parent / 'schema'


def dump_file() -> Path:
    """The dump of the installed NetBox release, which may not be there."""
    return SCHEMA / f'netbox-{importlib.metadata.version("netbox")}.sql.xz'


def connect(settings: dict, name: str, **options):
    """A connection outside Django; ``settings`` are Django's database settings."""
    keys = {'HOST': 'host', 'PORT': 'port', 'USER': 'user', 'PASSWORD': 'password'}
    given = {to: settings[key] for key, to in keys.items() if settings.get(key)}
    return psycopg.connect(dbname=name, **given, **options)


def exists(settings: dict, name: str) -> bool:
    with connect(settings, 'postgres') as server:
        return server.execute('SELECT 1 FROM pg_database WHERE datname = %s', [name]).fetchone() is not None


def is_empty(settings: dict) -> bool:
    with connect(settings, settings['NAME']) as connection:
        return connection.execute("SELECT to_regclass('django_migrations')").fetchone()[0] is None


def create(settings: dict, name: str):
    """Create a database with NetBox's schema, from the dump where there is one: whole or not at all."""
    making = f'{name}_new'
    with connect(settings, 'postgres', autocommit=True) as server:
        server.execute(sql.SQL('DROP DATABASE IF EXISTS {}').format(sql.Identifier(making)))
        server.execute(sql.SQL('CREATE DATABASE {}').format(sql.Identifier(making)))
        if dump_file().exists():
            with connect(settings, making) as connection:
                load(connection, dump_file())
        server.execute(sql.SQL('ALTER DATABASE {} RENAME TO {}').format(sql.Identifier(making), sql.Identifier(name)))


def load(connection, path: Path):
    """Execute a dump on an empty database, in the connection's transaction."""
    with lzma.open(path, 'rt', encoding='utf-8') as file:
        script = file.read()
    if not connection.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'").fetchone():
        newer = connection.info.server_version >= 170000
        provider = "provider = builtin, locale = 'C.UTF-8'" if newer else "provider = libc, locale = 'C'"
        script, found = re.subn(r'(CREATE COLLATION public\.natural_sort) \(.*?\);', rf'\1 ({provider});', script)
        if found != 1:
            raise RuntimeError(f'{path.name}: the collation natural_sort is not where it was expected')
    # Without parameters it goes as it is, many statements at once
    connection.execute(script)


def template(settings: dict) -> str | None:
    """The name of a database with a bare NetBox to copy test databases from; None where no dump is shipped."""
    if not dump_file().exists():
        return None
    name = f'netbox_template_{importlib.metadata.version("netbox").replace(".", "_")}'
    with connect(settings, 'postgres', autocommit=True) as server:
        # Workers that start together: one makes it, the others wait
        server.execute('SELECT pg_advisory_lock(hashtext(%s))', [name])
        if not exists(settings, name):
            create(settings, name)
    return name
