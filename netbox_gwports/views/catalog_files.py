"""Catalogs on pages: loading and writing them, making one from a table, and two releases side by side."""

from core.signals import clear_events
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from netbox.ui.breadcrumbs import Breadcrumb
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView, BaseObjectView
from utilities.forms import restrict_form_fields
from utilities.views import ViewTab, register_model_view

from ..catalog.convert import ConversionError, Head, convert
from ..catalog.errors import CatalogError
from ..forms import CatalogForm, ReleaseForm, TableForm
from ..jobs import ReconcileJob
from ..loading.download import catalog_response
from ..loading.export import catalog_text
from ..loading.loader import load, parse
from ..loading.release_difference import difference
from ..models import GatewayProfile
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
    """Whoever may import catalogs may also prepare one."""

    queryset = GatewayProfile.objects.all()

    def get_required_permission(self):
        return 'netbox_gwports.import_gatewayprofile'


@register_model_view(GatewayProfile, 'load', path='load', detail=False)
class CatalogLoadView(ImportingView):
    """A catalog, then its plan entry by entry, then the profile: what was shown is what is done."""

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
            messages.warning(request, _('Something changed since the plan was shown. This is what is to be done now.'))
            plan = load(catalog, dry_run=True, user=request.user)
        return render(
            request,
            'netbox_gwports/catalog_plan.html',
            {
                'model': GatewayProfile,
                'plan': plan,
                'steps': LoadStepTable(plan.steps, orderable=False),
                'gateways': GatewayPlanTable([{'gateway': g, 'plan': p} for g, p in plan.behind], orderable=False),
                'text': '' if given['data_file'] else given['text'],
                'data_file': given['data_file'],
                'auto_sync_enabled': given['auto_sync_enabled'],
            },
        )

    def _ask(self, request, form, problems=None):
        return render(request, 'netbox_gwports/catalog_form.html', {
            'model': GatewayProfile, 'form': form, 'problems': problems, 'title': _('Load a catalog'),
            'label': _('See what it changes'),
        })  # fmt: skip

    def _load(self, request, catalog, given):
        with transaction.atomic():
            plan = load(catalog, user=request.user, agreed=request.POST.get('digest', ''))
            if given['data_file']:
                self._bind(plan.profile, given)
        messages.success(request, _('{profile}: {n} changes.').format(profile=plan.profile, n=len(plan.changes)))
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
    """A vendor's table, then a draft of its catalog with everything that was not sure, to correct and go on with."""

    def get(self, request):
        return self._ask(request, TableForm())

    def post(self, request):
        form = TableForm(request.POST, request.FILES)
        if not form.is_valid():
            return self._ask(request, form)
        given = form.cleaned_data
        head = Head(given['manufacturer'], given['name'], given['release'], given['slug'])
        try:
            draft = convert(given['text'], head=head, kind=given['kind'] or None)
        except ConversionError as e:
            form.add_error(None, str(e))
            return self._ask(request, form)
        return render(
            request,
            'netbox_gwports/catalog_draft.html',
            {
                'model': GatewayProfile,
                'draft': draft,
                'doubts': DoubtTable(draft.doubts, orderable=False),
            },
        )

    def _ask(self, request, form):
        return render(request, 'netbox_gwports/catalog_form.html', {
            'model': GatewayProfile, 'form': form, 'title': _("Convert a vendor's table"), 'label': _('Convert'),
        })  # fmt: skip


@register_model_view(GatewayProfile, 'export')
class GatewayProfileExportView(generic.ObjectView):
    """The catalog in canonical form, to download."""

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
    """This release beside another one of its product."""

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
    """NetBox's own way to synchronize from the data file, which tells what is wrong with it instead of failing."""

    queryset = GatewayProfile.objects.all()

    def get_required_permission(self):
        return 'netbox_gwports.sync_gatewayprofile'

    def post(self, request, pk):
        profile = self.get_object(pk=pk)
        if not profile.data_file:
            messages.error(request, _('No data file is set.'))
            return redirect(profile)
        try:
            profile.sync(save=True)
        except ValidationError as e:
            clear_events.send(sender=type(self))
            for message in e.messages:
                messages.error(request, message)
        else:
            messages.success(request, _('{profile} is what its data file says.').format(profile=profile))
        return redirect(profile)
