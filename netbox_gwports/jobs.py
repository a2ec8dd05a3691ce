"""Work in the background."""

from core.exceptions import JobFailed
from core.signals import clear_events
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.urls import reverse
from netbox.jobs import JobRunner
from utilities.exceptions import AbortRequest
from utilities.request import apply_request_processors, copy_safe_request

from .export_formats import render
from .exports import ExportError
from .models import Gateway
from .reconcile import reconcile
from .requirements.material import material

__all__ = ('ExportJob', 'ReconcileJob')

# Seconds
KEPT = 24 * 60 * 60


class ReconcileJob(JobRunner):
    """Bring the flows of many gateways up to date, one transaction a gateway, with a line in the log for each."""

    class Meta:
        # Not translated: jobs of a kind are found by it
        name = 'Update gateways from their profiles'

    @classmethod
    def start(cls, request, pks):
        """Queue it for the user of the request, in whose name changes are made; returns the job."""
        return cls.enqueue(user=request.user, pks=list(pks), request=copy_safe_request(request))

    def run(self, pks, request, **kwargs):
        """``request`` is a copy of the user's."""
        # Asked again now: rights may have been taken away while the job waited
        request.user = get_user_model().objects.filter(pk=request.user.pk, is_active=True).first()
        if request.user is None:
            self.logger.error('The user who asked for it is no longer there or no longer active.')
            raise JobFailed
        gateways = Gateway.objects.restrict(request.user, 'reconcile').filter(pk__in=pks)
        gateways = list(gateways.select_related('device', 'virtual_machine').order_by('pk'))
        failed = [gateway for gateway in gateways if not self._update(gateway, request)]
        if missing := len(set(pks)) - len(gateways):
            self.logger.warning(f'{missing} of the gateways are gone, or no longer open to this user.')
        self.logger.info(f'{len(gateways) - len(failed)} of {len(set(pks))} gateways are up to date.')
        if failed:
            raise JobFailed

    def _update(self, gateway, request):
        with apply_request_processors(request):
            try:
                plan = reconcile(gateway.pk)
            except AbortRequest as e:
                # What was queued for event rules was undone with the transaction
                clear_events.send(sender=self)
                self.logger.error(f'{gateway}: {e}')
                return False
        self.logger.info(f'{gateway}: {plan}')
        return True


class ExportJob(JobRunner):
    """Write the rules of many gateways to one file, which is kept for a day for whoever asked for it."""

    class Meta:
        # Not translated: jobs of a kind are found by it
        name = 'Export the rules of gateways'

    def run(self, pks, format_name, options, **kwargs):
        user = get_user_model().objects.filter(pk=self.job.user_id, is_active=True).first()
        if user is None:
            self.logger.error('The user who asked for it is no longer there or no longer active.')
            raise JobFailed
        gateways = list(Gateway.objects.restrict(user, 'view').filter(pk__in=pks).order_by('pk'))
        try:
            found = render(format_name, material(gateways, user), options, 'gateways')
        except ExportError as e:
            self.logger.error(str(e))
            raise JobFailed from None
        if missing := len(set(pks)) - len(gateways):
            self.logger.warning(f'{missing} of the gateways are gone, or no longer open to this user.')
        for entry in found.skipped:
            self.logger.warning(f'left out: {entry}')
        # Not with the job, which others may see
        cache.set(self.key(self.job.pk), found, KEPT)
        url = reverse('plugins:netbox_gwports:export_result', args=[self.job.pk])
        self.job.data = {'filename': found.filename, 'download': url}
        self.job.save()
        self.logger.info(f'{len(gateways)} gateways, {len(found.rendered)} rules: {url}')

    @staticmethod
    def key(pk) -> str:
        """Of the file in the cache: an exports.Rendering."""
        return f'netbox_gwports.export.{pk}'
