"""Builds the documentation strictly, then checks the links and resources of every page of the result."""

import shutil
import sys
import tomllib
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from .paths import ROOT, STATE
from .processes import foreground
from .progress import fail, say, step

__all__ = ('build', 'problems')

SITE = STATE / 'site'
CONFIGURATION = ROOT / 'zensical.toml'


def build():
    """Build into .netbox/site. Exits with an error if the builder warns or ``problems`` finds something."""
    shutil.rmtree(SITE, ignore_errors=True)
    with step('building the documentation'):
        # --clean, because cached pages are not checked again
        code = foreground([sys.executable, '-m', 'zensical', 'build', '--strict', '--clean', '-f', CONFIGURATION])
    if code:
        sys.exit(code)
    if found := [*missing_in_navigation(), *problems(SITE)]:
        fail('\n'.join(found))
    say(f'the documentation is in {SITE}: {sum(1 for _ in SITE.rglob("*.html"))} pages')


def missing_in_navigation() -> list[str]:
    """Pages that are not in the navigation, as sentences. The builder does not report them."""
    configuration = tomllib.loads(CONFIGURATION.read_text(encoding='utf-8'))['project']
    docs = ROOT / configuration['docs_dir']
    listed = set(_pages(configuration['nav']))
    there = {path.relative_to(docs).as_posix() for path in docs.rglob('*.md')} - {
        path.relative_to(docs).as_posix() for path in (docs / 'samples').rglob('*.md')
    }
    return [f'docs/{page} is not in the navigation of zensical.toml.' for page in sorted(there - listed)]


def _pages(entries):
    for entry in entries:
        for value in entry.values() if isinstance(entry, dict) else [entry]:
            yield from _pages(value) if isinstance(value, list) else [value]


def problems(site: Path) -> list[str]:
    """Broken links and anchors and resources on other servers, as sentences."""
    pages = {path: _Page(path) for path in site.rglob('*.html')}
    found = []
    for path, page in sorted(pages.items()):
        name = path.relative_to(site)
        for url in page.resources:
            if urlsplit(url).netloc:
                found.append(f'{name} loads {url}: everything that a page needs comes with it.')
        # 404.html is served at any depth, so its links start with the site's address
        if path.name == '404.html':
            continue
        for url in page.links + page.resources:
            if problem := _broken(path, url, pages):
                found.append(f'{name}: {url} {problem}')
    return found


def _broken(path, url, pages):
    if urlsplit(url).scheme or urlsplit(url).netloc:
        return ''
    address, anchor = urldefrag(url)
    target = (path.parent / unquote(urlsplit(address).path)).resolve() if address else path
    if target.is_dir():
        target /= 'index.html'
    if not target.is_file():
        return 'leads to nothing.'
    if anchor and target in pages and unquote(anchor) not in pages[target].ids:
        return f'has no such anchor in {target.parent.name}.'
    return ''


class _Page(HTMLParser):
    """Collects ``links``, ``resources`` that a browser loads, and the ``ids`` that anchors refer to."""

    def __init__(self, path):
        super().__init__()
        self.links, self.resources, self.ids = [], [], set()
        self.feed(path.read_text(encoding='utf-8'))

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if identity := attributes.get('id'):
            self.ids.add(identity)
        if tag == 'a' and attributes.get('href'):
            self.links.append(attributes['href'])
        if tag == 'link' and attributes.get('rel') in ('stylesheet', 'preconnect', 'icon', 'preload'):
            self.resources.append(attributes['href'])
        if attributes.get('src'):
            self.resources.append(attributes['src'])
