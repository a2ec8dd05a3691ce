"""Forms for catalogs: the import, the conversion of a vendor's table, and the comparison of releases."""

from base64 import b64decode, b64encode

from core.forms.mixins import SyncedDataMixin
from core.models import DataFile
from django import forms
from django.utils.translation import gettext_lazy as _
from utilities.forms.fields import ChoiceField, DynamicModelChoiceField
from utilities.forms.rendering import FieldSet, TabbedGroups
from utilities.forms.utils import add_blank_choice

from ..catalog.convert import KINDS
from ..catalog.convert import LONGEST as LONGEST_TABLE
from ..catalog.files import bundled
from ..catalog.safeyaml import LONGEST
from ..models import GatewayProfile

__all__ = ('CatalogForm', 'ReleaseForm', 'TableForm')

# The page of the draft sends the file back, within Django's limit for a request
MOST_BYTES = 1_500_000


class TextForm(forms.Form):
    """A text that is pasted or uploaded: ``cleaned_data['text']``, and ``['name']`` for messages about it."""

    longest = LONGEST

    text = forms.CharField(
        label=_('Text'), required=False, widget=forms.Textarea(attrs={'rows': 16, 'class': 'font-monospace'})
    )
    upload = forms.FileField(label=_('File'), required=False)

    def clean(self):
        super().clean()
        if uploaded := self.cleaned_data.get('upload'):
            try:
                # UTF-8 takes up to four bytes per character
                self.cleaned_data['text'] = uploaded.read(4 * self.longest + 1).decode('utf-8-sig')
            except UnicodeDecodeError:
                self.add_error('upload', _('The file is not UTF-8 text.'))
            self.cleaned_data['name'] = uploaded.name
        return self.cleaned_data


class CatalogForm(SyncedDataMixin, TextForm):
    """A catalog: pasted, uploaded, bundled with the plugin, or in a data file with which it is kept in sync."""

    bundled = ChoiceField(label=_('Catalog'), choices=(), required=False)
    auto_sync_enabled = forms.BooleanField(
        label=_('Auto sync enabled'),
        required=False,
        help_text=_('Import the catalog again whenever the data file changes; gateways must be updated separately'),
    )

    fieldsets = (
        FieldSet(
            TabbedGroups(
                FieldSet('text', name=_('Text')),
                FieldSet('upload', name=_('File')),
                FieldSet('bundled', name=_('Bundled')),
                FieldSet('data_source', 'data_file', 'auto_sync_enabled', name=_('Data File')),
            ),
            name=_('Catalog'),
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields['bundled'].choices = add_blank_choice([(name, name) for name in bundled()])
        self.fields['text'].help_text = _('YAML or JSON in the catalog format')

    def clean(self):
        super().clean()
        data_file: DataFile | None = self.cleaned_data.get('data_file')
        sources = {
            'data_file': lambda: (data_file.data_as_string or '', data_file.path),
            'bundled': lambda: (
                bundled()[self.cleaned_data['bundled']].read_text(encoding='utf-8'),
                self.cleaned_data['bundled'],
            ),
        }
        given = [name for name in ('text', 'data_file', 'bundled') if self.cleaned_data.get(name)]
        if len(given) > 1:
            raise forms.ValidationError(_('Specify only one of text, file, bundled catalog and data file.'))
        if not given and not self.errors:
            raise forms.ValidationError(_('Paste a catalog or select a file, a bundled catalog or a data file.'))
        for name in given:
            if name in sources:
                self.cleaned_data['text'], self.cleaned_data['name'] = sources[name]()
        self.cleaned_data.setdefault('name', 'catalog')
        return self.cleaned_data


class TableForm(TextForm):
    """A vendor's table, and the product and release it documents: ``cleaned_data['table']`` is a text, or bytes."""

    longest = LONGEST_TABLE

    manufacturer = forms.CharField(label=_('Manufacturer'), max_length=100)
    name = forms.CharField(label=_('Product'), max_length=100)
    release = forms.CharField(label=_('Version'), max_length=50)
    slug = forms.SlugField(label=_('Slug'), max_length=100, required=False, help_text=_('Leave empty to generate it'))
    kind = ChoiceField(
        label=_('Format'),
        choices=add_blank_choice([(kind, kind) for kind in KINDS]),
        required=False,
        help_text=_('Leave empty to auto-detect'),
    )
    # The uploaded file in Base64, which the page of the draft sends back
    content = forms.CharField(required=False, widget=forms.HiddenInput)

    fieldsets = (
        FieldSet('manufacturer', 'name', 'release', 'slug', name=_('Release')),
        FieldSet(
            TabbedGroups(FieldSet('text', name=_('Text')), FieldSet('upload', name=_('File'))),
            'kind',
            name=_("Vendor's Table"),
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields['text'].help_text = _(
            'CSV, TSV, HTML with a table, Markdown, AsciiDoc, or text copied from a page in the browser'
        )
        self.fields['upload'].help_text = _('Any of these, or an Excel workbook')

    def clean(self):
        forms.Form.clean(self)
        given = self.cleaned_data
        if uploaded := given.get('upload'):
            data = uploaded.read(MOST_BYTES + 1)
            if len(data) > MOST_BYTES:
                self.add_error('upload', _('The file is too large. Convert only the table.'))
            given['content'] = b64encode(data).decode('ascii')
        if given.get('content'):
            try:
                given['table'] = b64decode(given['content'], validate=True)
            except ValueError:
                self.add_error(None, _('The file is not valid Base64.'))
        else:
            given['table'] = given.get('text', '')
        if not given.get('table') and not self.errors:
            raise forms.ValidationError(_('Paste the table or select a file.'))
        return given


class ReleaseForm(forms.Form):
    """Another release of the same manufacturer."""

    def __init__(self, *args, parameter, profile, user, **kwargs):
        super().__init__(*args, **kwargs)
        others = GatewayProfile.objects.restrict(user, 'view').filter(manufacturer=profile.manufacturer_id)
        self.fields[parameter] = DynamicModelChoiceField(
            label=_('Release'),
            queryset=others.exclude(pk=profile.pk),
            query_params={'manufacturer_id': profile.manufacturer_id, 'id__n': profile.pk},
        )
