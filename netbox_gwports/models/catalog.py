from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _
from netbox.models import OrganizationalModel, PrimaryModel
from netbox.models.features import SyncedDataMixin

from ..choices import RemoteRoleKindChoices, ZoneChoices
from ..validators import clean_dns_names, clean_ports, keyed
from .mixins import CleanTextMixin, FlowFactsMixin, HelpMixin, port_ranges_field, ports_field, zone_field

__all__ = ('FlowTemplate', 'GatewayProfile', 'GatewayService', 'ProfileFeature', 'RemoteRole')


class GatewayProfile(HelpMixin, CleanTextMixin, SyncedDataMixin, PrimaryModel):
    """One release of one gateway product, as its vendor documents it.

    Bound to a data file, it is what the catalog in that file says.
    """

    manufacturer = models.ForeignKey(
        to='dcim.Manufacturer',
        on_delete=models.PROTECT,
        related_name='gwports_profiles',
        verbose_name=_('manufacturer'),
    )
    name = models.CharField(verbose_name=_('name'), max_length=100, help_text=_('The product'))
    version = models.CharField(verbose_name=_('version'), max_length=50, help_text=_('The release'))
    slug = models.SlugField(verbose_name=_('slug'), max_length=100, unique=True)
    source_url = models.URLField(
        verbose_name=_('source URL'), max_length=500, blank=True, help_text=_("The vendor's page")
    )
    published = models.DateField(
        verbose_name=_('published'), blank=True, null=True, help_text=_('When the vendor published it')
    )
    partial = models.CharField(
        verbose_name=_('partial'),
        max_length=200,
        blank=True,
        help_text=_("What is missing of the vendor's table; empty: it is complete"),
    )

    clone_fields = ('manufacturer', 'name', 'source_url')

    class Meta:
        ordering = ('manufacturer', 'name', 'version', 'pk')
        verbose_name = _('gateway profile')
        verbose_name_plural = _('gateway profiles')
        constraints = (
            models.UniqueConstraint(
                fields=('manufacturer', 'name', 'version'),
                name='netbox_gwports_gatewayprofile_unique_release',
            ),
            # A named constraint, since REST skips the uniqueness that a field declares
            models.UniqueConstraint(fields=('slug',), name='netbox_gwports_gatewayprofile_unique_slug'),
        )
        permissions = (('import', 'Import catalogs'),)

    # What was read from the data file, until it is saved
    _read = None

    def __str__(self):
        return f'{self.name} {self.version}'

    def sync_data(self):
        from ..loading.bound import read_bound

        self._read = read_bound(self)

    def save(self, *args, **kwargs):
        from ..loading.bound import load_bound, lock_catalogs

        read, self._read = self._read, None
        # One transaction: the profile and everything that the catalog says change together or not at all
        with transaction.atomic():
            if read:
                lock_catalogs()
            super().save(*args, **kwargs)
            if read:
                load_bound(self, read)


class ProfileFeature(HelpMixin, CleanTextMixin, PrimaryModel):
    """An optional capability of a product; a need can depend on it.

    A feature is in use only together with all its parents (Full mode implies the mode itself).
    """

    profile = models.ForeignKey(
        to=GatewayProfile, on_delete=models.CASCADE, related_name='features', verbose_name=_('profile')
    )
    name = models.CharField(verbose_name=_('name'), max_length=100)
    slug = models.SlugField(verbose_name=_('slug'), max_length=100)
    group = models.CharField(
        verbose_name=_('group'),
        max_length=100,
        blank=True,
        help_text=_('Heading under which forms show it, e.g. "Directory (choose one)"'),
    )
    # RESTRICT, not PROTECT: a whole profile can still be deleted, a feature that others build on cannot
    parent = models.ForeignKey(
        to='self',
        on_delete=models.RESTRICT,
        related_name='children',
        verbose_name=_('parent'),
        blank=True,
        null=True,
        help_text=_('In use only together with it'),
    )
    enabled_by_default = models.BooleanField(
        verbose_name=_('enabled by default'),
        default=False,
        help_text=_('In use where a gateway is made without saying its features'),
    )

    clone_fields = ('profile', 'group', 'parent', 'enabled_by_default')

    class Meta:
        ordering = ('profile', 'group', 'name', 'pk')
        verbose_name = _('profile feature')
        verbose_name_plural = _('profile features')
        constraints = (
            models.UniqueConstraint(
                fields=('profile', 'slug'), name='netbox_gwports_profilefeature_unique_profile_slug'
            ),
            models.UniqueConstraint(
                fields=('profile', 'name'), name='netbox_gwports_profilefeature_unique_profile_name'
            ),
        )

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        if self.parent and self.profile_id and self.parent.profile_id != self.profile_id:
            raise ValidationError({'parent': _('Choose a feature of the same profile.')})
        ancestor, seen = self.parent, set()
        while ancestor and ancestor.pk not in seen:
            if ancestor.pk == self.pk:
                raise ValidationError({'parent': _('A feature cannot be its own parent or ancestor.')})
            seen.add(ancestor.pk)
            ancestor = ancestor.parent


class GatewayService(HelpMixin, CleanTextMixin, PrimaryModel):
    """An application protocol on transport ports, as a product speaks it (DNS on tcp/53 and udp/53)."""

    profile = models.ForeignKey(
        to=GatewayProfile, on_delete=models.CASCADE, related_name='services', verbose_name=_('profile')
    )
    name = models.CharField(verbose_name=_('name'), max_length=100)
    application_protocol = models.CharField(
        verbose_name=_('application protocol'), max_length=50, blank=True, help_text=_('HTTPS, SMTP, DNS…')
    )
    ports = ports_field(default=list)
    port_ranges = port_ranges_field()
    clear_text = models.BooleanField(
        verbose_name=_('clear text'), default=False, help_text=_('Anyone on the way can read it')
    )

    clone_fields = ('profile', 'application_protocol', 'ports', 'clear_text')

    class Meta:
        ordering = ('profile', 'name', 'pk')
        verbose_name = _('gateway service')
        verbose_name_plural = _('gateway services')
        constraints = (
            models.UniqueConstraint(
                fields=('profile', 'name'), name='netbox_gwports_gatewayservice_unique_profile_name'
            ),
        )

    def __str__(self):
        return self.name

    def clean(self):
        super().clean()
        keyed(self, ports=clean_ports)


class RemoteRole(HelpMixin, CleanTextMixin, OrganizationalModel):
    """Who is at the other end, in general: DNS servers, administrators, peer gateways.

    Shared between products by its slug, and site data once created: a catalog creates missing roles and never
    changes existing ones.
    """

    zone = zone_field(help_text=_('Where this remote sits as seen from the gateway'))
    kind = models.CharField(
        verbose_name=_('kind'),
        max_length=20,
        choices=RemoteRoleKindChoices,
        default=RemoteRoleKindChoices.NAMED,
    )

    clone_fields = ('zone', 'kind')

    class Meta:
        ordering = ('name',)
        verbose_name = _('remote role')
        verbose_name_plural = _('remote roles')
        constraints = (
            models.UniqueConstraint(fields=('name',), name='netbox_gwports_remoterole_unique_name'),
            models.UniqueConstraint(fields=('slug',), name='netbox_gwports_remoterole_unique_slug'),
        )

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)

    def get_kind_color(self):
        return RemoteRoleKindChoices.colors.get(self.kind)


class FlowTemplate(HelpMixin, CleanTextMixin, FlowFactsMixin, PrimaryModel):
    """One purpose that the vendor names for a service, in one direction, with one kind of remote, on one condition."""

    service = models.ForeignKey(
        to=GatewayService, on_delete=models.CASCADE, related_name='flow_templates', verbose_name=_('service')
    )
    remote_role = models.ForeignKey(
        to=RemoteRole, on_delete=models.PROTECT, related_name='flow_templates', verbose_name=_('remote role')
    )
    feature = models.ForeignKey(
        to=ProfileFeature,
        on_delete=models.RESTRICT,
        related_name='flow_templates',
        verbose_name=_('feature'),
        blank=True,
        null=True,
        help_text=_('Needed only while this feature is in use; empty: always'),
    )
    notes = models.TextField(verbose_name=_('notes'), blank=True, help_text=_('How to handle the opening'))
    not_opened = models.TextField(
        verbose_name=_('not opened'),
        blank=True,
        help_text=_('Why nothing is opened by default although the vendor lists it; empty: opened'),
    )
    key = models.SlugField(
        verbose_name=_('key'),
        max_length=100,
        blank=True,
        help_text=_('Says that this is the need of the same key in another release, whatever else has changed'),
    )
    row = models.PositiveSmallIntegerField(
        verbose_name=_('row'), blank=True, null=True, help_text=_("Row of the vendor's table, from 1")
    )
    item = models.PositiveSmallIntegerField(
        verbose_name=_('item'), blank=True, null=True, help_text=_('Which purpose in that row, from 1')
    )
    printed = models.CharField(
        verbose_name=_('printed'),
        max_length=200,
        blank=True,
        help_text=_('What the vendor prints where its table contradicts itself'),
    )
    withdrawn = models.BooleanField(
        verbose_name=_('withdrawn'),
        default=False,
        help_text=_('No longer in the catalog; kept until no flow refers to it'),
    )

    clone_fields = ('service', 'direction', 'remote_role', 'feature', 'row')

    class Meta:
        ordering = ('service__profile', 'row', 'item', 'pk')
        verbose_name = _('flow template')
        verbose_name_plural = _('flow templates')
        constraints = (
            models.UniqueConstraint(
                fields=('service', 'direction', 'remote_role', 'feature', 'purpose'),
                nulls_distinct=False,
                name='netbox_gwports_flowtemplate_unique_need',
                violation_error_message=_(
                    'The service has a flow template with this direction, role, feature and purpose already.'
                ),
            ),
        )

    def __str__(self):
        return f'{self.service}: {self.purpose}'

    @property
    def profile(self):
        return self.service.profile

    @property
    def row_label(self):
        """Row and item of the vendor's table, e.g. ``18.2``; empty where the template names no row."""
        return '.'.join(str(n) for n in (self.row, self.item) if n is not None)

    def clean(self):
        super().clean()
        keyed(self, dns_names=clean_dns_names)
        if self.feature and self.service_id and self.feature.profile_id != self.service.profile_id:
            raise ValidationError({'feature': _("Choose a feature of the service's profile.")})
        if self.key and self.service_id:
            same = FlowTemplate.objects.filter(service__profile=self.service.profile_id, key=self.key, withdrawn=False)
            if not self.withdrawn and same.exclude(pk=self.pk).exists():
                raise ValidationError({'key': _('Another flow template of this profile has this key.')})
