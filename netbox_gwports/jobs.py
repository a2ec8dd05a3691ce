"""Background jobs.

Who may view jobs may not be permitted to view gateways: logs name them only by their ID and page.
"""

from itertools import batched

from core.choices import JobIntervalChoices, JobStatusChoices
from core.exceptions import JobFailed
from core.signals import clear_events
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.urls import reverse
from netbox.jobs import JobRunner, system_job
from utilities.exceptions import AbortRequest
from utilities.request import apply_request_processors, copy_safe_request

from .changes.events import raise_events
from .changes.summary import refresh
from .export_formats import render
from .exports import ExportError
from .models import Gateway
from .reconcile import reconcile
from .requirements.load import CHUNK
from .requirements.material import material

__all__ = ('DailySummariesJob', 'ExportJob', 'ReconcileJob', 'RefreshSummariesJob')

# How long the file of an export job is available, in seconds
EXPORT_LIFETIME = 24 * 60 * 60


class ReconcileJob(JobRunner):
    """Update the required flows of gateways from their profiles: one transaction and one log entry per gateway."""

    class Meta:
        # Not translated: jobs are looked up by this name
        name = 'Update gateways from profiles'

    @classmethod
    def start(cls, request, pks):
        """Enqueue the job for the user of the request, to whom changes are attributed. Returns the job."""
        return cls.enqueue(user=request.user, pks=list(pks), request=copy_safe_request(request))

    def run(self, pks, request, **kwargs):
        """``request`` is a copy of the request that started the job."""
        # Loaded again: permissions may have been revoked while the job was pending
        request.user = get_user_model().objects.filter(pk=request.user.pk, is_active=True).first()
        if request.user is None:
            self.logger.error('The user who started this job no longer exists or is inactive.')
            raise JobFailed
        # As the user's request: within the branch that was active there
        with apply_request_processors(request):
            gateways = Gateway.objects.restrict(request.user, 'reconcile').filter(pk__in=pks)
            gateways = list(gateways.select_related('device', 'virtual_machine').order_by('pk'))
        failed = [gateway for gateway in gateways if not self._update(gateway, request)]
        if missing := len(set(pks)) - len(gateways):
            self.logger.warning(f'{missing} of the selected gateways no longer exist or are not accessible.')
        self.logger.info(f'Updated {len(gateways) - len(failed)} of {len(set(pks))} gateways.')
        if failed:
            raise JobFailed

    def _update(self, gateway, request):
        with apply_request_processors(request):
            try:
                plan = reconcile(gateway.pk)
            except AbortRequest as e:
                # The changes queued for event rules were rolled back with the transaction
                clear_events.send(sender=self)
                self.logger.error(f'{self._name(gateway)}: {e}')
                return False
        self.logger.info(f'{self._name(gateway)}: {plan}')
        return True

    @staticmethod
    def _name(gateway):
        return f'Gateway {gateway.pk} ({gateway.get_absolute_url()})'


class ExportJob(JobRunner):
    """Export the rules of many gateways to one file, which the user who started the job can download for a day."""

    class Meta:
        # Not translated: jobs are looked up by this name
        name = 'Export gateway rules'

    @classmethod
    def start(cls, request, pks, format_name, options):
        """Queue it for the user of the request; returns the job."""
        copy = copy_safe_request(request, include_files=False)
        return cls.enqueue(user=request.user, pks=pks, format_name=format_name, options=options, request=copy)

    def run(self, pks, format_name, options, request, **kwargs):
        """``request`` is a copy of the user's."""
        user = get_user_model().objects.filter(pk=self.job.user_id, is_active=True).first()
        if user is None:
            self.logger.error('The user who started this job no longer exists or is inactive.')
            raise JobFailed
        url = reverse('plugins:netbox_gwports:export_result', args=[self.job.pk])
        try:
            # As the user's request: within the branch that was active there
            with apply_request_processors(request):
                gateways = list(Gateway.objects.restrict(user, 'view').filter(pk__in=pks).order_by('pk'))
                found = render(format_name, material(gateways, user), options, 'gateways')
        except ExportError as e:
            # It may name flows
            cache.set(self.key(self.job.pk), str(e), EXPORT_LIFETIME)
            self.logger.error(f'Nothing was exported. The user who started this job can read why: {url}')
            raise JobFailed from None
        if missing := len(set(pks)) - len(gateways):
            self.logger.warning(f'{missing} of the selected gateways no longer exist or are not accessible.')
        if found.skipped:
            self.logger.warning(f'{len(found.skipped)} rules or flows are not in the file, which lists them.')
        # Not stored in the job, which other users may view
        cache.set(self.key(self.job.pk), found, EXPORT_LIFETIME)
        self.job.data = {'filename': found.filename, 'download': url}
        self.job.save()
        self.logger.info(f'Exported {len(found.rendered)} rules of {len(gateways)} gateways: {url}')

    @staticmethod
    def key(pk) -> str:
        """Cache key of the file, an exports.Rendering, or of the text that says why there is none."""
        return f'netbox_gwports.export.{pk}'


class RefreshSummariesJob(JobRunner):
    """Compute the summaries of gateways that are stale or missing, and raise the events that follow."""

    class Meta:
        # Not translated: jobs are looked up by this name
        name = 'Refresh gateway summaries'

    @classmethod
    def enqueue_unless_waiting(cls):
        """Unlike with ``enqueue_once``, one that is running does not count: it may have passed these gateways."""
        waiting = (JobStatusChoices.STATUS_PENDING, JobStatusChoices.STATUS_SCHEDULED)
        if not cls.get_jobs().filter(status__in=waiting).exists():
            cls.enqueue()

    def run(self, **kwargs):
        self.refresh(Gateway.objects.exclude(standing__stale=False))

    def refresh(self, gateways):
        done, raised = 0, []
        for pks in batched(gateways.order_by('pk').values_list('pk', flat=True), CHUNK):
            moved = refresh(pks)
            done += len(moved)
            # Summaries are stored by now: whoever handles an event finds them as it says
            raised += raise_events(moved)
        for event, gateway in raised:
            # Whoever may view jobs need not be permitted to view the gateway
            self.logger.info(f'Gateway {gateway.pk}: {event}')
        self.logger.info(f'Refreshed {done} summaries, raised {len(raised)} events.')


@system_job(interval=JobIntervalChoices.INTERVAL_DAILY)
class DailySummariesJob(RefreshSummariesJob):
    """Compute all summaries: days pass, flows and approvals expire, and some changes send no signals."""

    class Meta:
        # Another name: a job that is enqueued once would replace the scheduled one
        name = 'Refresh all gateway summaries'

    def run(self, **kwargs):
        self.refresh(Gateway.objects.all())
