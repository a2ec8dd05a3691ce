from django.contrib.postgres.indexes import GistIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel
from utilities.querysets import RestrictedQuerySet

from ..choices import FlowStatusChoices, GatewayStatusChoices
from ..replay import is_replaying
from .catalog import FlowTemplate, ProfileFeature, RemoteRole
from .endpoints import RemoteEndpoint
from .gateways import Gateway
from .mixins import CleanTextMixin, FlowFactsMixin, HelpMixin, port_ranges_field, ports_field

__all__ = ('ONE_AT_A_TIME', 'RequiredFlow')

ONE_AT_A_TIME = _(
    'The status of waived or rejected flows can only be changed one flow at a time, with a new justification.'
)


class RequiredFlowQuerySet(RestrictedQuerySet):
    def needed(self, today=None):
        """Flows that produce rules: required, not expired, of a gateway that is not retired (see ``is_needed``)."""
        today = today or timezone.localdate()
        return self.filter(
            models.Q(valid_until=None) | models.Q(valid_until__gte=today), status=FlowStatusChoices.REQUIRED
        ).exclude(gateway__status=GatewayStatusChoices.RETIRED)


class RequiredFlow(HelpMixin, CleanTextMixin, FlowFactsMixin, PrimaryModel):
    """A flow that one gateway requires, created from a flow template or manually. A reason for rules, not a rule.

    Its properties are copies: rules are computed from the flow, never from the template. ``template_values`` keeps the
    values last copied from the template, to tell local edits from changes by the vendor.
    """

    gateway = models.ForeignKey(to=Gateway, on_delete=models.CASCADE, related_name='flows', verbose_name=_('gateway'))
    template = models.ForeignKey(
        to=FlowTemplate,
        on_delete=models.PROTECT,
        related_name='flows',
        verbose_name=_('flow template'),
        blank=True,
        null=True,
        help_text=_('Empty for a flow that was created manually'),
    )
    name = models.CharField(verbose_name=_('name'), max_length=100, help_text=_('Name of the service'))
    application_protocol = models.CharField(verbose_name=_('application protocol'), max_length=50, blank=True)
    ports = ports_field(default=list)
    port_ranges = port_ranges_field()
    remote_role = models.ForeignKey(
        to=RemoteRole, on_delete=models.PROTECT, related_name='flows', verbose_name=_('remote role')
    )
    feature = models.ForeignKey(
        to=ProfileFeature,
        on_delete=models.PROTECT,
        related_name='flows',
        verbose_name=_('feature'),
        blank=True,
        null=True,
    )
    clear_text = models.BooleanField(
        verbose_name=_('clear text'), default=False, help_text=_('Traffic is not encrypted')
    )
    # Protected by signals.endpoint_deleted, since a many-to-many field has no on_delete
    endpoints = models.ManyToManyField(
        to=RemoteEndpoint,
        related_name='flows',
        verbose_name=_('endpoints'),
        blank=True,
        help_text=_('Used instead of the endpoints assigned to the remote role'),
    )
    status = models.CharField(
        verbose_name=_('status'), max_length=20, choices=FlowStatusChoices, default=FlowStatusChoices.REQUIRED
    )
    justification = models.TextField(verbose_name=_('justification'), blank=True)
    mitigation = models.TextField(
        verbose_name=_('mitigation'), blank=True, help_text=_('How unencrypted traffic is protected')
    )
    valid_until = models.DateField(
        verbose_name=_('valid until'), blank=True, null=True, help_text=_('Last day on which the flow is required')
    )
    template_values = models.JSONField(blank=True, default=dict, editable=False)
    status_before_withdrawal = models.CharField(max_length=20, choices=FlowStatusChoices, blank=True, editable=False)

    # Whether it was waived or rejected and no longer is: set by clean(), for ways to change several flows at once
    is_overruled = False

    objects = RequiredFlowQuerySet.as_manager()

    clone_fields = (
        'gateway', 'name', 'application_protocol', 'ports', 'direction', 'remote_role', 'zone', 'purpose', 'direct',
        'clear_text',
    )  # fmt: skip

    class Meta:
        ordering = ('gateway', 'template__row', 'template__item', 'name', 'pk')
        verbose_name = _('required flow')
        verbose_name_plural = _('required flows')
        indexes = (GistIndex(fields=('port_ranges',)),)
        constraints = (
            models.UniqueConstraint(
                fields=('gateway', 'template'), name='netbox_gwports_requiredflow_unique_gateway_template'
            ),
            models.CheckConstraint(
                condition=~models.Q(status__in=FlowStatusChoices.JUSTIFIED) | ~models.Q(justification=''),
                name='netbox_gwports_requiredflow_justified',
                violation_error_message=_('A waived or rejected flow requires a justification.'),
            ),
        )

    def __str__(self):
        return f'{self.name}: {self.purpose}'

    def get_status_color(self):
        return FlowStatusChoices.colors.get(self.status)

    def is_needed(self, today=None) -> bool:
        """Whether the flow gives rules: ``RequiredFlowQuerySet.needed`` for one flow, saved or not."""
        today = today or timezone.localdate()
        return (
            self.status == FlowStatusChoices.REQUIRED
            and (self.valid_until is None or self.valid_until >= today)
            and self.gateway.status != GatewayStatusChoices.RETIRED
        )

    def clean(self):
        super().clean()
        # A flow from a template keeps the feature of the previous release when it is withdrawn
        if (
            self.feature
            and not self.template_id
            and self.gateway_id
            and self.feature.profile_id != self.gateway.profile_id
        ):
            raise ValidationError({'feature': _("Select a feature of the gateway's profile.")})
        self._clean_decision()

    @property
    def decision(self) -> str:
        """The status that it has apart from being withdrawn, which is no decision about the need."""
        return self.status_before_withdrawal if self.status == FlowStatusChoices.WITHDRAWN else self.status

    def is_kept_from(self, status: str) -> bool:
        """Whether it is waived or rejected and this status would change that, which is done to one flow at a time."""
        return self.decision in FlowStatusChoices.JUSTIFIED and status != self.decision

    def _clean_decision(self):
        # Null is reported by clean_fields()
        justification = (self.justification or '').strip()
        if self.status in FlowStatusChoices.JUSTIFIED and not justification:
            raise ValidationError({
                'justification': _('A {status} flow requires a justification.').format(
                    status=str(self.get_status_display()).lower()
                )
            })
        stored = RequiredFlow.objects.filter(pk=self.pk).first() if self.pk else None
        # A branch that is merged or reverted repeats decisions
        self.is_overruled = stored is not None and stored.is_kept_from(self.decision) and not is_replaying()
        if self.is_overruled and justification in ('', stored.justification.strip()):
            raise ValidationError({
                'justification': _('This flow is {status}. Enter a new justification to change its status.').format(
                    status=str(dict(FlowStatusChoices)[stored.decision]).lower()
                )
            })

    def save(self, *args, **kwargs):
        if self.status != FlowStatusChoices.WITHDRAWN:
            self.status_before_withdrawal = ''
        super().save(*args, **kwargs)
