"""The data model of the documentation, drawn from the models: python3 -m demo exec python -m demo.diagram

Plain SVG: the position of each model is set here, its fields and relations come from the models, so that the same
models always give the same file. tests/netbox/test_diagram.py fails if the file is out of date.
"""

from xml.sax.saxutils import escape

import django

from .paths import ROOT

__all__ = ('FILE', 'draw')

FILE = ROOT / 'docs' / 'images' / 'data-model.svg'
WIDTH, GAP, LINE, MARGIN = 230, 90, 17, 24
CATALOG, SITE, FIREWALL = '#e3f2fd', '#e8f5e9', '#fff3e0'
# Model -> column and background; within a column, the order of this table
LAYOUT = {
    'gatewayprofile': (0, CATALOG),
    'profilefeature': (0, CATALOG),
    'gatewayservice': (0, CATALOG),
    'flowtemplate': (1, CATALOG),
    'remoterole': (1, CATALOG),
    'requiredflow': (2, SITE),
    'remoteendpoint': (2, SITE),
    'gateway': (3, SITE),
    'gatewayaddress': (3, SITE),
    'gatewaygroup': (3, SITE),
    'enforcementpoint': (4, FIREWALL),
    'enforcementzone': (4, FIREWALL),
}
# The position of a model that the table does not list
ELSEWHERE = (4, SITE)
# NetBox's own fields of every model, and what is derived or internal
HIDDEN = {
    *('bookmarks', 'comments', 'contacts', 'created', 'custom_field_data', 'description', 'id', 'images', 'jobs'),
    *('journal_entries', 'last_updated', 'owner', 'subscriptions', 'tags'),
    *('auto_sync_enabled', 'data_path', 'data_synced', 'port_ranges', 'status_before_withdrawal', 'template_values'),
}


def draw() -> str:
    """The SVG. Requires NetBox's settings but no database."""
    from django.apps import apps

    models = [model for model in apps.get_app_config('netbox_gwports').get_models() if not model._meta.auto_created]
    models.sort(key=_place)
    boxes, heights = {}, {}
    for model in models:
        column, _background = _where(model)
        top = heights.get(column, MARGIN)
        fields = _fields(model)
        height = LINE * (len(fields) + 1) + 16
        boxes[model] = (MARGIN + column * (WIDTH + GAP), top, height, fields)
        heights[column] = top + height + 36
    width = MARGIN * 3 + (max(heights) + 1) * WIDTH + max(heights) * GAP
    parts = [_arrows(boxes)]
    for model, (left, top, height, fields) in boxes.items():
        _column, background = _where(model)
        parts.append(_box(model._meta.verbose_name, fields, (left, top, height), background))
    height = max(heights.values()) - 36 + MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        'font-family="Helvetica, Arial, sans-serif" font-size="12" role="img">\n'
        '<title>The models of netbox-gwports and their relations</title>\n'
        '<defs><marker id="end" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0 8 4 0 8z" fill="#607d8b"/></marker></defs>\n'
        f'<rect width="{width}" height="{height}" fill="#fff"/>\n' + '\n'.join(parts) + '\n</svg>\n'
    )


def _where(model):
    return LAYOUT.get(model._meta.model_name, ELSEWHERE)


def _place(model):
    name, known = model._meta.model_name, list(LAYOUT)
    return (known.index(name), '') if name in known else (len(known), name)


def _fields(model):
    """(label, related model or None) of each field shown to users, in the order of the class."""
    found = []
    for field in (*model._meta.fields, *model._meta.local_many_to_many):
        if field.name in HIDDEN or field.name.startswith('_'):
            continue
        related = field.related_model
        if related is None:
            found.append((field.name, None))
            continue
        name = related._meta.verbose_name
        many = '*' if field.many_to_many else '0..1' if field.null else '1'
        same = {str(name).lower(), str(related._meta.verbose_name_plural).lower()}
        label = field.name if field.name.replace('_', ' ') in same else f'{field.name} → {name}'
        found.append((f'{label} [{many}]', related))
    return found


def _box(title, fields, place, background):
    left, top, height = place
    title = str(title)[0].upper() + str(title)[1:]
    lines = [
        f'<text x="{left + 10}" y="{top + 22 + LINE * number}" fill="{"#1a237e" if related else "#37474f"}">'
        f'{escape(label)}</text>'
        for number, (label, related) in enumerate(fields, 1)
    ]
    return '\n'.join([
        f'<rect x="{left}" y="{top}" width="{WIDTH}" height="{height}" rx="5" fill="{background}" stroke="#607d8b"/>',
        f'<text x="{left + 10}" y="{top + 19}" font-weight="bold" fill="#000">{escape(title)}</text>',
        *lines,
    ])


def _arrows(boxes):
    """A line from each field that refers to another of our models to that model's box."""
    paths = []
    for model, (left, top, _height, fields) in boxes.items():
        for number, (_label, related) in enumerate(fields, 1):
            if related not in boxes:
                continue
            to_left, to_top, _to_height, _to_fields = boxes[related]
            y, to_y = top + 18 + LINE * number, to_top + 14
            if to_left == left:
                # Within a column: along its right edge
                x = to_x = left + WIDTH
                bend = 30 + (number % 3) * 8
                path = f'M{x} {y}C{x + bend} {y} {to_x + bend} {to_y} {to_x + 1} {to_y}'
            else:
                x, to_x = (left, to_left + WIDTH + 1) if to_left < left else (left + WIDTH, to_left - 1)
                turn = (x + to_x) // 2
                path = f'M{x} {y}C{turn} {y} {turn} {to_y} {to_x} {to_y}'
            paths.append(f'<path d="{path}" fill="none" stroke="#607d8b" marker-end="url(#end)" opacity=".7"/>')
    return '\n'.join(paths)


if __name__ == '__main__':
    django.setup()
    FILE.write_text(draw(), encoding='utf-8')
