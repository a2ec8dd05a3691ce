"""Rules as documents for people to read and sign, and as data for programs."""

from .data import CSVExporter, JSONExporter, XLSXExporter, YAMLExporter
from .pages import HTMLExporter, MarkdownExporter

__all__ = ('DOCUMENTS',)

DOCUMENTS = (JSONExporter, YAMLExporter, CSVExporter, XLSXExporter, MarkdownExporter, HTMLExporter)
