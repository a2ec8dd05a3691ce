from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from netbox.models import NetBoxModel, OrganizationalModel, PrimaryModel
from netbox.models.features import ContactsMixin

from ..choices import AddressUseChoices, FlowStatusChoices, GatewayStatusChoices, ZoneChoices
from ..validators import clean_zones, keyed
from .catalog import GatewayProfile, ProfileFeature
from .mixins import CleanTextMixin, HelpMixin, MachineMixin

__all__ = ('Gateway', 'GatewayAddress', 'GatewayGroup')


class GatewayGroup(HelpMixin, CleanTextMixin, OrganizationalModel):
    """Gateways that share endpoints and, where they run the same product, are peers of each other."""

    class Meta:
        ordering = ('name',)
        verbose_name = _('gateway group')
        verbose_name_plural = _('gateway groups')
        constraints = (
            models.UniqueConstraint(fields=('name',), name='netbox_gwports_gatewaygroup_unique_name'),
            models.UniqueConstraint(fields=('slug',), name='netbox_gwports_gatewaygroup_unique_slug'),
        )


class Gateway(HelpMixin, CleanTextMixin, ContactsMixin, MachineMixin, PrimaryModel):
    """A device or virtual machine that runs a profile, with the features in use here.

    Its required flows follow profile and features: see ``reconcile``.
    """

    profile = models.ForeignKey(
        to=GatewayProfile, on_delete=models.PROTECT, related_name='gateways', verbose_name=_('profile')
    )
    next_profile = models.ForeignKey(
        to=GatewayProfile,
        on_delete=models.PROTECT,
        related_name='next_gateways',
        verbose_name=_('next profile'),
        blank=True,
        null=True,
        help_text=_('The release that it is being upgraded to: what both releases need is wanted meanwhile'),
    )
    features = models.ManyToManyField(
        to=ProfileFeature, related_name='gateways', verbose_name=_('features'), blank=True
    )
    # PROTECT: a gateway that left its group by accident would lose its peers and the endpoints of the group
    group = models.ForeignKey(
        to=GatewayGroup,
        on_delete=models.PROTECT,
        related_name='gateways',
        verbose_name=_('group'),
        blank=True,
        null=True,
    )
    tenant = models.ForeignKey(
        to='tenancy.Tenant',
        on_delete=models.PROTECT,
        related_name='gwports_gateways',
        verbose_name=_('tenant'),
        blank=True,
        null=True,
    )
    status = models.CharField(
        verbose_name=_('status'),
        max_length=50,
        choices=GatewayStatusChoices,
        default=GatewayStatusChoices.ACTIVE,
    )

    clone_fields = ('profile', 'features', 'group', 'tenant', 'status')

    class Meta:
        ordering = ('pk',)
        verbose_name = _('gateway')
        verbose_name_plural = _('gateways')
        constraints = MachineMixin.machine_constraints(
            'gateway',
            device_taken=_('This device is a gateway already.'),
            virtual_machine_taken=_('This virtual machine is a gateway already.'),
        )
        permissions = (('reconcile', "Update required flows from the vendor's table"),)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # What the database holds: a changed profile, next profile or status is a change of what is needed
        self._stored = self._loaded() if self.pk else None

    def _loaded(self):
        # __dict__, since reading a deferred field here would load it again and again
        return tuple(self.__dict__.get(name) for name in ('profile_id', 'next_profile_id', 'status'))

    def __str__(self):
        return str(self.machine)

    def get_status_color(self):
        return GatewayStatusChoices.colors.get(self.status)

    def clean(self):
        super().clean()
        if self.next_profile_id and self.next_profile_id == self.profile_id:
            raise ValidationError({'next_profile': _('It runs this release already: choose another, or none.')})
        if self.status == GatewayStatusChoices.RETIRED and self.pk and self.open_flows().exists():
            raise ValidationError({
                'status': _(
                    'Openings of this gateway are not closed yet: set it to decommissioning, close them, '
                    'set their flows to retired, then retire the gateway.'
                )
            })

    def open_flows(self):
        """Flows for which something may be open on a firewall."""
        return self.flows.filter(status__in=FlowStatusChoices.OPEN)

    def save(self, *args, **kwargs):
        from ..reconcile import collected, gateway_saved

        # One transaction: the gateway and its flows become visible together or not at all
        with transaction.atomic(), collected():
            before = self._stored
            super().save(*args, **kwargs)
            self._stored = self._loaded()
            gateway_saved(self, before)

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._stored = self._loaded()


class FeaturesDescriptor(ManyToManyDescriptor):
    """Makes ``features.set()`` one change.

    Django's set() is remove() then add(): without this, flows that both sets of features need would be deleted
    and made again, and lose what people wrote.
    """

    @cached_property
    def related_manager_cls(self):
        class FeaturesManager(super().related_manager_cls):
            def set(self, objs, **kwargs):
                from ..reconcile import collected

                with transaction.atomic(), collected():
                    super().set(objs, **kwargs)

            set.alters_data = True

        return FeaturesManager


# Only the descriptor: NetBox compares type(field) with ManyToManyField, so a subclass of the field would not do
Gateway.features = FeaturesDescriptor(Gateway.features.rel)


class GatewayAddress(HelpMixin, CleanTextMixin, NetBoxModel):
    """An IP address of a gateway and the zones that it faces."""

    gateway = models.ForeignKey(
        to=Gateway, on_delete=models.CASCADE, related_name='addresses', verbose_name=_('gateway')
    )
    ip_address = models.ForeignKey(
        to='ipam.IPAddress',
        on_delete=models.PROTECT,
        related_name='gwports_gateway_addresses',
        verbose_name=_('IP address'),
    )
    zones = ArrayField(
        base_field=models.CharField(max_length=50, choices=ZoneChoices),
        verbose_name=_('zones'),
        blank=True,
        default=list,
        help_text=_('Zones that it faces; none: every zone that no other address of the gateway faces'),
    )
    use = models.CharField(
        verbose_name=_('use'), max_length=20, choices=AddressUseChoices, default=AddressUseChoices.BOTH
    )

    clone_fields = ('gateway', 'zones', 'use')

    class Meta:
        ordering = ('gateway', 'pk')
        verbose_name = _('gateway address')
        verbose_name_plural = _('gateway addresses')
        constraints = (
            models.UniqueConstraint(
                fields=('gateway', 'ip_address'), name='netbox_gwports_gatewayaddress_unique_gateway_ip_address'
            ),
        )

    def __str__(self):
        return str(self.ip_address)

    def get_use_color(self):
        return AddressUseChoices.colors.get(self.use)

    @property
    def zone_labels(self):
        """The zones as people read them."""
        labels = dict(ZoneChoices)
        return [str(labels.get(zone, zone)) for zone in self.zones]

    def clean(self):
        super().clean()
        keyed(self, zones=clean_zones)
        # Within a gateway that is being made, the gateway has no key yet
        if not self.ip_address_id or getattr(self, 'gateway', None) is None:
            return
        if getattr(self.gateway.machine, 'oob_ip_id', None) == self.ip_address_id:
            raise ValidationError({'ip_address': _('The out-of-band address is never an address of the gateway.')})
        if self.use != AddressUseChoices.INBOUND and self.is_foreign():
            raise ValidationError({
                # Not whose it is: who writes this may not be allowed to see that
                'ip_address': _(
                    '{address} belongs to another device or virtual machine: only an address for inbound use may.'
                ).format(address=self.ip_address)
            })

    def is_foreign(self):
        """Whether the address is assigned to an interface of another device or virtual machine."""
        owner = getattr(self.ip_address.assigned_object, 'parent_object', None)
        if owner is None or owner == self.gateway.machine:
            return False
        # An address of an FHRP group names the group as its parent; it is shared, not another's
        return owner._meta.model_name in ('device', 'virtualmachine')
