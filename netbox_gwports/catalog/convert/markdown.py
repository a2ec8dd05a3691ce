"""Reads the tables of a Markdown text, with markdown-it."""

import re

from . import markup
from .cells import Grid, GridRow, lines_of
from .errors import ConversionError

__all__ = ('RULER', 'read')

# The line below the headings: "|---|:---:|"
RULER = re.compile(r'^[ ]{0,3}\|?[ ]*:?-+:?[ ]*(?:\|[ ]*:?-+:?[ ]*)+\|?[ ]*$', re.MULTILINE)
INLINE_HTML = re.compile(r'<[a-z/]', re.IGNORECASE)


def read(text: str) -> list[Grid]:
    """The tables of the text, each with the heading above it. Raises ConversionError without markdown-it-py."""
    try:
        from markdown_it import MarkdownIt
    except ImportError:
        raise ConversionError(
            0,
            'is Markdown, and markdown-it-py is not installed',
            'pip install markdown-it-py, or convert the page as HTML',
        ) from None
    grids: list[Grid] = []
    title, in_heading = '', False
    for token in MarkdownIt('commonmark').enable('table').enable('strikethrough').parse(text):
        if token.type == 'heading_open':
            in_heading = True
        elif token.type == 'table_open':
            grids.append(Grid(token.map[0] + 1 if token.map else 1, [], title))
            title = ''
        elif token.type == 'tr_open':
            grids[-1].rows.append(GridRow(token.map[0] + 1 if token.map else grids[-1].line, ()))
        elif token.type == 'inline' and in_heading:
            title, in_heading = token.content, False
        elif token.type == 'inline' and token.level >= 4 and grids:
            row = grids[-1].rows[-1]
            grids[-1].rows[-1] = GridRow(row.line, (*row.cells, _cell(token.content, row.line)))
    return [grid for grid in grids if grid.rows]


def _cell(source: str, line: int) -> tuple:  # type: ignore[type-arg]
    """The cell from its source: emphasis and code lose their marks, HTML is read as in a page."""
    text = re.sub(r'\[([^\]]*)\]\([^)]*\)', r'\1', source)
    text = re.sub(r'(?<!\w)(\*\*|__|`+)(.+?)\1(?!\w)', r'\2', text)
    text = re.sub(r'\\([\\`*_{}\[\]()#+.!|<>-])', r'\1', text)
    return markup.cell(text, line) if INLINE_HTML.search(text) else lines_of(text, line)
