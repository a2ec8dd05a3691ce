"""Exports of one gateway, of many gateways and of a firewall, and the files written by export jobs."""

from core.models import Job
from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View
from netbox.views import generic
from netbox.views.generic.base import BaseMultiObjectView
from utilities.views import ConditionalLoginRequiredMixin, GetReturnURLMixin, register_model_view

from ..export_formats import render as render_export
from ..exports import ExportError
from ..exports.text import slug
from ..forms import ExportForm
from ..forms.exports import initial
from ..jobs import ExportJob
from ..models import EnforcementPoint, Gateway
from ..requirements.material import MOST_TOGETHER, firewall_defaults, firewall_material, gateway_defaults, material
from .common import selected, warn_without_worker

__all__ = ('EnforcementPointExportView', 'ExportResultView', 'GatewayBulkExportView', 'GatewayExportView')


def ask(request, form, title, return_url, pks=()):
    context = {
        'form': form,
        'title': title,
        'label': _('Export'),
        'method': 'post' if pks else 'get',
        'return_url': return_url,
        'pks': pks,
    }
    return render(request, 'netbox_gwports/form.html', context)


def download(found) -> HttpResponse:
    """A response with the file of an exports.Rendering."""
    return HttpResponse(
        found.content,
        content_type=found.media_type,
        headers={'Content-Disposition': f'attachment; filename="{found.filename}"'},
    )


class ExportView(GetReturnURLMixin, generic.ObjectView):
    """The file if the query string has a format, otherwise the form, which also shows errors.

    ``get_material`` returns the exports.Material of an object, limited to what the user may view.
    """

    def get_defaults(self, request, instance):
        """Default format and attributes of exports.Options."""
        return '', {}

    def get(self, request, **kwargs):
        instance = self.get_object(**kwargs)
        name, defaults = self.get_defaults(request, instance)
        if 'format_name' not in request.GET:
            form = ExportForm(initial=initial(name, defaults))
            return ask(request, form, _('Export Rules: {object}').format(object=instance), self.back(instance))
        form = ExportForm(request.GET, defaults=defaults)
        if form.is_valid():
            try:
                gathered = self.get_material(request, instance)
                return download(
                    render_export(form.cleaned_data['format_name'], gathered, form.options, slug(str(instance)))
                )
            except ExportError as e:
                form.add_error(None, str(e).splitlines())
        return ask(request, form, _('Export Rules: {object}').format(object=instance), self.back(instance))

    def back(self, instance):
        return self.get_return_url(self.request, instance)


@register_model_view(Gateway, 'export')
class GatewayExportView(ExportView):
    queryset = Gateway.objects.select_related('device', 'virtual_machine')

    def get_material(self, request, instance):
        return material([instance], request.user)

    def get_defaults(self, request, instance):
        return '', gateway_defaults([instance], request.user)


@register_model_view(EnforcementPoint, 'export')
class EnforcementPointExportView(ExportView):
    queryset = EnforcementPoint.objects.select_related('device', 'virtual_machine')

    def get_material(self, request, instance):
        return firewall_material(instance, request.user)

    def get_defaults(self, request, instance):
        return instance.format_name, firewall_defaults(instance, request.user)


@register_model_view(Gateway, 'bulk_export_rules', path='export-rules', detail=False)
class GatewayBulkExportView(GetReturnURLMixin, BaseMultiObjectView):
    """Export several gateways to one file, in a background job if there are many."""

    queryset = Gateway.objects.select_related('device', 'virtual_machine')
    # Larger exports are run as background jobs
    together = 20

    def get_required_permission(self):
        return 'netbox_gwports.view_gateway'

    def get(self, request):
        return redirect(self.get_return_url(request))

    def post(self, request):
        gateways = list(selected(request, self.queryset).order_by('pk')[: MOST_TOGETHER + 1])
        return_url = self.get_return_url(request)
        if not gateways or len(gateways) > MOST_TOGETHER:
            text = _('Select between 1 and {most} gateways. Use the REST API to export more.').format(
                most=MOST_TOGETHER
            )
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
        title = ngettext('Export Rules: {n} gateway', 'Export Rules: {n} gateways', len(gateways))
        title = title.format(n=len(gateways))
        return ask(request, form, title, return_url, pks)

    def _enqueue(self, request, pks, name, options, return_url):
        job = ExportJob.start(request, pks, name, options)
        text = _('Exporting in <a href="{url}">background job {job}</a>. It links to the file once complete.')
        messages.info(request, format_html(text, url=job.get_absolute_url(), job=job.pk))
        warn_without_worker(request)
        return redirect(return_url)


class ExportResultView(ConditionalLoginRequiredMixin, View):
    """Download the file of an export job. Only for the user who started it."""

    def get(self, request, pk):
        job = Job.objects.filter(pk=pk, name=ExportJob.name).first()
        if job is None:
            raise Http404
        if job.user_id != request.user.pk:
            # The file was written with the permissions of that user
            raise PermissionDenied
        if (found := cache.get(ExportJob.key(job.pk))) is None:
            raise Http404(_('The file has expired. Export it again.'))
        if isinstance(found, str):
            return HttpResponse(found, content_type='text/plain; charset=utf-8')
        return download(found)
