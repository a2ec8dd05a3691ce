from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..choices import DirectionChoices, ZoneChoices
from ..fields import PortRangesField
from ..rules.facts import FACTS, Kind
from ..validators import clean_dns_names, clean_ports, clean_text, keyed
from .sites import site_of

__all__ = (
    'CleanTextMixin',
    'FlowFactsMixin',
    'HelpMixin',
    'MachineMixin',
    'clean_lists',
    'dns_names_field',
    'port_ranges_field',
    'ports_field',
    'zone_field',
)


def ports_field(**kwargs):
    return ArrayField(
        base_field=models.CharField(max_length=20),
        verbose_name=_('ports'),
        help_text=_(
            'Protocols and ports, e.g. tcp/443, udp/5000-5010 or tcp/any; without ports: icmp, icmpv6, esp, ah, gre '
            'or ip/99'
        ),
        **kwargs,
    )


def port_ranges_field():
    return models.GeneratedField(
        expression=models.Func('ports', function='netbox_gwports_port_ranges'),
        output_field=PortRangesField(),
        db_persist=True,
        # Derived data: must not appear in the change log
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


def clean_lists(instance):
    """Bring the lists among the facts that this instance states into canonical form."""
    validators = {Kind.DNS_NAMES: clean_dns_names, Kind.PORTS: clean_ports}
    named = {field.name: field for field in instance._meta.concrete_fields}
    lists = [fact for fact in FACTS if fact.is_list and fact.name in named]
    # An optional list may be empty, whatever its validator asks for
    filled = [fact for fact in lists if getattr(instance, fact.name) or not named[fact.name].blank]
    keyed(instance, **{fact.name: validators[fact.kind] for fact in filled})


class HelpMixin(models.Model):
    """Points the help icon of the edit form to the plugin's own documentation of the model."""

    class Meta:
        abstract = True

    @property
    def docs_url(self):
        return reverse('plugins:netbox_gwports:help', args=[self._meta.model_name])


class CleanTextMixin(models.Model):
    """Validates that every text of a model can be shown and exported: see ``clean_text``.

    Not a validator of each field, so that it includes the fields of NetBox's base classes, and new ones. Forms,
    imports, REST and the catalog loader all validate the model.
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
    """Belongs to either a device or a virtual machine.

    Two foreign keys rather than a generic one: the database enforces their integrity, and permissions and filters can
    follow them. PROTECT, since open rules must not be forgotten because a device was deleted.
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
        """The site of the device, the virtual machine or its cluster; None if there is none."""
        return site_of(self.machine) if self.machine else None

    def clean(self):
        super().clean()
        if (self.device_id is None) == (self.virtual_machine_id is None):
            raise ValidationError(_('Select either a device or a virtual machine.'))

    @classmethod
    def machine_constraints(cls, name, device_taken, virtual_machine_taken):
        """One object per machine, and exactly one machine per object.

        Named constraints, since the REST API skips field-level uniqueness. The two messages are shown if the device
        or virtual machine is already in use.
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
                violation_error_message=_('Select either a device or a virtual machine.'),
            ),
        )


class FlowFactsMixin(models.Model):
    """The properties that a required flow copies from its flow template."""

    direction = models.CharField(verbose_name=_('direction'), max_length=20, choices=DirectionChoices)
    dns_names = dns_names_field(
        _('DNS names'),
        help_text=_("The remote's DNS names as published by the vendor; wildcards such as *.example.net are allowed"),
    )
    replaceable = models.BooleanField(
        verbose_name=_('replaceable'),
        default=False,
        help_text=_('The DNS names are only a default: endpoints assigned to the role replace them'),
    )
    zone = zone_field(blank=True, help_text=_('Zone of the DNS names; leave empty for the Internet'))
    purpose = models.CharField(verbose_name=_('purpose'), max_length=200)
    direct = models.BooleanField(
        verbose_name=_('bypass web proxy'), default=False, help_text=_('Never routed through the web proxy')
    )

    class Meta:
        abstract = True

    def clean(self):
        super().clean()
        clean_lists(self)

    def get_direction_color(self):
        return DirectionChoices.colors.get(self.direction)

    def get_zone_color(self):
        return ZoneChoices.colors.get(self.zone)
