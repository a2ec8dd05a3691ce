"""Creates and checks the dump of a bare NetBox: it takes minutes to migrate and a second to load."""

import lzma
import os
import re
import subprocess
import sys

from . import database
from .paths import ROOT
from .postgres import client
from .progress import fail, say, step

__all__ = ('check', 'make')

REAL, LOADED = 'gwports_dump_real', 'gwports_dump_loaded'
DROPPED = re.compile(r'^(--|\\|$|SET transaction_timeout)')
COLLATION = re.compile(r'CREATE COLLATION public\.natural_sort \(.*?\);')
NOT_NULL = re.compile(r' CONSTRAINT "?\w+"? NOT NULL')
# By natural keys, never by ids, which depend on the order in which rows were created
NATURAL = {
    'content types': 'SELECT app_label, model FROM django_content_type',
    'permissions': 'SELECT c.app_label, c.model, p.codename, p.name FROM auth_permission p '
    'JOIN django_content_type c ON c.id = p.content_type_id',
    'migrations': 'SELECT app, name FROM django_migrations',
    'object types': 'SELECT c.app_label, c.model, o.public, o.features FROM core_objecttype o '
    'JOIN django_content_type c ON c.id = o.contenttype_ptr_id',
}


def make(run, name=None):
    """Write the dump of a bare NetBox: migrated now, or of the migrated database ``name``.

    It is normalized so that PostgreSQL 15 and later can load it, whichever version wrote it.
    """
    name = name or _migrated(run)
    script = normalised(_pg_dump(run.database, name, '--inserts', '--rows-per-insert=500'))
    path = database.dump_file()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(script.encode(), preset=9 | lzma.PRESET_EXTREME))
    say(f'{path.relative_to(ROOT)}: {path.stat().st_size} bytes')


def check(run, name=None):
    """Compare the loaded dump with a real migration: same schema, same natural keys, same numbers of rows."""
    name = name or _migrated(run)
    database.recreate(run.database, LOADED)
    with database.connect(run.database, LOADED) as connection:
        database.load(connection, database.dump_file())
    with step('comparing'):
        schemas = [normalised(_pg_dump(run.database, each, '--schema-only')) for each in (name, LOADED)]
        facts = [_facts(run.database, each) for each in (name, LOADED)]
    different = sorted(what for what in facts[0].keys() | facts[1].keys() if facts[0].get(what) != facts[1].get(what))
    if schemas[0] != schemas[1]:
        different.insert(0, 'the schema')
    if different:
        fail(f'{database.dump_file().name} is not what a real migrate makes: {", ".join(different)}')
    with step('nothing left to migrate'):
        _netbox(run, LOADED, 'migrate', '--check')
    database.drop(run.database, LOADED)
    say(f'{database.dump_file().name} equals a real migrate: {len(facts[0])} facts, {schemas[0].count(chr(10))} lines')


def _facts(settings, name) -> dict:
    with database.connect(settings, name) as connection:
        facts = {what: sorted(map(str, connection.execute(query).fetchall())) for what, query in NATURAL.items()}
        tables = connection.execute(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (table,) in tables:
            facts[f'rows of {table}'] = connection.execute(f'SELECT count(*) FROM {table}').fetchone()[0]
    return facts


def _migrated(run) -> str:
    database.recreate(run.database, REAL)
    with step('migrating for real'):
        _netbox(run, REAL, 'migrate', '--no-input', '--verbosity=0')
    return REAL


def _netbox(run, name, *arguments):
    env = run.environment(database=run.database | {'NAME': name})
    if code := subprocess.run([sys.executable, '-m', 'netbox', *arguments], env=env, cwd=ROOT).returncode:
        sys.exit(code)


def _pg_dump(settings, name, *options):
    keys = {'HOST': 'PGHOST', 'PORT': 'PGPORT', 'USER': 'PGUSER', 'PASSWORD': 'PGPASSWORD'}
    env = os.environ | {to: settings[key] for key, to in keys.items() if settings.get(key)}
    command = [client('pg_dump'), '--no-owner', '--no-privileges', *options, name]
    return subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, text=True).stdout


def normalised(script: str) -> str:
    """The schema without what depends on the server that was dumped."""
    script = '\n'.join(line for line in script.splitlines() if not DROPPED.match(line))
    script = COLLATION.sub("CREATE COLLATION public.natural_sort (provider = icu, locale = 'und-u-kn-true');", script)
    # Newer servers have names for these constraints
    script = NOT_NULL.sub(' NOT NULL', script)
    # The triggers of NetBox 4.7.0 look for ltree's operators, which are in public
    return script.replace("set_config('search_path', '', false)", "set_config('search_path', 'public', true)") + '\n'
