import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from netbox_gwports.catalog.convert import KINDS, LONGEST, ConversionError, Head, convert


class Command(BaseCommand):
    help = "Convert a vendor's table (CSV, TSV, HTML, or text copied from a browser) into a draft of a catalog."

    def add_arguments(self, parser):
        parser.add_argument('file', help='The table; - reads standard input')
        parser.add_argument('--manufacturer', required=True)
        parser.add_argument('--name', required=True, help='The product')
        parser.add_argument('--release', required=True, help='Its version')
        parser.add_argument('--slug', default='', help='Default: derived from manufacturer, name and release')
        parser.add_argument('--kind', choices=KINDS, help='Default: detected')
        parser.add_argument(
            '--output', type=Path, help='Write the draft, with open questions as comments, to this file'
        )
        parser.add_argument('--force', action='store_true', help='Overwrite the file')

    def handle(self, *args, output=None, **options):
        if output and output.exists() and not options['force']:
            raise CommandError(f'{output} already exists: use another file name, or --force.')
        head = Head(options['manufacturer'], options['name'], options['release'], options['slug'])
        try:
            draft = convert(_read(options['file']), head=head, kind=options['kind'])
        except ConversionError as e:
            raise CommandError(f'{options["file"]}: {e}') from None
        for doubt in draft.doubts:
            self.stderr.write(str(doubt))
        if output:
            output.write_text(draft.commented(), encoding='utf-8')
            self.stdout.write(f'{output}: {draft.rows} rows, {len(draft.doubts)} open questions')
        else:
            self.stdout.write(draft.text)


def _read(name):
    try:
        if name == '-':
            return sys.stdin.read(LONGEST + 1)
        with open(name, encoding='utf-8-sig') as file:
            # One character more than allowed is enough to refuse the file
            return file.read(LONGEST + 1)
    except (OSError, UnicodeDecodeError) as e:
        raise CommandError(f'{name}: {e.strerror if isinstance(e, OSError) else "not UTF-8 text"}.') from None
