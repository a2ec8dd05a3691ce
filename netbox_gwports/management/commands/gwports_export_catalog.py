from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from netbox_gwports.catalog.errors import CatalogError
from netbox_gwports.loading.export import catalog_text
from netbox_gwports.models import GatewayProfile


class Command(BaseCommand):
    help = 'Write a gateway profile as a catalog, in canonical form.'

    def add_arguments(self, parser):
        parser.add_argument('slug', help='Slug of the gateway profile')
        parser.add_argument('--output', type=Path, help='Default: standard output')
        parser.add_argument('--force', action='store_true', help='Overwrite the file')

    def handle(self, *args, slug, output=None, **options):
        if output and output.exists() and not options['force']:
            raise CommandError(f'{output} already exists: use another file name, or --force.')
        profile = GatewayProfile.objects.filter(slug=slug).select_related('manufacturer').first()
        if profile is None:
            known = ', '.join(GatewayProfile.objects.values_list('slug', flat=True)) or 'none'
            raise CommandError(f'There is no gateway profile with the slug "{slug}". Known slugs: {known}.')
        try:
            text = catalog_text(profile)
        except CatalogError as e:
            raise CommandError(str(e)) from None
        if output:
            output.write_text(text, encoding='utf-8')
            self.stdout.write(f'{output}: {profile}')
        else:
            self.stdout.write(text, ending='')
