from django.core.management.base import BaseCommand, CommandError

from netbox_gwports.catalog.cli.converting import Refused, add_arguments, run


class Command(BaseCommand):
    help = (
        "Convert a vendor's table (CSV, TSV, HTML, Markdown, AsciiDoc, Excel, copied text) into a draft of a catalog."
    )

    def add_arguments(self, parser):
        add_arguments(parser)

    def handle(self, *args, **options):
        try:
            run(options, self.stdout, self.stderr)
        except Refused as e:
            raise CommandError(str(e)) from None
