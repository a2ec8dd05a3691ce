"""Markdown with a diagram, and HTML for print."""

import re
from itertools import groupby

from django.template.loader import render_to_string

from ..base import Exporter, Work, Written
from .content import COLUMNS, rows

__all__ = ('HTMLExporter', 'MarkdownExporter')

# In a diagram every remote is a node: with more than this nobody sees anything
MOST_NODES = 60


class MarkdownExporter(Exporter):
    name, label, extension, media_type = 'markdown', 'Markdown', 'md', 'text/markdown; charset=utf-8'

    def write(self, work: Work) -> Written:
        found = list(rows(work))
        parts = ['# Firewall requirements', '', *(f'- {_md(line)}' for line in work.header), '']
        parts += _mermaid(found)
        for part, group in groupby(found, key=lambda row: row.part):
            parts += [f'## {part.capitalize()}', '', _md_row(COLUMNS), _md_row(['---'] * len(COLUMNS))]
            parts += [_md_row([_md(value) for value in row.cells()]) for row in group]
            parts.append('')
        return Written('\n'.join(parts), work.keys)


def _md_row(cells):
    return f'| {" | ".join(cells)} |'


def _md(text):
    """Text as it stands, in Markdown and in the HTML that it becomes."""
    text = ' '.join(text.split()).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return re.sub(r'([\\`*_{}\[\]|#!~])', r'\\\1', text)


def _mermaid(found):
    lines = [row for row in found if row.part == 'to permit']
    edges = {}
    for row in lines:
        remote = row.source if row.line.direction == 'inbound' else row.destination
        edges.setdefault((row.gateways, ', '.join(remote), row.line.direction), []).append(row.service)
    names = {name: f'n{index}' for index, name in enumerate(dict.fromkeys(n for e in edges for n in e[:2]))}
    if not edges or len(names) > MOST_NODES:
        return []
    parts = ['```mermaid', 'flowchart LR', *(f'  {key}["{_label(name)}"]' for name, key in names.items())]
    for (gateway, remote, direction), services in edges.items():
        ends = (names[remote], names[gateway]) if direction == 'inbound' else (names[gateway], names[remote])
        parts.append(f'  {ends[0]} -->|"{_label(", ".join(services))}"| {ends[1]}')
    return [*parts, '```', '']


def _label(text):
    """A label of mermaid: no character that ends it or begins markup."""
    return re.sub(r'[^A-Za-z0-9 .,:/*()_-]', ' ', text)[:120]


class HTMLExporter(Exporter):
    name, label, extension, media_type = 'html', 'HTML for print', 'html', 'text/html; charset=utf-8'

    def write(self, work: Work) -> Written:
        parts = [(part, list(group)) for part, group in groupby(rows(work), key=lambda row: row.part)]
        text = render_to_string('netbox_gwports/export.html', {'work': work, 'columns': COLUMNS, 'parts': parts})
        return Written(text, work.keys)
