from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from netbox.models import PrimaryModel

from ..choices import EndpointScopeChoices, ZoneChoices
from ..validators import clean_dns_names, clean_literals, clean_ports, every_address, keyed
from .catalog import RemoteRole
from .gateways import Gateway, GatewayGroup
from .mixins import CleanTextMixin, HelpMixin, dns_names_field, ports_field, zone_field

__all__ = ('RemoteEndpoint',)


class RemoteEndpoint(HelpMixin, CleanTextMixin, PrimaryModel):
    """Who plays a role here: named addresses, prefixes, ranges, devices, virtual machines or host names."""

    # Which list says where an endpoint of each scope applies
    SCOPE_LISTS = {
        EndpointScopeChoices.GATEWAYS: 'gateways',
        EndpointScopeChoices.GROUPS: 'groups',
        EndpointScopeChoices.SITES: 'sites',
    }
    MEMBER_LISTS = ('ip_addresses', 'prefixes', 'ip_ranges', 'devices', 'virtual_machines')
    EVERY_ADDRESS = _('A prefix of every address: use "any address", which needs a justification.')

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
        help_text=_('Each stands for its primary addresses'),
    )
    virtual_machines = models.ManyToManyField(
        to='virtualization.VirtualMachine',
        related_name='gwports_endpoints',
        verbose_name=_('virtual machines'),
        blank=True,
        help_text=_('Each stands for its primary addresses'),
    )
    dns_names = dns_names_field(_('dns_names'), help_text=_('Host names; *.example.net is allowed'))
    literals = ArrayField(
        base_field=models.CharField(max_length=100),
        verbose_name=_('literal addresses'),
        blank=True,
        default=list,
        help_text=_('Addresses, prefixes or ranges (first-last) that do not belong in IPAM'),
    )
    any_address = models.BooleanField(
        verbose_name=_('any address'),
        default=False,
        help_text=_('Anyone in its zone is meant; needs a justification'),
    )
    justification = models.TextField(verbose_name=_('justification'), blank=True)
    ports = ports_field(blank=True, null=True)
    zone = zone_field(blank=True, help_text=_("Where this remote sits, if not in the role's zone"))
    scope = models.CharField(
        verbose_name=_('scope'),
        max_length=20,
        choices=EndpointScopeChoices,
        default=EndpointScopeChoices.EVERYWHERE,
        help_text=_('The narrowest scope that has an endpoint for the role wins'),
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

    clone_fields = ('role', 'ports', 'zone', 'scope', 'gateways', 'groups', 'sites')

    class Meta:
        ordering = ('role', 'name', 'pk')
        verbose_name = _('remote endpoint')
        verbose_name_plural = _('remote endpoints')
        constraints = (
            models.UniqueConstraint(fields=('name',), name='netbox_gwports_remoteendpoint_unique_name'),
            models.CheckConstraint(
                condition=models.Q(any_address=False) | ~models.Q(justification=''),
                name='netbox_gwports_remoteendpoint_any_justified',
                violation_error_message=_('"Any address" needs a justification.'),
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
        if self.ports == []:
            self.ports = None
        keyed(self, dns_names=clean_dns_names, literals=clean_literals, ports=clean_ports)

    @classmethod
    def check_lists(cls, scope, lists):
        """What the database cannot say of the many-to-many lists: raises ValidationError keyed by field.

        ``lists`` maps the names of SCOPE_LISTS and of the prefix members to what they will hold; a name that is
        missing is not changed and not checked.
        """
        errors = {}
        named = cls.SCOPE_LISTS.get(scope)
        for name in cls.SCOPE_LISTS.values():
            if name in lists and lists[name] and name != named:
                errors[name] = _('Leave this empty, or choose it as the scope.')
        if named and named in lists and not lists[named]:
            errors[named] = _('This scope needs at least one: an empty list applies nowhere.')
        if every_address(lists.get('prefixes') or ()):
            errors['prefixes'] = cls.EVERY_ADDRESS
        if errors:
            raise ValidationError(errors)
