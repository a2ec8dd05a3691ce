"""Base views and helpers shared by the views of all models."""

import csv

from django.conf import settings
from django.contrib import messages
from django.db.models import Q
from django.http import StreamingHttpResponse
from django.utils.html import format_html
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from netbox.ui.actions import AddObject
from netbox.views import generic
from utilities.constants import CSV_DELIMITERS
from utilities.export import EXPORT_CHUNK_SIZE
from utilities.querysets import RestrictedPrefetch
from utilities.rqworker import any_workers_for_queue
from utilities.views import GetRelatedModelsMixin

from ..filtersets import GatewayFilterSet
from ..forms.imports.fields import exported, exported_prefetches
from ..models.mixins import MachineMixin

__all__ = (
    'ObjectListView',
    'ObjectView',
    'add_to_object',
    'notify_job_started',
    'selected',
    'warn_without_worker',
)


class Echo:
    def write(self, value):
        return value


class ObjectListView(generic.ObjectListView):
    """A list whose "all data" export can be imported again: its columns are those of the import form.

    ``lists`` are many-to-many relations shown in the table, which are limited to what the user may view.
    """

    import_form = None
    lists = ()

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        for name in self.lists:
            related = queryset.model._meta.get_field(name).related_model.objects.all()
            if issubclass(related.model, MachineMixin):
                # For __str__(), which is the name of the machine
                related = related.select_related('device', 'virtual_machine')
            queryset = queryset.prefetch_related(RestrictedPrefetch(name, request.user, 'view', queryset=related))
        return queryset

    def export_table(self, table, columns=None, filename=None, delimiter=None):
        if columns:
            # Export of the current view
            return super().export_table(table, columns, filename, delimiter)
        fields = {bound.name: bound.field for bound in self.import_form().visible_fields() if bound.name != 'id'}
        fields.pop('changelog_message', None)
        queryset = self.queryset.prefetch_related(*exported_prefetches(fields))
        writer = csv.writer(Echo(), delimiter=CSV_DELIMITERS[delimiter or 'comma'])

        def rows():
            yield writer.writerow(['id', *fields])
            for instance in queryset.iterator(chunk_size=EXPORT_CHUNK_SIZE):
                yield writer.writerow([instance.pk, *(exported(instance, *item) for item in fields.items())])

        content = rows() if settings.STREAMING_EXPORTS else list(rows())
        response = StreamingHttpResponse(content, content_type='text/csv; charset=utf-8')
        filename = filename or f'netbox_{self.queryset.model._meta.verbose_name_plural}.csv'
        response['Content-Disposition'] = content_disposition_header(as_attachment=True, filename=filename)
        return response


class ObjectView(GetRelatedModelsMixin, generic.ObjectView):
    """A detail page with the numbers of related objects.

    ``related`` lists (model, path to this object or function that returns a Q for a list of objects, filter parameter).
    """

    template_name = 'generic/object.html'
    related = ()

    def get_extra_context(self, request, instance):
        related = [
            self.RelatedObjectCount(model.objects.restrict(request.user, 'view').filter(condition), parameter)
            for model, path, parameter in self.related
            for condition in [path([instance]) if callable(path) else Q(**{path: instance})]
        ]
        return {'related_models': sorted((r for r in related if r.queryset.exists()), key=lambda r: r.name)}


def selected(request, gateways):
    """The gateways of a queryset that were selected in the list, or all that match its filters."""
    if '_all' in request.POST:
        # Not limited to the current page
        return GatewayFilterSet(request.GET, gateways, request=request).qs
    return gateways.filter(pk__in=[pk for pk in request.POST.getlist('pk') if pk.isdecimal()])


def notify_job_started(request, job, count):
    """Show a message with a link to the job that updates this number of gateways."""
    text = ngettext(
        'Updating {n} gateway in <a href="{url}">background job {job}</a>.',
        'Updating {n} gateways in <a href="{url}">background job {job}</a>.',
        count,
    )
    messages.info(request, format_html(text, n=count, url=job.get_absolute_url(), job=job.pk))
    warn_without_worker(request)


def warn_without_worker(request):
    """Show a message if no worker is available to run background jobs."""
    if not any_workers_for_queue('default'):
        messages.warning(request, _('No background worker is running. The job remains pending until one is started.'))


def add_to_object(model, field):
    """A panel action that adds an object of this model (a label) with its ``field`` set to the object of the page."""
    return AddObject(model, url_params={field: lambda context: context['object'].pk})
