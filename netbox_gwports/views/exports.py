"""Exports on pages: of one gateway, of many, and the results of jobs."""

from core.models import Job
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views import View
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView
from utilities.rqworker import any_workers_for_queue
from utilities.views import ConditionalLoginRequiredMixin, GetReturnURLMixin, register_model_view

from ..export_formats import render as render_export
from ..exports import ExportError
from ..exports.text import slug
from ..forms import ExportForm
from ..forms.exports import initial
from ..jobs import ExportJob
from ..models import EnforcementPoint, Gateway
from ..requirements.material import MOST_TOGETHER, firewall_defaults, firewall_material, material
from .common import selected

__all__ = ('EnforcementPointExportView', 'ExportResultView', 'GatewayBulkExportView', 'GatewayExportView')


def ask(request, form, title, return_url, pks=()):
    return render(request, 'netbox_gwports/export_form.html', {
        'form': form, 'title': title, 'return_url': return_url, 'pks': pks,
    })  # fmt: skip


def download(found) -> HttpResponse:
    """The file, as it comes from a rendering or from a job."""
    return HttpResponse(
        found.content,
        content_type=found.media_type,
        headers={'Content-Disposition': f'attachment; filename="{found.filename}"'},
    )


class ExportView(GetReturnURLMixin, generic.ObjectView):
    """With a format in the query string the file, else the form; what is wrong stands on the form.

    ``get_material`` gives what is to be exported of an object, as the user of the request may see it.
    """

    template_name = 'netbox_gwports/export_form.html'

    def get_defaults(self, request, instance):
        """(format, attributes of Options) for what is not said."""
        return '', {}

    def get(self, request, **kwargs):
        instance = self.get_object(**kwargs)
        name, defaults = self.get_defaults(request, instance)
        if 'format_name' not in request.GET:
            form = ExportForm(initial=initial(name, defaults))
            return ask(request, form, _('Export the rules of {object}').format(object=instance), self.back(instance))
        form = ExportForm(request.GET, defaults=defaults)
        if form.is_valid():
            try:
                gathered = self.get_material(request, instance)
                return download(
                    render_export(form.cleaned_data['format_name'], gathered, form.options, slug(str(instance)))
                )
            except ExportError as e:
                form.add_error(None, str(e).splitlines())
        return ask(request, form, _('Export the rules of {object}').format(object=instance), self.back(instance))

    def back(self, instance):
        return self.get_return_url(self.request, instance)


@register_model_view(Gateway, 'export')
class GatewayExportView(ExportView):
    queryset = Gateway.objects.select_related('device', 'virtual_machine')

    def get_material(self, request, instance):
        return material([instance], request.user)


@register_model_view(EnforcementPoint, 'export')
class EnforcementPointExportView(ExportView):
    queryset = EnforcementPoint.objects.select_related('device', 'virtual_machine')

    def get_material(self, request, instance):
        return firewall_material(instance, request.user)

    def get_defaults(self, request, instance):
        return instance.format_name, firewall_defaults(instance, request.user)


@register_model_view(Gateway, 'bulk_export_rules', path='export-rules', detail=False)
class GatewayBulkExportView(GetReturnURLMixin, BaseMultiObjectView):
    """Many gateways in one file; a background job writes it where they are many."""

    queryset = Gateway.objects.select_related('device', 'virtual_machine')
    # More than this takes longer than somebody wants to wait for a page
    together = 20

    def get_required_permission(self):
        return 'netbox_gwports.view_gateway'

    def get(self, request):
        return redirect(self.get_return_url(request))

    def post(self, request):
        gateways = list(selected(request, self.queryset).order_by('pk')[: MOST_TOGETHER + 1])
        return_url = self.get_return_url(request)
        if not gateways or len(gateways) > MOST_TOGETHER:
            text = _('Choose from 1 to {most} gateways: REST exports more of them.').format(most=MOST_TOGETHER)
            messages.warning(request, text)
            return redirect(return_url)
        pks = [gateway.pk for gateway in gateways]
        form = ExportForm(request.POST if 'format_name' in request.POST else None)
        if form.is_bound and form.is_valid():
            try:
                name = form.cleaned_data['format_name']
                if len(gateways) > self.together:
                    return self._enqueue(request, pks, name, form.options, return_url)
                return download(render_export(name, material(gateways, request.user), form.options, 'gateways'))
            except ExportError as e:
                form.add_error(None, str(e).splitlines())
        title = _('Export the rules of {n} gateways').format(n=len(gateways))
        return ask(request, form, title, return_url, pks)

    def _enqueue(self, request, pks, name, options, return_url):
        job = ExportJob.enqueue(user=request.user, pks=pks, format_name=name, options=options)
        text = _('The file is written in the background: <a href="{url}">job {job}</a> leads to it.')
        messages.info(request, format_html(text, url=job.get_absolute_url(), job=job.pk))
        if not any_workers_for_queue('default'):
            messages.warning(request, _('No background worker is running: the job waits for one.'))
        return redirect(return_url)


class ExportResultView(ConditionalLoginRequiredMixin, View):
    """What an export job wrote, for whoever asked for it."""

    def get(self, request, pk):
        job = Job.objects.filter(pk=pk, name=ExportJob.name).first()
        if job is None:
            raise Http404
        if job.user_id != request.user.pk:
            # It holds what its user may see
            raise PermissionDenied
        if (found := cache.get(ExportJob.key(job.pk))) is None:
            raise Http404(_('The file is no longer kept: export it again.'))
        return download(found)
