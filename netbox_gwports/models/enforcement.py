from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from netbox.models import NetBoxModel, PrimaryModel

from ..choices import ZoneChoices
from ..validators import clean_firewall_name, every_address, keyed
from ..visible import through
from .gateways import Gateway, GatewayGroup
from .mixins import CleanTextMixin, HelpMixin, MachineMixin, zone_field

__all__ = ('EnforcementPoint', 'EnforcementZone', 'served_by', 'serving')


class EnforcementPoint(HelpMixin, CleanTextMixin, MachineMixin, PrimaryModel):
    """A firewall between some gateways and some zones."""

    groups = models.ManyToManyField(
        to=GatewayGroup,
        related_name='enforcement_points',
        verbose_name=_('gateway groups'),
        blank=True,
        help_text=_('It serves every gateway of these groups'),
    )
    gateways = models.ManyToManyField(
        to=Gateway,
        related_name='enforcement_points',
        verbose_name=_('gateways'),
        blank=True,
        help_text=_('It serves these gateways, whatever their group'),
    )
    format_name = models.CharField(
        verbose_name=_('format'), max_length=50, blank=True, help_text=_('Configuration format of its exports')
    )
    gateway_zone = models.CharField(
        verbose_name=_('gateway zone'),
        max_length=63,
        blank=True,
        help_text=_('Name of the zone of the gateways in its configuration'),
    )
    gateway_interface = models.CharField(
        verbose_name=_('gateway interface'),
        max_length=63,
        blank=True,
        help_text=_('Name of the interface towards the gateways in its configuration'),
    )

    clone_fields = ('groups', 'gateways', 'format_name', 'gateway_zone', 'gateway_interface')

    class Meta:
        ordering = ('pk',)
        verbose_name = _('enforcement point')
        verbose_name_plural = _('enforcement points')
        constraints = MachineMixin.machine_constraints(
            'enforcementpoint',
            device_taken=_('This device is an enforcement point already.'),
            virtual_machine_taken=_('This virtual machine is an enforcement point already.'),
        )

    def __str__(self):
        return str(self.machine)

    def clean(self):
        super().clean()
        keyed(self, gateway_zone=clean_firewall_name, gateway_interface=clean_firewall_name)
        if self.format_name:
            from ..exports import formats

            if self.format_name not in formats():
                raise ValidationError({'format_name': _('Choose one of {names}.').format(names=', '.join(formats()))})

    def served(self):
        """A queryset of the gateways that it serves: those that it names, and those of its groups."""
        return Gateway.objects.filter(served_by([self]))


def served_by(points, user=None):
    """A Q of Gateway: one of these enforcement points names it, or a group of it that the user may view."""
    points = models.Q(pk__in=[getattr(point, 'pk', point) for point in points])
    return through(Gateway, 'enforcement_points', points, user) | through(
        Gateway, 'group__enforcement_points', points, user
    )


def serving(gateways, user=None):
    """A Q of EnforcementPoint: it serves one of these gateways, by itself or with a group that the user may view."""
    gateways = models.Q(pk__in=[getattr(gateway, 'pk', gateway) for gateway in gateways])
    return through(EnforcementPoint, 'gateways', gateways, user) | through(
        EnforcementPoint, 'groups__gateways', gateways, user
    )


class EnforcementZone(HelpMixin, CleanTextMixin, NetBoxModel):
    """A zone as one firewall knows it."""

    EVERY_ADDRESS = _('A prefix of every address: name the networks behind this zone, or none.')

    enforcement_point = models.ForeignKey(
        to=EnforcementPoint, on_delete=models.CASCADE, related_name='zones', verbose_name=_('enforcement point')
    )
    zone = zone_field()
    separated = models.BooleanField(
        verbose_name=_('separated'),
        default=True,
        help_text=_('It stands between the gateways and this zone; no: only the networks are known here'),
    )
    name = models.CharField(
        verbose_name=_('name'), max_length=63, blank=True, help_text=_('Name of the zone in its configuration')
    )
    interface = models.CharField(
        verbose_name=_('interface'),
        max_length=63,
        blank=True,
        help_text=_('Name of the interface towards the zone in its configuration'),
    )
    prefixes = models.ManyToManyField(
        to='ipam.Prefix',
        related_name='gwports_enforcement_zones',
        verbose_name=_('prefixes'),
        blank=True,
        help_text=_('Networks behind the zone'),
    )

    clone_fields = ('enforcement_point', 'separated')

    class Meta:
        ordering = ('enforcement_point', 'zone', 'pk')
        verbose_name = _('enforcement zone')
        verbose_name_plural = _('enforcement zones')
        constraints = (
            models.UniqueConstraint(
                fields=('enforcement_point', 'zone'), name='netbox_gwports_enforcementzone_unique_point_zone'
            ),
        )

    def __str__(self):
        return self.get_zone_display()

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)

    def clean(self):
        super().clean()
        keyed(self, name=clean_firewall_name, interface=clean_firewall_name)

    @classmethod
    def check_prefixes(cls, prefixes):
        """What the database cannot say of the prefixes that a zone is to have: raises ValidationError."""
        if every_address(prefixes):
            raise ValidationError(cls.EVERY_ADDRESS)
