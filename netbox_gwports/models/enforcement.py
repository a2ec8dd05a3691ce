from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from netbox.models import NetBoxModel, PrimaryModel

from ..choices import ZoneChoices
from ..export_formats import formats
from ..validators import clean_firewall_name, every_address, keyed
from ..visible import through
from .gateways import Gateway, GatewayGroup
from .mixins import CleanTextMixin, HelpMixin, MachineMixin, zone_field

__all__ = ('EnforcementPoint', 'EnforcementZone', 'served_by', 'serving')


class EnforcementPoint(HelpMixin, CleanTextMixin, MachineMixin, PrimaryModel):
    """A firewall between gateways and one or more zones."""

    groups = models.ManyToManyField(
        to=GatewayGroup,
        related_name='enforcement_points',
        verbose_name=_('gateway groups'),
        blank=True,
        help_text=_('Groups whose gateways are behind this firewall'),
    )
    gateways = models.ManyToManyField(
        to=Gateway,
        related_name='enforcement_points',
        verbose_name=_('gateways'),
        blank=True,
        help_text=_('Individual gateways behind this firewall'),
    )
    format_name = models.CharField(
        verbose_name=_('format'), max_length=50, blank=True, help_text=_('Default format for exported rules')
    )
    gateway_zone = models.CharField(
        verbose_name=_('gateway zone'),
        max_length=63,
        blank=True,
        help_text=_("Name of the gateways' zone in the firewall configuration"),
    )
    gateway_interface = models.CharField(
        verbose_name=_('gateway interface'),
        max_length=63,
        blank=True,
        help_text=_('Name of the interface facing the gateways in the firewall configuration'),
    )

    clone_fields = ('groups', 'gateways', 'format_name', 'gateway_zone', 'gateway_interface')

    class Meta:
        ordering = ('pk',)
        verbose_name = _('enforcement point')
        verbose_name_plural = _('enforcement points')
        constraints = MachineMixin.machine_constraints(
            'enforcementpoint',
            device_taken=_('This device is already an enforcement point.'),
            virtual_machine_taken=_('This virtual machine is already an enforcement point.'),
        )

    def __str__(self):
        return str(self.machine)

    def clean(self):
        super().clean()
        keyed(self, gateway_zone=clean_firewall_name, gateway_interface=clean_firewall_name)
        if self.format_name:
            if self.format_name not in formats():
                raise ValidationError({
                    'format_name': _('Unknown format. Available formats: {names}.').format(names=', '.join(formats()))
                })

    def served(self):
        """A queryset of the gateways behind this firewall, assigned individually or through their group."""
        return Gateway.objects.filter(served_by([self]))


def served_by(points, user=None):
    """A Q of Gateway: assigned to one of these enforcement points, individually or through a group.

    Only groups that the user may view count.
    """
    points = models.Q(pk__in=[getattr(point, 'pk', point) for point in points])
    return through(Gateway, 'enforcement_points', points, user) | through(
        Gateway, 'group__enforcement_points', points, user
    )


def serving(gateways, user=None):
    """A Q of EnforcementPoint: one of these gateways is behind it, individually or through a group.

    Only groups that the user may view count.
    """
    gateways = models.Q(pk__in=[getattr(gateway, 'pk', gateway) for gateway in gateways])
    return through(EnforcementPoint, 'gateways', gateways, user) | through(
        EnforcementPoint, 'groups__gateways', gateways, user
    )


class EnforcementZone(HelpMixin, CleanTextMixin, NetBoxModel):
    """A zone as configured on one enforcement point."""

    EVERY_ADDRESS = _('This prefix contains every address. Select the networks in this zone, or leave the list empty.')

    enforcement_point = models.ForeignKey(
        to=EnforcementPoint, on_delete=models.CASCADE, related_name='zones', verbose_name=_('enforcement point')
    )
    zone = zone_field()
    separated = models.BooleanField(
        verbose_name=_('separated'),
        default=True,
        help_text=_('The firewall filters traffic between the gateways and this zone'),
    )
    name = models.CharField(
        verbose_name=_('name'), max_length=63, blank=True, help_text=_('Name of the zone in the firewall configuration')
    )
    interface = models.CharField(
        verbose_name=_('interface'),
        max_length=63,
        blank=True,
        help_text=_('Name of the interface facing the zone in the firewall configuration'),
    )
    gateway_zone = models.CharField(
        verbose_name=_('gateway zone'),
        max_length=63,
        blank=True,
        help_text=_(
            "Name of the gateways' zone for traffic with this zone, if it is not that of the enforcement point"
        ),
    )
    gateway_interface = models.CharField(
        verbose_name=_('gateway interface'),
        max_length=63,
        blank=True,
        help_text=_(
            'Interface facing the gateways for traffic with this zone, if it is not that of the enforcement point'
        ),
    )
    prefixes = models.ManyToManyField(
        to='ipam.Prefix',
        related_name='gwports_enforcement_zones',
        verbose_name=_('prefixes'),
        blank=True,
        help_text=_('Networks in this zone'),
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
        keyed(
            self,
            name=clean_firewall_name,
            interface=clean_firewall_name,
            gateway_zone=clean_firewall_name,
            gateway_interface=clean_firewall_name,
        )

    @classmethod
    def check_prefixes(cls, prefixes):
        """Validate prefixes before they are assigned to a zone; raises ValidationError."""
        if every_address(prefixes):
            raise ValidationError(cls.EVERY_ADDRESS)
