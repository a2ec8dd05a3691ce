"""Catalogs: import, export, conversion of a vendor's table, and comparison of releases."""

import json

from core.signals import clear_events
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView, BaseObjectView
from utilities.forms import restrict_form_fields
from utilities.views import ViewTab, register_model_view

from ..catalog.convert import LEFT_OUT, ConversionError, Head, convert
from ..catalog.convert.remotes import ROLES
from ..catalog.errors import CatalogError
from ..choices import WeightChoices, ZoneChoices
from ..db import atomic
from ..forms import CatalogForm, DraftForms, ReleaseForm, TableForm, read_answers
from ..jobs import ReconcileJob
from ..loading.download import catalog_response
from ..loading.export import catalog_text
from ..loading.loader import load, parse
from ..loading.release_difference import difference
from ..models import GatewayProfile, RemoteRole
from ..reconcile import PlanChanged
from ..tables import DoubtTable, GatewayPlanTable, LoadStepTable, ProblemTable
from ..ui.catalog_files import DifferencePanel
from .common import notify_job_started

__all__ = (
    'CatalogConvertView',
    'CatalogLoadView',
    'GatewayProfileDiffView',
    'GatewayProfileExportView',
    'GatewayProfileSyncView',
)


class ImportingView(BaseMultiObjectView):
    """Requires the permission to import catalogs."""

    queryset = GatewayProfile.objects.all()

    def get_required_permission(self):
        return 'netbox_gwports.import_gatewayprofile'

    def render_form(self, request, form, title, label, problems=None):
        context = {
            'model': GatewayProfile,
            'form': form,
            'problems': problems,
            'title': title,
            'label': label,
            'method': 'post',
            'return_url': reverse('plugins:netbox_gwports:gatewayprofile_list'),
        }
        return render(request, 'netbox_gwports/form.html', context)

    def render_plan(self, request, plan, given):
        """The changes of an import, to be applied. ``given``: the cleaned data of a CatalogForm."""
        return render(
            request,
            'netbox_gwports/catalog_plan.html',
            {
                'model': GatewayProfile,
                'plan': plan,
                'steps': LoadStepTable(plan.steps, orderable=False),
                'gateways': GatewayPlanTable([{'gateway': g, 'plan': p} for g, p in plan.behind], orderable=False),
                'text': '' if given.get('data_file') else given['text'],
                'data_file': given.get('data_file'),
                'auto_sync_enabled': given.get('auto_sync_enabled'),
            },
        )


@register_model_view(GatewayProfile, 'load', path='load', detail=False)
class CatalogLoadView(ImportingView):
    """Import a catalog: a form, a preview of the changes, and the import of exactly what was previewed."""

    def get(self, request):
        return self._ask(request, CatalogForm(initial=request.GET))

    def post(self, request):
        form = CatalogForm(request.POST, request.FILES)
        restrict_form_fields(form, request.user)
        if not form.is_valid():
            return self._ask(request, form)
        given = form.cleaned_data
        try:
            catalog = parse(given['text'], given['name'])
            if '_confirm' in request.POST:
                return self._load(request, catalog, given)
            plan = load(catalog, dry_run=True, user=request.user)
        except CatalogError as e:
            return self._ask(request, form, ProblemTable(e.problems, orderable=False))
        except PlanChanged:
            messages.warning(request, _('Data has changed since the preview. Please review the updated changes.'))
            plan = load(catalog, dry_run=True, user=request.user)
        return self.render_plan(request, plan, given)

    def _ask(self, request, form, problems=None):
        return self.render_form(request, form, _('Import Catalog'), _('Preview changes'), problems)

    def _load(self, request, catalog, given):
        with atomic(GatewayProfile):
            plan = load(catalog, user=request.user, agreed=request.POST.get('digest', ''))
            if given['data_file']:
                self._bind(plan.profile, given)
        text = ngettext('Imported {profile}: {n} change.', 'Imported {profile}: {n} changes.', len(plan.changes))
        messages.success(request, text.format(profile=plan.profile, n=len(plan.changes)))
        if 'update_gateways' in request.POST and plan.behind:
            pks = [gateway.pk for gateway, _plan in plan.behind]
            notify_job_started(request, ReconcileJob.start(request, pks), len(pks))
        return redirect(plan.profile)

    def _bind(self, profile, given):
        profile.snapshot()
        profile.data_file, profile.auto_sync_enabled = given['data_file'], given['auto_sync_enabled']
        profile.full_clean()
        profile.save()


@register_model_view(GatewayProfile, 'convert', path='convert', detail=False)
class CatalogConvertView(ImportingView):
    """Convert a vendor's table: a form; the table beside what was understood, to be edited; a preview of the import."""

    def get(self, request):
        return self._ask(request, TableForm())

    def post(self, request):
        form = TableForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(request, form)
        given = form.cleaned_data
        try:
            draft = self._convert(given, read_answers(request.POST.get('answers')))
        except ConversionError as e:
            form.add_error(None, str(e))
            return self._ask(request, form)
        problems = []
        if {'_update', '_preview'} & request.POST.keys():
            try:
                draft = self._convert(given, DraftForms(draft, request.POST).answers())
            except ConversionError as e:
                problems = [str(e)]
        if '_preview' in request.POST and not problems:
            try:
                plan = load(parse(draft.text, 'draft'), dry_run=True, user=request.user)
                return self.render_plan(request, plan, {'text': draft.text})
            except CatalogError as e:
                problems = [str(problem) for problem in e.problems]
        return self._show(request, draft, given, problems)

    def _convert(self, given, answers):
        head = Head(given['manufacturer'], given['name'], given['release'], given['slug'])
        kind = given['kind'] or None
        return convert(given['table'], head=head, kind=kind, answers=answers, zones=ZoneChoices.values())

    def _show(self, request, draft, given, problems):
        roles = RemoteRole.objects.restrict(request.user, 'view').values_list('slug', 'name')
        general = [doubt for doubt in draft.doubts if not doubt.row]
        context = {
            'model': GatewayProfile,
            'draft': draft,
            'forms': DraftForms(draft),
            'given': given,
            'answers': json.dumps(draft.answers.data()),
            'roles': sorted({**{slug: name for slug, (name, _zone, _kind) in ROLES.items()}, **dict(roles)}.items()),
            'left_out': sum(row.state == LEFT_OUT for row in draft.table),
            'weights': [
                (choice, sum(doubt.weight == choice.value for doubt in draft.doubts))
                for choice in WeightChoices.CHOICES
            ],
            'doubts': DoubtTable(general, orderable=False),
            'problems': problems,
        }
        return render(request, 'netbox_gwports/catalog_draft.html', context)

    def _ask(self, request, form):
        return self.render_form(request, form, _("Convert Vendor's Table"), _('Convert'))


@register_model_view(GatewayProfile, 'export')
class GatewayProfileExportView(generic.ObjectView):
    """Download the catalog in canonical form."""

    queryset = GatewayProfile.objects.all()

    def get(self, request, **kwargs):
        profile = self.get_object(**kwargs)
        try:
            return catalog_response(profile, catalog_text(profile, request.user))
        except CatalogError as e:
            for problem in e.problems:
                messages.error(request, str(problem))
            return redirect(profile)


@register_model_view(GatewayProfile, 'diff')
class GatewayProfileDiffView(generic.ObjectView):
    """Compare a profile with another release."""

    queryset = GatewayProfile.objects.all()
    template_name = 'generic/object.html'
    actions = ()
    tab = ViewTab(label=gettext_lazy('Compare'), permission='netbox_gwports.view_flowtemplate', weight=550)
    layout = Layout(Row(Column(DifferencePanel())), breadcrumbs=[Breadcrumb('manufacturer')])

    def get_extra_context(self, request, instance):
        form = ReleaseForm(request.GET or None, parameter='to', profile=instance, user=request.user)
        found = difference(instance, form.cleaned_data['to'], request.user) if form.is_valid() else None
        return {'form': form, 'difference': found}


class GatewayProfileSyncView(BaseObjectView):
    """Sync the profile from its data file. Unlike NetBox's own view, it reports errors in the file as messages."""

    queryset = GatewayProfile.objects.all()

    def get_required_permission(self):
        return 'netbox_gwports.sync_gatewayprofile'

    def post(self, request, pk):
        profile = self.get_object(pk=pk)
        if not profile.data_file:
            messages.error(request, _('Unable to synchronize data: No data file set.'))
            return redirect(profile)
        try:
            profile.sync(save=True)
        except ValidationError as e:
            clear_events.send(sender=type(self))
            for message in e.messages:
                messages.error(request, message)
        else:
            messages.success(request, _('Synchronized data for gateway profile {profile}.').format(profile=profile))
        return redirect(profile)
