from dataclasses import replace

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from netaddr import IPNetwork
from netbox.models import PrimaryModel

from ..choices import EndpointScopeChoices, ZoneChoices
from ..rules.addresses import Address, Vrf, covered_families, parse
from ..validators import clean_dns_names, clean_literals, clean_port_map, every_address, keyed
from .catalog import RemoteRole
from .gateways import Gateway, GatewayGroup
from .mixins import CleanTextMixin, HelpMixin, dns_names_field, zone_field

__all__ = ('RemoteEndpoint', 'interval', 'literal_addresses')


class RemoteEndpoint(HelpMixin, CleanTextMixin, PrimaryModel):
    """Named addresses, prefixes, ranges, devices, virtual machines or DNS names that play a remote role here."""

    # The field that holds the assignments of each scope
    SCOPE_LISTS = {
        EndpointScopeChoices.GATEWAYS: 'gateways',
        EndpointScopeChoices.GROUPS: 'groups',
        EndpointScopeChoices.SITES: 'sites',
    }
    MEMBER_LISTS = ('ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines')
    ADDRESS_LISTS = ('ip_addresses', 'prefixes', 'ip_ranges')
    EVERY_ADDRESS = _('This prefix contains every address. Use "any address" and enter a justification instead.')
    TOGETHER_EVERY_ADDRESS = _(
        'Together the members contain every address of a family. Use "any address" and enter a justification instead.'
    )

    name = models.CharField(verbose_name=_('name'), max_length=100)
    role = models.ForeignKey(to=RemoteRole, on_delete=models.PROTECT, related_name='endpoints', verbose_name=_('role'))
    ip_addresses = models.ManyToManyField(
        to='ipam.IPAddress', related_name='gwports_endpoints', verbose_name=_('IP addresses'), blank=True
    )
    prefixes = models.ManyToManyField(
        to='ipam.Prefix', related_name='gwports_endpoints', verbose_name=_('prefixes'), blank=True
    )
    ip_ranges = models.ManyToManyField(
        to='ipam.IPRange', related_name='gwports_endpoints', verbose_name=_('IP ranges'), blank=True
    )
    devices = models.ManyToManyField(
        to='dcim.Device',
        related_name='gwports_endpoints',
        verbose_name=_('devices'),
        blank=True,
        help_text=_('The primary IP addresses of each are used'),
    )
    virtual_machines = models.ManyToManyField(
        to='virtualization.VirtualMachine',
        related_name='gwports_endpoints',
        verbose_name=_('virtual machines'),
        blank=True,
        help_text=_('The primary IP addresses of each are used'),
    )
    dns_names = dns_names_field(
        _('DNS names'), help_text=_('Fully qualified names; wildcards such as *.example.net are allowed')
    )
    literals = ArrayField(
        base_field=models.CharField(max_length=100),
        verbose_name=_('literal addresses'),
        blank=True,
        default=list,
        help_text=_('Addresses, prefixes or ranges (first-last) that are not recorded in IPAM'),
    )
    # PROTECT: without it the literals would be other addresses
    vrf = models.ForeignKey(
        to='ipam.VRF',
        on_delete=models.PROTECT,
        related_name='gwports_endpoints',
        verbose_name=_('VRF'),
        blank=True,
        null=True,
        help_text=_('VRF of the literal addresses; leave empty for the global table'),
    )
    any_address = models.BooleanField(
        verbose_name=_('any address'),
        default=False,
        help_text=_('Any address in the zone; requires a justification'),
    )
    justification = models.TextField(verbose_name=_('justification'), blank=True)
    port_map = ArrayField(
        base_field=models.CharField(max_length=50),
        verbose_name=_('port mapping'),
        blank=True,
        default=list,
        help_text=_(
            'Ports of the vendor and the ports to use instead for outbound flows to this remote, e.g. '
            'tcp/22=tcp/2222; other ports are not changed'
        ),
    )
    zone = zone_field(blank=True, help_text=_("Zone of this remote if it differs from the role's"))
    scope = models.CharField(
        verbose_name=_('scope'),
        max_length=20,
        choices=EndpointScopeChoices,
        default=EndpointScopeChoices.EVERYWHERE,
        help_text=_('The most specific scope that has an endpoint for the role applies'),
    )
    gateways = models.ManyToManyField(
        to=Gateway, related_name='scoped_endpoints', verbose_name=_('gateways'), blank=True
    )
    groups = models.ManyToManyField(
        to=GatewayGroup, related_name='scoped_endpoints', verbose_name=_('gateway groups'), blank=True
    )
    sites = models.ManyToManyField(
        to='dcim.Site', related_name='gwports_endpoints', verbose_name=_('sites'), blank=True
    )

    clone_fields = ('role', 'vrf', 'port_map', 'zone', 'scope', 'gateways', 'groups', 'sites')

    class Meta:
        ordering = ('role', 'name', 'pk')
        verbose_name = _('remote endpoint')
        verbose_name_plural = _('remote endpoints')
        constraints = (
            models.UniqueConstraint(fields=('name',), name='netbox_gwports_remoteendpoint_unique_name'),
            models.CheckConstraint(
                condition=models.Q(any_address=False) | ~models.Q(justification=''),
                name='netbox_gwports_remoteendpoint_any_justified',
                violation_error_message=_('"Any address" requires a justification.'),
            ),
        )

    def __str__(self):
        return self.name

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)

    def get_scope_color(self):
        return EndpointScopeChoices.colors.get(self.scope)

    def clean(self):
        super().clean()
        keyed(self, dns_names=clean_dns_names, literals=clean_literals, port_map=clean_port_map)
        if self._covering(self.address_lists()):
            raise ValidationError({'literals': self.TOGETHER_EVERY_ADDRESS})

    @classmethod
    def check_lists(cls, scope, lists):
        """Validate the many-to-many fields, which database constraints cannot cover.

        ``lists`` maps the fields of SCOPE_LISTS and ADDRESS_LISTS, ``literals`` and ``vrf`` to their future contents; a
        field that is missing is not checked. Raises ValidationError keyed by field.
        """
        errors = {}
        named = cls.SCOPE_LISTS.get(scope)
        for name in cls.SCOPE_LISTS.values():
            if name in lists and lists[name] and name != named:
                errors[name] = _('Leave this field empty or select the matching scope.')
        if named and named in lists and not lists[named]:
            errors[named] = _('Select at least one object for this scope.')
        if every_address(lists.get('prefixes') or ()):
            errors['prefixes'] = cls.EVERY_ADDRESS
        elif name := cls._covering(lists):
            errors[name] = cls.TOGETHER_EVERY_ADDRESS
        if errors:
            raise ValidationError(errors)

    @classmethod
    def _covering(cls, lists):
        """The first of the lists that is there, if what they hold is together every address of a family."""
        addresses = [interval(member) for name in cls.ADDRESS_LISTS for member in lists.get(name) or ()]
        addresses += literal_addresses(lists.get('literals') or (), lists.get('vrf'))
        if not covered_families(addresses):
            return None
        return next(name for name in (*cls.ADDRESS_LISTS, 'literals') if lists.get(name))

    def address_lists(self):
        """The members that are addresses, as ``check_lists`` takes them: as they are stored, literals as they are."""
        stored = {name: list(getattr(self, name).all()) if self.pk else [] for name in self.ADDRESS_LISTS}
        return stored | {'literals': self.literals, 'vrf': self.vrf}


def interval(member) -> Address:
    """An IPAddress, a Prefix or an IPRange as the addresses that it stands for."""
    vrf = Vrf(member.vrf_id, '') if member.vrf_id else None
    kind = member._meta.model_name
    if kind == 'iprange':
        first, last = IPNetwork(member.start_address), IPNetwork(member.end_address)
        return Address(first.version, int(first.ip), int(last.ip), vrf)
    if kind == 'prefix':
        network = IPNetwork(member.prefix)
        return Address(network.version, network.first, network.last, vrf)
    host = IPNetwork(member.address)
    return Address(host.version, int(host.ip), int(host.ip), vrf)


def literal_addresses(literals, vrf=None) -> list[Address]:
    """Literal addresses (valid ones) in the VRF of their endpoint."""
    vrf = Vrf(vrf.pk, str(vrf)) if vrf else None
    return [replace(parse(text), vrf=vrf) for text in literals]
