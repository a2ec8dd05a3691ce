"""Work in the background."""

from core.exceptions import JobFailed
from core.signals import clear_events
from django.contrib.auth import get_user_model
from netbox.jobs import JobRunner
from utilities.exceptions import AbortRequest
from utilities.request import apply_request_processors, copy_safe_request

from .models import Gateway
from .reconcile import reconcile

__all__ = ('ReconcileJob',)


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
