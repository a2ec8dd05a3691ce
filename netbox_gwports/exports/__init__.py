"""Rules as documents and as firewall configuration: one registry of formats, one way to write each of them.

    rendering = render(collect()['nftables'], Material(resolutions), Options())

Works on the plain values of ``rules`` and imports neither Django nor NetBox; ``export_formats`` adds what a site has
configured. **Nothing is dropped silently**: every rule is either in ``rendering.rendered`` or in ``rendering.skipped``
with its reason, which is checked here for all formats, and every file lists on top what it left out.
"""

from .base import CONTRACT, Exporter, Written
from .options import OptionError, Options
from .registry import collect
from .render import render
from .rendering import Empty, ExportError, Incomplete, Material, Rendering, Skipped, Unavailable
from .site import Site

__all__ = (
    'CONTRACT',
    'Empty',
    'ExportError',
    'Exporter',
    'Incomplete',
    'Material',
    'OptionError',
    'Options',
    'Rendering',
    'Site',
    'Skipped',
    'Unavailable',
    'Written',
    'collect',
    'render',
)
