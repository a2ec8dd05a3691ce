"""Forms of change requests, and those that ask for a note before something is signed."""

from django import forms
from django.utils.translation import gettext_lazy as _
from netbox.forms import PrimaryModelBulkEditForm, PrimaryModelForm
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField
from utilities.forms.rendering import FieldSet
from utilities.forms.widgets import DatePicker

from ..choices import ChangeRequestStatusChoices
from ..models import ChangeRequest
from .common import SkipReportedFieldsMixin

__all__ = (
    'ChangeRequestBulkEditForm',
    'ChangeRequestForm',
    'FirewallSignForm',
    'RecordRulesForm',
    'RequestRulesForm',
    'SignForm',
)

ALL = 'all'


class ChangeRequestForm(PrimaryModelForm):
    fieldsets = (
        FieldSet('title', 'ticket', 'emergency', 'valid_until', 'description', 'tags', name=_('Change Request')),
        FieldSet('reason', 'risk', 'test_plan', 'back_out', name=_('Plan')),
    )

    class Meta:
        model = ChangeRequest
        fields = (
            'title', 'ticket', 'emergency', 'valid_until', 'reason', 'risk', 'test_plan', 'back_out', 'description',
            'owner', 'comments', 'tags',
        )  # fmt: skip
        widgets = {
            'valid_until': DatePicker(),
            **{name: forms.Textarea(attrs={'rows': 3}) for name in ('reason', 'risk', 'test_plan', 'back_out')},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.is_draft:
            for name in ChangeRequest.SIGNED:
                self.fields[name].disabled = True
                self.fields[name].help_text = _('Cannot be changed after the request was submitted.')


class ChangeRequestBulkEditForm(PrimaryModelBulkEditForm):
    """What is not signed: everything else is edited one request at a time, before it is submitted."""

    ticket = forms.CharField(label=_('Ticket'), max_length=100, required=False)

    model = ChangeRequest
    fieldsets = (FieldSet('ticket', 'description'),)
    nullable_fields = ('ticket', 'description')


class RequestRulesForm(SkipReportedFieldsMixin, forms.ModelForm):
    """A new change request, or the draft that the rules are added to."""

    draft = DynamicModelChoiceField(
        label=_('Existing draft'),
        queryset=ChangeRequest.objects.all(),
        required=False,
        query_params={'status': ChangeRequestStatusChoices.DRAFT},
        help_text=_('Add the rules to this change request. Leave empty to create one'),
    )

    fieldsets = (
        FieldSet('draft', name=_('Extend')),
        FieldSet('title', 'ticket', 'reason', 'valid_until', 'emergency', name=_('New Change Request')),
    )

    class Meta:
        model = ChangeRequest
        fields = ('title', 'ticket', 'reason', 'valid_until', 'emergency')
        widgets = {'valid_until': DatePicker(), 'reason': forms.Textarea(attrs={'rows': 2})}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        drafts = ChangeRequest.objects.restrict(user, 'change').filter(status=ChangeRequestStatusChoices.DRAFT)
        self.fields['draft'].queryset = drafts
        if not user.has_perm('netbox_gwports.add_changerequest'):
            self.fields['draft'].required = True
        # Of a new request only
        self.fields['title'].required = False

    def clean(self):
        super().clean()
        if not self.cleaned_data.get('draft') and not self.cleaned_data.get('title') and 'draft' not in self.errors:
            self.add_error('title', _('Enter a title, or select an existing draft.'))
        return self.cleaned_data

    def _post_clean(self):
        # The change request is validated where it is made, together with its lines
        pass

    @property
    def values(self):
        """The fields of the new change request."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class SignForm(forms.Form):
    note = forms.CharField(
        label=_('Note'),
        required=False,
        widget=forms.Textarea(attrs={'rows': 2}),
        help_text=_('Kept with the sign-off'),
    )

    fieldsets = (FieldSet('note'),)


class FirewallSignForm(SignForm):
    """Where rules were implemented or rolled back. ``points`` are the enforcement points to choose from.

    ``unrecorded``: there are rules that no firewall is recorded for.
    """

    firewall = ChoiceField(label=_('Firewall'), choices=())

    fieldsets = (FieldSet('firewall', 'note'),)

    def __init__(self, *args, points, unrecorded=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.points = {str(point.pk): point for point in points}
        if unrecorded:
            self.points[''] = None
        choices = [(key, str(point) if point else _('No firewall recorded')) for key, point in self.points.items()]
        # The key of the last is empty, which a form field does not take for a value
        choices = [(key or 'none', label) for key, label in choices]
        self.fields['firewall'].choices = [(ALL, _('All firewalls')), *choices] if len(choices) > 1 else choices

    @property
    def chosen(self):
        """The enforcement points that were chosen; None stands for no firewall recorded."""
        chosen = self.cleaned_data['firewall']
        return list(self.points.values()) if chosen == ALL else [self.points['' if chosen == 'none' else chosen]]


class RecordRulesForm(FirewallSignForm):
    """``direct``: some of the rules are in no approved change request, so that one is made for them."""

    title = forms.CharField(label=_('Title'), max_length=200, initial=_('Recorded without approval by others'))
    ticket = forms.CharField(label=_('Ticket'), max_length=100, required=False)

    def __init__(self, *args, direct, **kwargs):
        super().__init__(*args, **kwargs)
        if not direct:
            del self.fields['title'], self.fields['ticket']

    @property
    def fieldsets(self):
        return (
            FieldSet('firewall', 'note'),
            *([FieldSet('title', 'ticket', name=_('New Change Request'))] if 'title' in self.fields else []),
        )
