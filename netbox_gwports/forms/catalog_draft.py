"""The forms of a draft: one for the questions of the converter, and one for each row of the vendor's table."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.utils import add_blank_choice

from ..catalog.convert import LEFT_OUT, Answers, ConversionError
from ..catalog.convert.answers import COLUMNS, FOOTNOTES, ITSELF, TABLES, ZONES_OF
from ..choices import DirectionChoices, WeightChoices

__all__ = ('DraftForms', 'QuestionForm', 'RowForm', 'read_answers')

BOTH = 'both'
# Answers about several headings, marks or remotes; and lists of texts
PAIRS, LISTS = (COLUMNS, FOOTNOTES, ZONES_OF), (ITSELF, TABLES)
LABELS = {
    'inbound': DirectionChoices.CHOICES[0].label,
    'outbound': DirectionChoices.CHOICES[1].label,
    'remark': _('Nothing about the ports'),
    'optional': _('The row is optional'),
    'undecided': _('Leave undecided'),
    'ports': _('Ports'),
    'thousands': _('Thousands'),
}
# What "optional" and "ports" mean among columns is the name of a field
PLAIN = {COLUMNS, ZONES_OF}


def read_answers(text):
    """The answers that the page remembers. Raises ConversionError for anything that it does not write."""
    try:
        return Answers.of(json.loads(text or '{}'))
    except ValueError:
        raise ConversionError(0, 'the answers are not valid', 'start again from the table') from None


def _select(choices, **kwargs):
    return forms.ChoiceField(
        choices=choices, required=False, widget=forms.Select(attrs={'class': 'form-select'}), **kwargs
    )


def _input(**kwargs):
    widget = forms.TextInput(attrs={'class': 'form-control form-control-sm', **kwargs.pop('attrs', {})})
    return forms.CharField(required=False, max_length=200, widget=widget, **kwargs)


class QuestionForm(forms.Form):
    """The answer to one question: a field, or one for each thing that it asks about."""

    def __init__(self, question, *args, **kwargs):
        super().__init__(*args, prefix=f'q-{question.name}', **kwargs)
        self.question = question
        labels = {} if question.name in PLAIN else LABELS
        choices = add_blank_choice([(option, labels.get(option, option)) for option in question.options])
        if question.name in PAIRS:
            for number, about in enumerate(question.about):
                self.fields[str(number)] = _select(choices, label=about)
        elif question.name in LISTS:
            options = [
                (about.partition(':')[0] if question.name == TABLES else about, about) for about in question.about
            ]
            self.fields['0'] = forms.MultipleChoiceField(
                choices=options, required=False, label='', widget=forms.CheckboxSelectMultiple
            )
        else:
            self.fields['0'] = _select(choices, label='')

    def answer(self):
        """The answer in plain data; empty if none was given."""
        if self.question.name in PAIRS:
            given = {about: self.cleaned_data.get(str(number)) for number, about in enumerate(self.question.about)}
            return {about: answer for about, answer in given.items() if answer}
        return self.cleaned_data.get('0')


class RowForm(forms.Form):
    """What was understood of a row, cell by cell."""

    ports = _input(label=_('Ports'), attrs={'placeholder': 'tcp/443'})
    direction = forms.ChoiceField(
        label=_('Direction'),
        required=False,
        choices=add_blank_choice([*DirectionChoices, (BOTH, _('Both'))]),
        widget=forms.Select(attrs={'class': 'form-select form-select-sm'}),
    )
    remote = _input(label=_('Remote role'), attrs={'list': 'roles'})
    application = _input(label=_('Application protocol'))
    leave_out = forms.BooleanField(label=_('Leave out'), required=False)

    def __init__(self, row, *args, **kwargs):
        directions = BOTH if len(row.directions) == 2 else ''.join(row.directions)
        initial = {
            'ports': ', '.join(row.ports) or row.decision.ports,
            'direction': directions,
            # Two remotes of one row cannot be written in one cell
            'remote': row.remotes[0] if len(row.remotes) == 1 else row.decision.remote,
            'application': row.application,
            'leave_out': row.decision.leave_out,
        }
        super().__init__(*args, prefix=f'r-{row.number}', initial=initial, **kwargs)
        self.row, self.is_left_out = row, row.state == LEFT_OUT
        for number, purpose in enumerate(row.purposes):
            name = f'purpose-{number}'
            self.fields[name] = _input(label=_('Purpose'))
            self.initial[name] = purpose[:200]
        for field in self.fields.values():
            if not isinstance(field, forms.BooleanField):
                field.widget.attrs['aria-label'] = f'{field.label} ({row.number})'

    @property
    def cells(self):
        return [self['ports'], self['direction'], self['remote'], self['application']]

    @property
    def doubts(self):
        """The doubts about the row by weight, the heaviest first."""
        return [
            (choice, [doubt for doubt in self.row.doubts if doubt.weight == choice.value])
            for choice in WeightChoices.CHOICES
        ]

    @property
    def purposes(self):
        return [self[name] for name in self.fields if name.startswith('purpose-')]

    def decision(self):
        """The decision about this row in plain data: the earlier one with what was changed on the page."""
        found = self.row.decision.data()
        purposes = dict(enumerate(found.get('purposes', [])))
        for name in self.changed_data:
            value = self.cleaned_data.get(name)
            if name.startswith('purpose-'):
                purposes[int(name.removeprefix('purpose-'))] = value
            elif value:
                found[name] = value
            else:
                found.pop(name, None)
        if any(purposes.values()):
            found['purposes'] = [purposes.get(number, '') for number in range(max(purposes) + 1)]
        return found


class DraftForms:
    """The forms of a draft. ``data`` is what was posted from its page."""

    def __init__(self, draft, data=None):
        self.draft = draft
        self.questions = [QuestionForm(question, data) for question in draft.questions]
        self.rows = [RowForm(row, data) for row in draft.table]

    def answers(self):
        """The answers of the draft with those that were posted. Raises ConversionError for invalid ones."""
        found = self.draft.answers.data()
        for form in self.questions:
            if form.is_valid() and (answer := form.answer()):
                name = form.question.name
                found[name] = {**found.get(name, {}), **answer} if isinstance(answer, dict) else answer
        rows = {}
        for form in self.rows:
            # A row that the page did not show keeps its decision
            shown = f'{form.prefix}-ports' in form.data
            decision = form.decision() if shown and form.is_valid() else form.row.decision.data()
            if decision:
                rows[str(form.row.number)] = decision
        return Answers.of({**found, 'rows': rows})
