"""Markdown with a diagram, and HTML for print."""

import re
from collections.abc import Iterable
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from ...rules.constants import INBOUND
from ..base import Exporter, Work, Written
from .content import COLUMNS, OPEN, Row, rows

__all__ = ('HTMLExporter', 'MarkdownExporter', 'environment', 'escape', 'table_row')

# In a diagram every remote is a node: with more than this it cannot be read
MOST_NODES = 60


class MarkdownExporter(Exporter):
    name, label, extension, media_type = 'markdown', 'Markdown', 'md', 'text/markdown; charset=utf-8'

    def write(self, work: Work) -> Written:
        content = list(rows(work))
        parts = ['# Firewall requirements', '', *(f'- {escape(line)}' for line in work.header), '']
        parts += _diagram(content)
        for part, group in groupby(content, key=lambda row: row.part):
            parts += [f'## {part.capitalize()}', '', table_row(COLUMNS), table_row(['---'] * len(COLUMNS))]
            parts += [table_row(map(escape, row.cells())) for row in group]
            parts.append('')
        return Written('\n'.join(parts), work.keys)


def table_row(cells: Iterable[str]) -> str:
    return f'| {" | ".join(cells)} |'


def escape(text: str) -> str:
    """Text as it is, in Markdown and in the HTML that it becomes."""
    text = ' '.join(text.split()).replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')
    return re.sub(r'([\\`*_{}\[\]|#!~])', r'\\\1', text)


def _diagram(content: Iterable[Row]) -> list[str]:
    """A flowchart of mermaid: what is to be permitted, with an edge for each pair of ends."""
    edges: dict[tuple[str, str, str], list[str]] = {}
    for row in content:
        if row.part == OPEN and row.line:
            remote = row.source if row.line.direction == INBOUND else row.destination
            edges.setdefault((row.gateways, ', '.join(remote), row.line.direction), []).append(row.service)
    nodes = {name: f'n{index}' for index, name in enumerate(dict.fromkeys(n for e in edges for n in e[:2]))}
    if not edges or len(nodes) > MOST_NODES:
        return []
    parts = ['```mermaid', 'flowchart LR', *(f'  {node}["{_label(name)}"]' for name, node in nodes.items())]
    for (gateway, other, direction), services in edges.items():
        ends = (nodes[other], nodes[gateway]) if direction == INBOUND else (nodes[gateway], nodes[other])
        parts.append(f'  {ends[0]} -->|"{_label(", ".join(services))}"| {ends[1]}')
    return [*parts, '```', '']


def _label(text: str) -> str:
    """A label of mermaid: no character that ends it or begins markup."""
    return re.sub(r'[^A-Za-z0-9 .,:/*()_-]', ' ', text)[:120]


class HTMLExporter(Exporter):
    name, label, extension, media_type = 'html', 'HTML for print', 'html', 'text/html; charset=utf-8'

    def write(self, work: Work) -> Written:
        parts = [(part, list(group)) for part, group in groupby(rows(work), key=lambda row: row.part)]
        return Written(_template().render(work=work, columns=COLUMNS, parts=parts), work.keys)


@cache
def _template() -> Template:
    return environment().get_template('document.html')


def environment() -> Environment:
    """Where the HTML templates of this package are rendered: everything is escaped."""
    return Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
    )
