"""Runs inside a NetBox with the wheel installed: checks modules, migrations, catalogs, pages, help and templates."""

import io
import sys
from pathlib import Path

import django

from .progress import fail

if __name__ == '__main__':
    django.setup()

    from django.apps import apps
    from django.core.management import call_command
    from django.template.loader import get_template

    import netbox_gwports
    from netbox_gwports.catalog.files import bundled
    from netbox_gwports.models.mixins import HelpMixin

    from .prepare import migrate

    root, package = Path(sys.argv[1]), Path(netbox_gwports.__file__).parent
    if not package.is_relative_to(sys.prefix):
        fail(f'{package} is not the installed package')
    migrate()
    call_command('check', stdout=io.StringIO())
    models = [model for model in apps.get_app_config('netbox_gwports').get_models() if not model._meta.auto_created]
    for model in models:
        model.objects.count()
        # Those with forms or pages
        if issubclass(model, HelpMixin) and not (package / 'help' / f'{model._meta.model_name}.md').is_file():
            fail(f'{model._meta.model_name} has no help page')
    pages = sorted((root / 'netbox_gwports' / 'templates').rglob('*.html'))
    for page in pages:
        get_template(str(page.relative_to(root / 'netbox_gwports' / 'templates')))
    source = root / 'netbox_gwports' / 'catalog' / 'bundled'
    if sorted(bundled()) != sorted(path.stem for path in source.glob('*.yaml')) or not bundled():
        fail(f'bundled catalogs: {", ".join(bundled())}')
    for name in bundled():
        call_command('gwports_load_catalog', name, stdout=io.StringIO())
    # The path documented in docs/jinja.md
    shared = Path(sys.prefix) / 'share' / 'netbox-gwports' / 'templates'
    for template in sorted(path for path in (root / 'templates').rglob('*') if path.is_file()):
        if not (found := shared / template.relative_to(root / 'templates')).is_file():
            fail(f'{found} is missing: see data-files in pyproject.toml')
    print(f'{len(models)} models, {len(pages)} pages, {len(bundled())} catalogs, templates in {shared}')
