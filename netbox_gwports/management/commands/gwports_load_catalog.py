from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.catalog.loader import bundled, load, parse


class Command(BaseCommand):
    help = "Load a vendor's table of required ports: a bundled one by its name, or a file."

    def add_arguments(self, parser):
        parser.add_argument('catalog', nargs='?', help='Name of a bundled catalogue, or path of a YAML file')
        parser.add_argument('--dry-run', action='store_true', help='Print what would change, and change nothing')
        parser.add_argument('--list', action='store_true', help='List the bundled catalogues')

    def handle(self, *args, catalog=None, dry_run=False, **options):
        if options['list']:
            self.stdout.write('\n'.join(bundled()))
            return
        if not catalog:
            raise CommandError(f'Name a file, or a bundled catalogue: {", ".join(bundled())}')
        try:
            plan = load(parse(*_read(catalog)), dry_run=dry_run)
        except CatalogError as e:
            raise CommandError(str(e)) from None
        for step in plan.steps:
            self.stdout.write(str(step))
        done = 'would change' if dry_run else 'changed'
        self.stdout.write(self.style.SUCCESS(f'{plan.catalog.slug}: {len(plan.changes)} objects {done}'))


def _read(name):
    """(text, name for messages) of a bundled catalogue or a file."""
    if path := bundled().get(name):
        return path.read_text(encoding='utf-8'), path.name
    try:
        return Path(name).read_text(encoding='utf-8'), name
    except (OSError, UnicodeDecodeError) as e:
        raise CommandError(
            f'{name}: {e}. Name a YAML file, or a bundled catalogue: {", ".join(bundled())}'
        ) from None
