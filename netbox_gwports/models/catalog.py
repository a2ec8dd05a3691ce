from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from netbox.models import OrganizationalModel, PrimaryModel
from netbox.models.features import SyncedDataMixin

from ..choices import RemoteRoleKindChoices, ZoneChoices
from ..db import atomic
from .mixins import CleanTextMixin, FlowFactsMixin, HelpMixin, clean_lists, port_ranges_field, ports_field, zone_field

__all__ = ('FlowTemplate', 'GatewayProfile', 'GatewayService', 'ProfileFeature', 'RemoteRole')


class GatewayProfile(HelpMixin, CleanTextMixin, SyncedDataMixin, PrimaryModel):
    """One release of a gateway product, as documented by its vendor.

    A profile bound to a data file is kept in sync with the catalog in that file.
    """

    manufacturer = models.ForeignKey(
        to='dcim.Manufacturer',
        on_delete=models.PROTECT,
        related_name='gwports_profiles',
        verbose_name=_('manufacturer'),
    )
    name = models.CharField(verbose_name=_('name'), max_length=100, help_text=_('Name of the product'))
    version = models.CharField(verbose_name=_('version'), max_length=50, help_text=_('Release of the product'))
    slug = models.SlugField(verbose_name=_('slug'), max_length=100, unique=True)
    source_url = models.URLField(
        verbose_name=_('source URL'), max_length=500, blank=True, help_text=_("Vendor's documentation of the ports")
    )
    published = models.DateField(
        verbose_name=_('published'), blank=True, null=True, help_text=_('Date of publication by the vendor')
    )
    partial = models.CharField(
        verbose_name=_('partial'),
        max_length=200,
        blank=True,
        help_text=_("What is missing from the vendor's table; leave empty if the catalog is complete"),
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

    # The catalog read from the data file, kept until save()
    _read = None

    def __str__(self):
        return f'{self.name} {self.version}'

    @property
    def is_synced(self):
        # NetBox fails for a profile that was bound, but never synchronized
        return bool(self.data_synced and super().is_synced)

    def sync_data(self):
        from ..loading.bound import read_bound

        self._read = read_bound(self)

    def save(self, *args, **kwargs):
        from ..loading.bound import load_bound

        read, self._read = self._read, None
        # One transaction: the profile and the contents of its catalog change together or not at all
        with atomic(GatewayProfile):
            super().save(*args, **kwargs)
            if read:
                load_bound(self, read)


class ProfileFeature(HelpMixin, CleanTextMixin, PrimaryModel):
    """An optional capability of a product on which flow templates can depend.

    A feature is in use only if all of its ancestors are (Full mode requires the mode itself).
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
        help_text=_('Heading for related features, e.g. "Directory (choose one)"'),
    )
    # RESTRICT, not PROTECT: a whole profile can be deleted, but not a feature on which others depend
    parent = models.ForeignKey(
        to='self',
        on_delete=models.RESTRICT,
        related_name='children',
        verbose_name=_('parent'),
        blank=True,
        null=True,
        help_text=_('Feature that must be in use as well'),
    )
    enabled_by_default = models.BooleanField(
        verbose_name=_('enabled by default'),
        default=False,
        help_text=_('Enable this feature on new gateways for which no features are selected'),
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
            raise ValidationError({'parent': _('Select a feature of the same profile.')})
        ancestor, seen = self.parent, set()
        while ancestor and ancestor.pk not in seen:
            if ancestor.pk == self.pk:
                raise ValidationError({'parent': _('A feature cannot be its own parent or ancestor.')})
            seen.add(ancestor.pk)
            ancestor = ancestor.parent


class GatewayService(HelpMixin, CleanTextMixin, PrimaryModel):
    """An application protocol on transport ports, as used by a product (DNS on tcp/53 and udp/53)."""

    profile = models.ForeignKey(
        to=GatewayProfile, on_delete=models.CASCADE, related_name='services', verbose_name=_('profile')
    )
    name = models.CharField(verbose_name=_('name'), max_length=100)
    application_protocol = models.CharField(
        verbose_name=_('application protocol'), max_length=50, blank=True, help_text=_('For example HTTPS, SMTP or DNS')
    )
    ports = ports_field(default=list)
    port_ranges = port_ranges_field()
    clear_text = models.BooleanField(
        verbose_name=_('clear text'), default=False, help_text=_('Traffic is not encrypted')
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
        clean_lists(self)


class RemoteRole(HelpMixin, CleanTextMixin, OrganizationalModel):
    """The function of a remote: DNS servers, administrators, peer gateways.

    Products share roles by slug. A role is site data once created: a catalog creates missing roles but never changes
    existing ones.
    """

    zone = zone_field(help_text=_('Zone in which the remote is located, as seen from the gateway'))
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
    """One purpose of a service as listed by the vendor: one direction, one remote role, at most one feature."""

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
        help_text=_('Feature that requires this flow; leave empty if it is always required'),
    )
    notes = models.TextField(verbose_name=_('notes'), blank=True, help_text=_('Instructions for the rule'))
    not_opened = models.TextField(
        verbose_name=_('not opened'),
        blank=True,
        help_text=_('Why no rule is opened by default although the vendor lists it; leave empty to open it'),
    )
    key = models.SlugField(
        verbose_name=_('key'),
        max_length=100,
        blank=True,
        help_text=_('Identifies the same flow template in other releases, even if everything else has changed'),
    )
    row = models.PositiveSmallIntegerField(
        verbose_name=_('row'), blank=True, null=True, help_text=_("Row number in the vendor's table, starting at 1")
    )
    item = models.PositiveSmallIntegerField(
        verbose_name=_('item'),
        blank=True,
        null=True,
        help_text=_('Number of the purpose within the row, starting at 1'),
    )
    printed = models.CharField(
        verbose_name=_('contradictory text'),
        max_length=200,
        blank=True,
        help_text=_("Text of the vendor's table where it contradicts itself"),
    )
    withdrawn = models.BooleanField(
        verbose_name=_('withdrawn'),
        default=False,
        help_text=_('Removed from the catalog; kept while required flows refer to it'),
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
                    'This service already has a flow template with this direction, remote role, feature and purpose.'
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
        """Row and item in the vendor's table, e.g. ``18.2``; empty if the template has no row."""
        return '.'.join(str(n) for n in (self.row, self.item) if n is not None)

    def clean(self):
        super().clean()
        if self.feature and self.service_id and self.feature.profile_id != self.service.profile_id:
            raise ValidationError({'feature': _("Select a feature of the service's profile.")})
        if self.key and self.service_id:
            same = FlowTemplate.objects.filter(service__profile=self.service.profile_id, key=self.key, withdrawn=False)
            if not self.withdrawn and same.exclude(pk=self.pk).exists():
                raise ValidationError({'key': _('Another flow template of this profile already uses this key.')})
