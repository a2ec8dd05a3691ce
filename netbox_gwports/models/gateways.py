from dcim.models import Device, Interface
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.fields.related_descriptors import ManyToManyDescriptor
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from ipam.models import FHRPGroup
from netaddr import IPNetwork
from netbox.models import NetBoxModel, OrganizationalModel, PrimaryModel
from netbox.models.features import ContactsMixin

from ..choices import AddressUseChoices, GatewayStatusChoices, ZoneChoices
from ..db import atomic
from ..validators import clean_zones, keyed
from .catalog import GatewayProfile, ProfileFeature
from .mixins import CleanTextMixin, HelpMixin, MachineMixin

__all__ = ('Gateway', 'GatewayAddress', 'GatewayGroup')


class GatewayGroup(HelpMixin, CleanTextMixin, OrganizationalModel):
    """Gateways that share remote endpoints. Those running the same product are peers of each other."""

    class Meta:
        ordering = ('name',)
        verbose_name = _('gateway group')
        verbose_name_plural = _('gateway groups')
        constraints = (
            models.UniqueConstraint(fields=('name',), name='netbox_gwports_gatewaygroup_unique_name'),
            models.UniqueConstraint(fields=('slug',), name='netbox_gwports_gatewaygroup_unique_slug'),
        )


class Gateway(HelpMixin, CleanTextMixin, ContactsMixin, MachineMixin, PrimaryModel):
    """A device or virtual machine that runs the product of a profile with some of its features.

    Its required flows are derived from profile and features by ``reconcile``.
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
        help_text=_('Target release of an upgrade; the flows of both releases are required until it is complete'),
    )
    features = models.ManyToManyField(
        to=ProfileFeature, related_name='gateways', verbose_name=_('features'), blank=True
    )
    # PROTECT: a gateway that drops out of its group would lose its peers and the endpoints of the group
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
            device_taken=_('This device is already a gateway.'),
            virtual_machine_taken=_('This virtual machine is already a gateway.'),
        )
        permissions = (
            ('reconcile', 'Update required flows from the profile'),
            ('review', 'Record reviews of required and open rules'),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # The stored values: a change of profile, next profile or status changes the required flows
        self._stored = self._loaded() if self.pk else None

    def _loaded(self):
        # __dict__, since reading a deferred field here would recurse into refresh_from_db()
        return tuple(self.__dict__.get(name) for name in ('profile_id', 'next_profile_id', 'status'))

    def __str__(self):
        return str(self.machine)

    def get_status_color(self):
        return GatewayStatusChoices.colors.get(self.status)

    def clean(self):
        super().clean()
        if self.next_profile_id and self.next_profile_id == self.profile_id:
            raise ValidationError({
                'next_profile': _('The gateway already runs this release. Select another release or none.')
            })
        if self.status == GatewayStatusChoices.RETIRED and self.pk and self.has_openings():
            raise ValidationError({'status': self.still_open()})

    def has_openings(self) -> bool:
        """Whether rules for it are open on a firewall, required or not."""
        from ..history import has_openings

        return has_openings(self.pk)

    def still_open(self) -> str:
        """Why it can be neither retired nor deleted while it has openings."""
        return _(
            'Rules for {gateway} are still open on a firewall. Set its status to Decommissioning, close the rules and '
            'record that they are closed first.'
        ).format(gateway=self)

    def save(self, *args, **kwargs):
        from ..reconcile import collected, gateway_saved

        # One transaction: the gateway and its flows are written together or not at all
        with atomic(Gateway), collected():
            before = self._stored
            super().save(*args, **kwargs)
            self._stored = self._loaded()
            gateway_saved(self, before)

    def refresh_from_db(self, *args, **kwargs):
        super().refresh_from_db(*args, **kwargs)
        self._stored = self._loaded()


class FeaturesDescriptor(ManyToManyDescriptor):
    """Makes ``features.set()`` a single change.

    Django's set() calls remove(), then add(): flows required by both the old and the new features would be deleted and
    created again, and lose their decisions.
    """

    @cached_property
    def related_manager_cls(self):
        class FeaturesManager(super().related_manager_cls):
            def set(self, objs, **kwargs):
                from ..reconcile import collected

                with atomic(Gateway), collected():
                    super().set(objs, **kwargs)

            set.alters_data = True

        return FeaturesManager


# Only the descriptor is replaced: NetBox compares type(field) with ManyToManyField, which rules out a subclass
Gateway.features = FeaturesDescriptor(Gateway.features.rel)


class GatewayAddress(HelpMixin, CleanTextMixin, NetBoxModel):
    """An IP address of a gateway and the zones it faces."""

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
        help_text=_('Zones this address faces; leave empty for all zones not covered by other addresses'),
    )
    use = models.CharField(
        verbose_name=_('use'), max_length=20, choices=AddressUseChoices, default=AddressUseChoices.BOTH
    )

    # Does not name the owner, which the user may not be permitted to view
    FAULTS = {
        'out_of_band': _('{address} is an out-of-band IP address, which cannot be used as a gateway address.'),
        'link_local': _('{address} is a link-local address, which cannot be used as a gateway address.'),
        'not_member': _(
            '{address} belongs to an FHRP group. Assign the group to an interface of this gateway first, or select '
            'another address.'
        ),
        'foreign': _('{address} belongs to another device or virtual machine, which is only allowed for inbound use.'),
    }

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
        """The display names of the zones."""
        labels = dict(ZoneChoices)
        return [str(labels.get(zone, zone)) for zone in self.zones]

    def clean(self):
        super().clean()
        keyed(self, zones=clean_zones)
        # The gateway may not have been saved yet
        if not self.ip_address_id or getattr(self, 'gateway', None) is None:
            return
        if fault := self.why_not():
            raise ValidationError({'ip_address': self.FAULTS[fault].format(address=self.ip_address)})

    @classmethod
    def fault(cls, use, *, out_of_band, link_local, not_member, foreign):
        """The reason why an address cannot be used, as a key of FAULTS; empty if it can."""
        if out_of_band:
            return 'out_of_band'
        if link_local:
            return 'link_local'
        if not_member:
            return 'not_member'
        return 'foreign' if foreign and use != AddressUseChoices.INBOUND else ''

    def why_not(self):
        """The key in FAULTS of why this address may not be used, or nothing."""
        group = self._fhrp_group()
        return self.fault(
            self.use,
            out_of_band=Device.objects.filter(oob_ip=self.ip_address_id).exists(),
            link_local=IPNetwork(self.ip_address.address).ip.is_link_local(),
            not_member=group is not None and not self._is_member(group),
            foreign=self.is_foreign(),
        )

    def _fhrp_group(self):
        holder = self.ip_address.assigned_object
        return holder if isinstance(holder, FHRPGroup) else None

    def _is_member(self, group):
        machine = self.gateway.machine
        interfaces = (
            Interface.objects.filter(device__in=_chassis(machine))
            if isinstance(machine, Device)
            else machine.interfaces.all()
        )
        return interfaces.filter(fhrp_group_assignments__group=group).exists()

    def is_foreign(self):
        """Whether the address is assigned to an interface of another device or virtual machine.

        The members of a virtual chassis are one machine; an address of an FHRP group is shared, not another's.
        """
        owner = getattr(self.ip_address.assigned_object, 'parent_object', None)
        machine = self.gateway.machine
        if owner is None or owner == machine or self._fhrp_group():
            return False
        return not (isinstance(machine, Device) and isinstance(owner, Device) and owner in _chassis(machine))


def _chassis(device):
    """All devices of the virtual chassis of a device, or the device itself."""
    if device.virtual_chassis_id is None:
        return [device]
    return list(Device.objects.filter(virtual_chassis=device.virtual_chassis_id))
