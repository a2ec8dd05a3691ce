import django_tables2 as tables
from django.contrib.postgres.fields import ArrayField
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django_tables2.columns import library
from netbox.tables import columns

from ..display import as_text
from ..templatetags.gwports import specs

__all__ = ('FORM', 'BadgeColumn', 'ChangesColumn', 'ListColumn', 'SelectColumn', 'ZonesColumn')

# The form of a page to which the tick boxes of all its tables belong
FORM = 'gwports-selection'


class BadgeColumn(tables.Column):
    """A value of a ChoiceSet as a badge in its color, with its description as tooltip.

    NetBox's ChoiceFieldColumn needs a model instance with ``get_FOO_display()``; these rows are computed.
    """

    def __init__(self, choiceset, **kwargs):
        super().__init__(**kwargs)
        self.choices = {choice.value: choice for choice in choiceset.CHOICES}

    def render(self, value):
        return render_to_string('netbox_gwports/columns/badge.html', {'choice': self.choices[value]})


class ChangesColumn(tables.Column):
    """Changed fields, one per line, from (field, old value, new value), followed by notes.

    ``label`` returns the display name of a field, ``notes`` the texts to show below the changes of a record.
    """

    def __init__(self, label=str, notes=lambda record: (), **kwargs):
        kwargs.setdefault('verbose_name', _('Changes'))
        super().__init__(orderable=False, **kwargs)
        self.label, self.notes = label, notes

    def render(self, value, record):
        changes = [(self.label(field), as_text(old), as_text(new)) for field, old, new in value]
        return render_to_string(
            'netbox_gwports/columns/changes.html', {'changes': changes, 'notes': self.notes(record)}
        )


@library.register
class ListColumn(columns.ArrayColumn):
    """An array; an empty one is shown as nothing, as elsewhere. It is the column of every array in ``Meta.fields``."""

    def __init__(self, **kwargs):
        kwargs.setdefault('empty_values', (None, []))
        super().__init__(**kwargs)

    @classmethod
    def from_field(cls, field, **kwargs):
        return cls(**kwargs) if isinstance(field, ArrayField) else None


class SelectColumn(columns.ToggleColumn):
    """Tick boxes of lines, whose values stand for all that the line was joined from."""

    def __init__(self, **kwargs):
        label = {'aria-label': lambda record: _('Select {services}').format(services=specs(record.services))}
        kwargs.setdefault('accessor', 'value')
        kwargs['attrs'] = {
            'th': {'class': 'w-1', 'aria-label': _('Select all')},
            'td': {'class': 'w-1'},
            'input': {'class': 'form-check-input', 'form': FORM, **label},
        }
        super().__init__(**kwargs)


class ZonesColumn(columns.ArrayColumn):
    """The zones an address faces; an empty list means all zones that no other address covers."""

    def __init__(self, **kwargs):
        kwargs.setdefault('accessor', 'zone_labels')
        kwargs.setdefault('order_by', ('zones',))
        kwargs.setdefault('verbose_name', _('Facing'))
        super().__init__(empty_values=(None,), **kwargs)

    def render(self, value):
        return super().render(value) if value else str(_('all other zones'))
