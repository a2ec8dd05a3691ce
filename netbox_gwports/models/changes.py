from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from netbox.models import BaseModel, PrimaryModel
from netbox.models.features import ContactsMixin
from utilities.exceptions import AbortRequest
from utilities.querysets import RestrictedQuerySet

from ..choices import (
    ChangeActionChoices,
    ChangeRequestStatusChoices,
    DirectionChoices,
    SignOffKindChoices,
    SignOffOriginChoices,
    ZoneChoices,
)
from ..db import atomic
from .enforcement import EnforcementPoint
from .gateways import Gateway
from .mixins import CleanTextMixin, HelpMixin

__all__ = ('ChangeLine', 'ChangeRequest', 'SignOff')


class ChangeRequest(HelpMixin, CleanTextMixin, ContactsMixin, PrimaryModel):
    """A request to open and close rules, with the rules as they were when it was submitted.

    Its sign-offs say what was decided and done. ``status`` repeats the last decision for lists and filters; what counts
    as approved is computed from the sign-offs.
    """

    SUBMITTED = _('Cannot be changed after the request was submitted.')
    # What is signed: fixed once the request was submitted
    SIGNED = ('reason', 'risk', 'test_plan', 'back_out', 'emergency', 'valid_until')

    title = models.CharField(verbose_name=_('title'), max_length=200)
    ticket = models.CharField(
        verbose_name=_('ticket'), max_length=100, blank=True, help_text=_('Number of the ticket or change elsewhere')
    )
    status = models.CharField(
        verbose_name=_('status'),
        max_length=20,
        choices=ChangeRequestStatusChoices,
        default=ChangeRequestStatusChoices.DRAFT,
        editable=False,
    )
    emergency = models.BooleanField(
        verbose_name=_('emergency'), default=False, help_text=_('May be implemented before it is approved')
    )
    valid_until = models.DateField(
        verbose_name=_('valid until'), blank=True, null=True, help_text=_('Last day on which the approval holds')
    )
    reason = models.TextField(verbose_name=_('reason'), blank=True, help_text=_('Business need'))
    risk = models.TextField(verbose_name=_('risk'), blank=True)
    test_plan = models.TextField(verbose_name=_('test plan'), blank=True)
    back_out = models.TextField(verbose_name=_('back-out plan'), blank=True)

    clone_fields = ('emergency', 'valid_until', 'reason', 'risk', 'test_plan', 'back_out')

    class Meta:
        ordering = ('-pk',)
        verbose_name = _('change request')
        verbose_name_plural = _('change requests')
        permissions = (
            ('request', 'Submit and withdraw change requests'),
            ('approve', 'Approve and reject change requests'),
            ('implement', 'Record rules as implemented and rolled back'),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # __dict__, since reading a deferred field here would recurse into refresh_from_db()
        self._signed = {name: self.__dict__.get(name) for name in self.SIGNED} if self.pk else {}

    def __str__(self):
        return f'{self.ticket}: {self.title}' if self.ticket else self.title

    def get_status_color(self):
        return ChangeRequestStatusChoices.colors.get(self.status)

    @property
    def is_draft(self):
        return self.status == ChangeRequestStatusChoices.DRAFT

    def clean(self):
        super().clean()
        if self.is_draft:
            return
        changed = [name for name, value in self._signed.items() if getattr(self, name) != value]
        if changed:
            raise ValidationError(dict.fromkeys(changed, self.SUBMITTED))

    def save(self, *args, **kwargs):
        """Whatever was loaded: the status is the stored one, and what was signed since cannot be overwritten."""
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        with atomic(ChangeRequest):
            stored = ChangeRequest.objects.select_for_update(of=('self',)).filter(pk=self.pk).first()
            if stored:
                self.status = stored.status
                if not stored.is_draft and any(getattr(self, n) != getattr(stored, n) for n in self.SIGNED):
                    raise AbortRequest(self.SUBMITTED)
            super().save(*args, **kwargs)

    def decide(self, status):
        """Store the status that follows from a sign-off. The caller holds the lock."""
        self.status = status
        super().save()


class FixedQuerySet(RestrictedQuerySet):
    """Rows that are never changed: what reaches the database anyway is refused by a trigger there."""

    def update(self, **kwargs):
        raise AbortRequest(self.model.FIXED)

    def bulk_update(self, *args, **kwargs):
        raise AbortRequest(self.model.FIXED)

    bulk_update.alters_data = update.alters_data = True


# The relations to gateways and enforcement points do nothing when these are deleted, since that may happen in a branch
# of netbox-branching, and evidence is in main: signals.forget_deleted empties them where it happens in main.


class ChangeLine(HelpMixin, CleanTextMixin, BaseModel):
    """A rule that a change request opens or closes for one gateway.

    ``content`` and ``reasons`` have the rule and the flows behind it as they were then: see ``rules.stored``.
    """

    FIXED = _('The lines of a submitted change request cannot be changed.')

    change_request = models.ForeignKey(
        to=ChangeRequest, on_delete=models.CASCADE, related_name='lines', verbose_name=_('change request')
    )
    gateway = models.ForeignKey(
        to=Gateway,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name='change_lines',
        verbose_name=_('gateway'),
        blank=True,
        null=True,
    )
    gateway_name = models.CharField(verbose_name=_('gateway name'), max_length=200)
    action = models.CharField(verbose_name=_('action'), max_length=20, choices=ChangeActionChoices)
    direction = models.CharField(verbose_name=_('direction'), max_length=20, choices=DirectionChoices)
    zone = models.CharField(verbose_name=_('zone'), max_length=50, choices=ZoneChoices)
    rule_key = models.CharField(verbose_name=_('rule ID'), max_length=16)
    content = models.JSONField(verbose_name=_('rule'))
    reasons = models.JSONField(verbose_name=_('reasons'), default=list)

    objects = FixedQuerySet.as_manager()

    class Meta:
        ordering = ('change_request', 'gateway', 'action', 'pk')
        verbose_name = _('change line')
        verbose_name_plural = _('change lines')
        indexes = (models.Index(fields=('rule_key',)),)
        constraints = (
            models.UniqueConstraint(
                fields=('change_request', 'gateway', 'action', 'rule_key'),
                name='netbox_gwports_changeline_unique_rule',
            ),
        )

    def __str__(self):
        return f'{self.get_action_display()} {self.rule_key}'

    def get_absolute_url(self):
        return self.change_request.get_absolute_url()

    def get_action_color(self):
        return ChangeActionChoices.colors.get(self.action)

    def get_direction_color(self):
        return DirectionChoices.colors.get(self.direction)

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)


class SignOffQuerySet(FixedQuerySet):
    def delete(self):
        raise AbortRequest(self.model.FIXED)

    delete.alters_data = True
    # As in Django: not offered by the manager
    delete.queryset_only = True


class SignOff(HelpMixin, CleanTextMixin, BaseModel):
    """A decision or an action that a user vouched for. Append-only: never changed and never deleted.

    Names are kept beside the relations, since the objects may be deleted. ``lines`` are the primary keys of the change
    lines that were implemented or rolled back; ``digest`` identifies what the user saw. ``valid_until`` is a copy, so
    that an approval cannot be extended afterwards.
    """

    FIXED = _('Sign-offs cannot be changed or deleted.')

    kind = models.CharField(verbose_name=_('kind'), max_length=20, choices=SignOffKindChoices)
    # PROTECT: a request that somebody signed stays
    change_request = models.ForeignKey(
        to=ChangeRequest,
        on_delete=models.PROTECT,
        related_name='sign_offs',
        verbose_name=_('change request'),
        blank=True,
        null=True,
    )
    gateway = models.ForeignKey(
        to=Gateway,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name='sign_offs',
        verbose_name=_('gateway'),
        blank=True,
        null=True,
    )
    gateway_name = models.CharField(verbose_name=_('gateway name'), max_length=200, blank=True)
    enforcement_point = models.ForeignKey(
        to=EnforcementPoint,
        on_delete=models.DO_NOTHING,
        db_constraint=False,
        related_name='sign_offs',
        verbose_name=_('enforcement point'),
        blank=True,
        null=True,
    )
    enforcement_point_name = models.CharField(verbose_name=_('enforcement point name'), max_length=200, blank=True)
    lines = ArrayField(base_field=models.BigIntegerField(), verbose_name=_('lines'), blank=True, default=list)
    digest = models.CharField(verbose_name=_('digest'), max_length=64)
    valid_until = models.DateField(verbose_name=_('valid until'), blank=True, null=True)
    user = models.ForeignKey(
        to='users.User', on_delete=models.SET_NULL, related_name='+', verbose_name=_('user'), blank=True, null=True
    )
    user_name = models.CharField(verbose_name=_('user name'), max_length=150)
    origin = models.CharField(
        verbose_name=_('origin'),
        max_length=20,
        choices=SignOffOriginChoices,
        default=SignOffOriginChoices.PERSON,
    )
    note = models.TextField(verbose_name=_('note'), blank=True)
    time = models.DateTimeField(verbose_name=_('time'), auto_now_add=True)

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ('pk',)
        verbose_name = _('sign-off')
        verbose_name_plural = _('sign-offs')
        constraints = (
            models.CheckConstraint(
                condition=models.Q(kind=SignOffKindChoices.REVIEWED, change_request__isnull=True)
                | (~models.Q(kind=SignOffKindChoices.REVIEWED) & models.Q(change_request__isnull=False)),
                name='netbox_gwports_signoff_change_request_or_review',
            ),
        )

    def __str__(self):
        return f'{self.get_kind_display()}: {self.change_request or self.gateway_name}'

    def get_absolute_url(self):
        return reverse('plugins:netbox_gwports:signoff', args=[self.pk])

    def get_kind_color(self):
        return SignOffKindChoices.colors.get(self.kind)

    def get_origin_color(self):
        return SignOffOriginChoices.colors.get(self.origin)

    def save(self, *args, **kwargs):
        if self.pk:
            raise AbortRequest(self.FIXED)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise AbortRequest(self.FIXED)
