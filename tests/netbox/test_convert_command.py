"""The command that writes a draft: what goes where, and that it replaces nothing."""

import io
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase

from netbox_gwports.catalog.document import read
from tests.pure.catalog.test_convert import CSV

WHOSE = ('--manufacturer', 'Example', '--name', 'Mail Gateway', '--release', '2.1')


class ConvertCommandTests(SimpleTestCase):
    def setUp(self):
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.table, self.draft = Path(folder.name) / 'table.csv', Path(folder.name) / 'draft.yaml'
        self.table.write_text(CSV, encoding='utf-8')

    def run_command(self, *arguments):
        out, err = io.StringIO(), io.StringIO()
        call_command(
            'gwports_convert_table', str(self.table), *WHOSE, '--zone', 'internal', *arguments, stdout=out, stderr=err
        )
        return out.getvalue(), err.getvalue()

    def test_the_draft_is_printed_and_the_doubts_beside_it(self):
        out, err = self.run_command()
        self.assertEqual(len(read(out).flows), 5)
        self.assertIn('line 5, row 4, udp/5000-5010: direction:', err)

    def test_a_file_has_the_doubts_too_and_is_not_replaced(self):
        out, _err = self.run_command('--output', str(self.draft))
        self.assertIn('4 of 4 rows, 0 undecided', out)
        text = self.draft.read_text(encoding='utf-8')
        self.assertIn('# line 5, row 4, udp/5000-5010: direction:', text)
        self.assertEqual(len(read(text).flows), 5)
        with self.assertRaisesMessage(CommandError, 'already exists'):
            self.run_command('--output', str(self.draft))
        self.run_command('--output', str(self.draft), '--force')

    def test_what_is_no_table_is_one_line(self):
        self.table.write_text('no table', encoding='utf-8')
        with self.assertRaisesMessage(CommandError, str(self.table)):
            self.run_command()

    def test_answers_are_taken_from_an_earlier_draft(self):
        self.table.write_text(CSV.replace('TCP/UDP', ''), encoding='utf-8')
        self.run_command('--output', str(self.draft), '--protocol', 'tcp')
        out, _err = self.run_command('--answers', str(self.draft))
        self.assertIn('ports: [tcp/53]', out)
