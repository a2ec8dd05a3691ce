"""Rules as documents and as firewall configuration: one registry of formats, one way to write each of them.

    rendering = render('nftables', Material(resolutions), Options())

Takes the plain values of ``rules`` and knows no database. **Nothing is dropped silently**: every needed rule is either
in ``rendering.rendered`` or in ``rendering.skipped`` with its reason, which is checked here for all formats, and every
file says on top what it left out.
"""

from .base import Exporter, Written
from .options import OptionError, Options
from .registry import formats, get
from .render import render
from .rendering import ExportError, Incomplete, Material, Rendering, Skipped, Unavailable

__all__ = (
    'ExportError',
    'Exporter',
    'Incomplete',
    'Material',
    'OptionError',
    'Options',
    'Rendering',
    'Skipped',
    'Unavailable',
    'Written',
    'formats',
    'get',
    'render',
)
