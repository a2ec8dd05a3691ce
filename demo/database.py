"""NetBox's schema: loaded from the dump shipped for its release, or migrated, which takes minutes."""

import contextlib
import hashlib
import importlib.metadata
import lzma
import os
import re
from pathlib import Path

import psycopg
from psycopg import sql

from .paths import DEMO
from .progress import fail, say, step

__all__ = ('connect', 'drop', 'dump_file', 'ensure', 'given', 'load', 'recreate', 'template')

NO_DUMP = 'no dump is shipped for this NetBox release: its migrations take several minutes'


def given() -> dict | None:
    """Django's database settings for DATABASE_URL, or None."""
    if not (url := os.environ.get('DATABASE_URL')):
        return None
    try:
        parts = psycopg.conninfo.conninfo_to_dict(url)
    except psycopg.ProgrammingError as error:
        fail(f'DATABASE_URL is invalid: {str(error).strip()}. Example: postgresql://user:password@host:5432/netbox')
    names = {'host': 'HOST', 'port': 'PORT', 'user': 'USER', 'password': 'PASSWORD', 'dbname': 'NAME'}
    settings = {name: parts.pop(key) for key, name in names.items() if key in parts}
    return {'NAME': 'netbox', **settings, 'OPTIONS': parts}


def connect(settings: dict, name: str, **options):
    """A connection to a database outside Django; ``settings`` are Django's database settings."""
    keys = {'HOST': 'host', 'PORT': 'port', 'USER': 'user', 'PASSWORD': 'password'}
    arguments = {to: settings[key] for key, to in keys.items() if settings.get(key)}
    # Options of Django, such as its pool, are not options of libpq
    known = {option.keyword.decode() for option in psycopg.pq.Conninfo.get_defaults()}
    arguments |= {key: value for key, value in settings.get('OPTIONS', {}).items() if key in known}
    return psycopg.connect(dbname=name, **arguments, **options)


@contextlib.contextmanager
def _administration(settings):
    with connect(settings, 'postgres', autocommit=True) as connection:
        yield lambda text, *names: connection.execute(sql.SQL(text).format(*map(sql.Identifier, names)))


def dump_file() -> Path:
    """The path of the installed NetBox release's dump, which may not exist."""
    return DEMO / 'schema' / f'netbox-{importlib.metadata.version("netbox")}.sql.xz'


def ensure(settings: dict):
    """Create the database if needed, with NetBox's schema if there is a dump. A database with tables is left alone."""
    name = settings['NAME']
    try:
        connect(settings, name).close()
    except psycopg.OperationalError as error:
        if not _missing(settings, name, error):
            fail(f'the database cannot be reached: {str(error).strip()}')
        with _administration(settings) as execute:
            execute('CREATE DATABASE {}', name)
    with connect(settings, name) as connection:
        if not connection.execute("SELECT 1 FROM pg_tables WHERE schemaname = 'public'").fetchone():
            _load_if_shipped(connection)


def _missing(settings, name, error) -> bool:
    with contextlib.suppress(psycopg.OperationalError), connect(settings, 'postgres') as connection:
        return not connection.execute('SELECT 1 FROM pg_database WHERE datname = %s', [name]).fetchone()
    return False


def _load_if_shipped(connection):
    if dump_file().exists():
        with step("loading NetBox's schema"):
            load(connection, dump_file())
    else:
        say(NO_DUMP)


def load(connection, path: Path):
    """Execute a dump on an empty database, in the connection's transaction: all or nothing."""
    with lzma.open(path, 'rt', encoding='utf-8') as file:
        script = file.read()
    if not connection.execute("SELECT 1 FROM pg_collation WHERE collname = 'und-x-icu'").fetchone():
        # As demo.pg does when the migrations are run
        newer = connection.info.server_version >= 170000
        provider = "provider = builtin, locale = 'C.UTF-8'" if newer else "provider = libc, locale = 'C'"
        script, found = re.subn(r'(CREATE COLLATION public\.natural_sort) \(.*?\);', rf'\1 ({provider});', script)
        if found != 1:
            fail(f'{path.name} does not create natural_sort as expected: make it again with python3 -m demo dump')
    # Without parameters, many statements can be sent at once
    connection.execute(script)


def template(settings: dict) -> str | None:
    """The name of a database with a bare NetBox to copy others from, or None if no dump is shipped."""
    if not dump_file().exists():
        return None
    # Named after its content, so that a new dump is not confused with the old one
    digest = hashlib.sha256(dump_file().read_bytes()).hexdigest()[:8]
    name = f'netbox_{importlib.metadata.version("netbox").replace(".", "_")}_{digest}'
    making = f'{name}_new'
    with connect(settings, 'postgres', autocommit=True) as server:
        # If workers start together, one creates it and the others wait
        server.execute('SELECT pg_advisory_lock(hashtext(%s))', [name])
        if not server.execute('SELECT 1 FROM pg_database WHERE datname = %s', [name]).fetchone():
            recreate(settings, making)
            with connect(settings, making) as connection:
                load(connection, dump_file())
            # Renamed only when complete
            server.execute(sql.SQL('ALTER DATABASE {} RENAME TO {}').format(*map(sql.Identifier, (making, name))))
    return name


def recreate(settings: dict, name: str, source: str | None = None):
    """Create a database, as a copy of ``source`` if given, replacing any database of that name."""
    with _administration(settings) as execute:
        execute('DROP DATABASE IF EXISTS {} WITH (FORCE)', name)
        execute('CREATE DATABASE {} TEMPLATE {}', name, source or 'template1')


def drop(settings: dict, name: str):
    with _administration(settings) as execute:
        execute('DROP DATABASE IF EXISTS {} WITH (FORCE)', name)
