from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..choices import DirectionChoices, ZoneChoices
from ..fields import PortRangesField
from ..validators import clean_text

__all__ = (
    'CleanTextMixin',
    'FlowFactsMixin',
    'HelpMixin',
    'MachineMixin',
    'dns_names_field',
    'port_ranges_field',
    'ports_field',
    'zone_field',
)


def ports_field(**kwargs):
    return ArrayField(
        base_field=models.CharField(max_length=20),
        verbose_name=_('ports'),
        help_text=_('Port specs: tcp/443, udp/5000-5010, tcp/any, or portless icmp, icmpv6, esp, ah, gre, ip/99'),
        **kwargs,
    )


def port_ranges_field():
    return models.GeneratedField(
        expression=models.Func('ports', function='netbox_gwports_port_ranges'),
        output_field=PortRangesField(),
        db_persist=True,
        # Derived: it must not show up in the change log
        serialize=False,
    )


def dns_names_field(verbose_name, **kwargs):
    return ArrayField(
        base_field=models.CharField(max_length=255),
        verbose_name=verbose_name,
        blank=True,
        default=list,
        **kwargs,
    )


def zone_field(**kwargs):
    return models.CharField(verbose_name=_('zone'), max_length=50, choices=ZoneChoices, **kwargs)


class HelpMixin(models.Model):
    """The question mark of its forms leads to our own page about the model."""

    class Meta:
        abstract = True

    @property
    def docs_url(self):
        return reverse('plugins:netbox_gwports:help', args=[self._meta.model_name])


class CleanTextMixin(models.Model):
    """Every text of a model is one that can be shown and exported: see ``clean_text``.

    Here rather than at each field, so that it holds for those of NetBox's base classes too, and for new ones; forms,
    imports, REST and the catalog loader all ask the model.
    """

    class Meta:
        abstract = True

    def clean_fields(self, exclude=None):
        errors = {}
        try:
            super().clean_fields(exclude=exclude)
        except ValidationError as e:
            errors = e.update_error_dict({})
        for field in self._meta.concrete_fields:
            of_text = isinstance(field, (models.CharField, models.TextField, ArrayField))
            if not of_text or field.name in errors or field.name in (exclude or ()):
                continue
            value = getattr(self, field.attname)
            lines = isinstance(field, models.TextField)
            try:
                for text in value if isinstance(field, ArrayField) and value else (value,):
                    if isinstance(text, str):
                        clean_text(text, lines)
            except ValidationError as e:
                errors[field.name] = [e]
        if errors:
            raise ValidationError(errors)


class MachineMixin(models.Model):
    """Exactly one of a device and a virtual machine.

    Two real foreign keys rather than a generic one: the database keeps them whole, and permissions and filters
    can follow them. PROTECT, because an opening must not be forgotten because a device record went.
    """

    device = models.OneToOneField(
        to='dcim.Device',
        on_delete=models.PROTECT,
        related_name='gwports_%(class)s',
        verbose_name=_('device'),
        blank=True,
        null=True,
    )
    virtual_machine = models.OneToOneField(
        to='virtualization.VirtualMachine',
        on_delete=models.PROTECT,
        related_name='gwports_%(class)s',
        verbose_name=_('virtual machine'),
        blank=True,
        null=True,
    )

    class Meta:
        abstract = True

    @property
    def machine(self):
        """The device or the virtual machine."""
        return self.device if self.device_id else self.virtual_machine

    @property
    def site(self):
        """The site of the device, or of the virtual machine or its cluster; None where there is none."""
        if self.device_id:
            return self.device.site
        if self.virtual_machine_id is None:
            return None
        return self.virtual_machine.site or (self.virtual_machine.cluster and self.virtual_machine.cluster._site)

    def clean(self):
        super().clean()
        if (self.device_id is None) == (self.virtual_machine_id is None):
            raise ValidationError(_('Choose a device or a virtual machine, exactly one of them.'))

    @classmethod
    def machine_constraints(cls, name, device_taken, virtual_machine_taken):
        """One record a host (a named constraint: REST skips field-level uniqueness), and exactly one host.

        The two messages say what a host is already that is named a second time.
        """
        return (
            models.UniqueConstraint(
                fields=('device',),
                name=f'netbox_gwports_{name}_unique_device',
                violation_error_message=device_taken,
            ),
            models.UniqueConstraint(
                fields=('virtual_machine',),
                name=f'netbox_gwports_{name}_unique_virtual_machine',
                violation_error_message=virtual_machine_taken,
            ),
            models.CheckConstraint(
                condition=models.Q(device__isnull=False, virtual_machine__isnull=True)
                | models.Q(device__isnull=True, virtual_machine__isnull=False),
                name=f'netbox_gwports_{name}_one_machine',
                violation_error_message=_('Choose a device or a virtual machine, exactly one of them.'),
            ),
        )


class FlowFactsMixin(models.Model):
    """The facts of a need that a flow template states and a required flow copies."""

    direction = models.CharField(verbose_name=_('direction'), max_length=20, choices=DirectionChoices)
    dns_names = dns_names_field(
        _('DNS names'),
        help_text=_('DNS names published by the vendor for the remote; wildcards such as *.example.net are allowed'),
    )
    replaceable = models.BooleanField(
        verbose_name=_('replaceable'),
        default=False,
        help_text=_('The DNS names are a default: an endpoint assigned to the role replaces them'),
    )
    zone = zone_field(blank=True, help_text=_('Zone of the remote hosts; empty: Internet'))
    purpose = models.CharField(verbose_name=_('purpose'), max_length=200)
    direct = models.BooleanField(
        verbose_name=_('direct'), default=False, help_text=_('Never goes through the web proxy')
    )

    class Meta:
        abstract = True

    def get_direction_color(self):
        return DirectionChoices.colors.get(self.direction)

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)
