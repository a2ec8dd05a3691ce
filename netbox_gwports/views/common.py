"""What the views of all models share."""

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

__all__ = ('ObjectListView', 'ObjectView', 'add_to_object', 'notify_job_started', 'selected')


class Echo:
    def write(self, value):
        return value


class ObjectListView(generic.ObjectListView):
    """A list whose "all data" export can be imported again: header and values are those of the import form.

    ``lists`` are many-to-many relations that the table shows: only what the reader may see of them.
    """

    import_form = None
    lists = ()

    def get_queryset(self, request):
        queryset = super().get_queryset(request)
        for name in self.lists:
            related = queryset.model._meta.get_field(name).related_model.objects.all()
            if issubclass(related.model, MachineMixin):
                # Its name is that of its host
                related = related.select_related('device', 'virtual_machine')
            queryset = queryset.prefetch_related(RestrictedPrefetch(name, request.user, 'view', queryset=related))
        return queryset

    def export_table(self, table, columns=None, filename=None, delimiter=None):
        if columns:
            # The current view, as a person sees it
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
    """A declared page with the counts of related objects.

    ``related`` has model, path to us (or a function that makes a Q of objects like us) and list filter.
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
    """Those of a queryset of gateways that were ticked in their list, or all that its filters find."""
    if '_all' in request.POST:
        # Not only the page of it that was shown
        return GatewayFilterSet(request.GET, gateways, request=request).qs
    return gateways.filter(pk__in=[pk for pk in request.POST.getlist('pk') if pk.isdecimal()])


def notify_job_started(request, job, count):
    """A message with the way to the job that updates so many gateways."""
    text = ngettext(
        '{n} gateway is updated in the background: <a href="{url}">job {job}</a>.',
        '{n} gateways are updated in the background: <a href="{url}">job {job}</a>.',
        count,
    )
    messages.info(request, format_html(text, n=count, url=job.get_absolute_url(), job=job.pk))
    if not any_workers_for_queue('default'):
        messages.warning(request, _('No background worker is running: the job waits for one.'))


def add_to_object(model, field):
    """A button of a panel that adds an object of this model (a label) whose ``field`` is the object of the page."""
    return AddObject(model, url_params={field: lambda context: context['object'].pk})
