from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .gateways import Gateway

__all__ = ('StandingSummary',)


class StandingSummary(models.Model):
    """The standing of one gateway in numbers, for lists, filters, badges and the dashboard.

    Computed from everything, whatever a user may view: shown only to those who may view all of it. The requirements of
    a gateway themselves are never read from here. ``stale`` since something changed that may move the numbers.
    """

    # What they mean: see ``rules.standing.counts``
    COUNTS = (
        'rules',
        'to_request',
        'requested',
        'to_open',
        'in_place',
        'to_close',
        'unapproved',
        'open_items',
        'clear_text',
    )

    gateway = models.OneToOneField(
        to=Gateway,
        # A gateway may be deleted in a branch, and this table is in main: see signals.forget_deleted
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name='standing',
        verbose_name=_('gateway'),
    )
    rules = models.PositiveIntegerField(verbose_name=_('rules'), default=0)
    to_request = models.PositiveIntegerField(verbose_name=_('to request'), default=0)
    requested = models.PositiveIntegerField(verbose_name=_('requested'), default=0)
    to_open = models.PositiveIntegerField(verbose_name=_('to open'), default=0)
    in_place = models.PositiveIntegerField(verbose_name=_('in place'), default=0)
    to_close = models.PositiveIntegerField(verbose_name=_('to close'), default=0)
    unapproved = models.PositiveIntegerField(verbose_name=_('open without approval'), default=0)
    open_items = models.PositiveIntegerField(verbose_name=_('open items'), default=0)
    clear_text = models.PositiveIntegerField(verbose_name=_('clear text without mitigation'), default=0)
    behind = models.BooleanField(verbose_name=_('behind its profile'), default=False)
    no_firewall = models.BooleanField(verbose_name=_('no firewall'), default=False)
    review_due = models.DateField(verbose_name=_('review due'), blank=True, null=True)
    digest = models.CharField(max_length=64, blank=True)
    stale = models.BooleanField(default=True)
    computed = models.DateTimeField(verbose_name=_('computed'), auto_now=True)

    class Meta:
        verbose_name = _('standing')
        verbose_name_plural = _('standings')

    def __str__(self):
        return str(self.gateway)

    @property
    def counts(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in self.COUNTS}

    def is_review_due(self, today: date) -> bool:
        return self.review_due is not None and self.review_due <= today
