"""Making and checking the dump of a bare NetBox: minutes of migrations once, so that everybody loads a second."""

import json
import lzma
import re
import subprocess
import sys

from . import database
from .processes import say
from .services import ROOT, state_folder

__all__ = ('check', 'make')

DROPPED = re.compile(r'^(--|\\|$|SET transaction_timeout)')
COLLATION = re.compile(r'CREATE COLLATION public\.natural_sort \(.*?\);')
NOT_NULL = re.compile(r' CONSTRAINT "?\w+"? NOT NULL')
# The same rows whatever the order in which they were made: by natural keys, never by ids
NATURAL = {
    'content types': 'SELECT app_label, model FROM django_content_type',
    'permissions': 'SELECT c.app_label, c.model, p.codename FROM auth_permission p '
    'JOIN django_content_type c ON c.id = p.content_type_id',
    'migrations': 'SELECT app, name FROM django_migrations',
}


def make(env):
    """Migrate an empty database for real and write its dump, normalised so that any PostgreSQL from 15 loads it."""
    settings = json.loads(env['NETBOX_DEMO'])['database']
    _migrated(settings, 'dump_real', env)
    script = _normalised(_pg_dump(settings, 'dump_real', '--inserts', '--rows-per-insert=500'))
    path = database.dump_file()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(lzma.compress(script.encode(), preset=9 | lzma.PRESET_EXTREME))
    say(f'{path.relative_to(ROOT)}: {path.stat().st_size} bytes')


def check(env):
    """Compare the shipped dump with a real migrate: equal schema, equal natural keys, equal numbers of rows."""
    settings = json.loads(env['NETBOX_DEMO'])['database']
    _migrated(settings, 'dump_real', env)
    with database.connect(settings, 'postgres', autocommit=True) as server:
        server.execute('DROP DATABASE IF EXISTS dump_loaded')
    database.create(settings, 'dump_loaded')
    differences = []
    schemas = [_normalised(_pg_dump(settings, name, '--schema-only')) for name in ('dump_real', 'dump_loaded')]
    if schemas[0] != schemas[1]:
        differences.append('the schemas differ')
    facts = []
    for name in ('dump_real', 'dump_loaded'):
        with database.connect(settings, name) as connection:
            found = {what: sorted(connection.execute(query).fetchall()) for what, query in NATURAL.items()}
            tables = connection.execute(
                "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
            ).fetchall()
            for (table,) in tables:
                found[f'rows of {table}'] = connection.execute(f'SELECT count(*) FROM {table}').fetchone()[0]
            facts.append(found)
    differences += [what for what in facts[0].keys() | facts[1].keys() if facts[0].get(what) != facts[1].get(what)]
    if differences:
        sys.exit(
            f'error: {database.dump_file().name} is not what a real migrate makes: {", ".join(sorted(differences))}'
        )
    say(f'{database.dump_file().name} equals a real migrate')


def _migrated(settings, name, env):
    with database.connect(settings, 'postgres', autocommit=True) as server:
        server.execute(f'DROP DATABASE IF EXISTS {name}')
        server.execute(f'CREATE DATABASE {name}')
    demo = json.loads(env['NETBOX_DEMO'])
    demo['database'] = settings | {'NAME': name}
    say('migrating for real: several minutes')
    command = [sys.executable, '-m', 'netbox', 'migrate', '--no-input', '-v0']
    subprocess.run(command, env=env | {'NETBOX_DEMO': json.dumps(demo)}, cwd=ROOT, check=True)


def _pg_dump(settings, name, *options):
    from .postgres import Postgres

    server = Postgres(state_folder('dump'))
    try:
        command = ['-h', settings['HOST'], '-U', settings['USER'], '--no-owner', '--no-privileges', *options, name]
        return server.run('pg_dump', *command, check=True, capture_output=True, text=True).stdout
    finally:
        server.stop()


def _normalised(script):
    script = '\n'.join(line for line in script.splitlines() if not DROPPED.match(line))
    script = COLLATION.sub(
        "CREATE COLLATION public.natural_sort (provider = icu, locale = 'und-u-kn-true');", script
    )  # fmt: skip
    # Names of NOT NULL constraints: noise of newer servers
    script = NOT_NULL.sub(' NOT NULL', script)
    # ltree's operators live in public, where the triggers of 4.7.0 look for them
    return script.replace("set_config('search_path', '', false)", "set_config('search_path', 'public', true)") + '\n'
