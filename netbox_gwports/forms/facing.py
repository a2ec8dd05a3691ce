"""The addresses of a gateway within its own form: one field per zone that they face."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from ipam.models import IPAddress
from utilities.exceptions import AbortRequest, PermissionsViolation
from utilities.forms.fields import DynamicModelMultipleChoiceField
from utilities.forms.rendering import FieldSet

from ..choices import ZoneChoices
from ..models import GatewayAddress

__all__ = ('FacingAddressesMixin',)

# The field for addresses without zones
OTHERS = 'facing_others'


def fields_by_zone():
    return {f'facing_{zone}': zone for zone in ZoneChoices.values()}


class FacingAddressesMixin:
    """Address fields for the model form of a gateway. Addresses that ``user`` may not change are neither shown nor
    changed.

    An address selected for several zones becomes one GatewayAddress facing all of them; its use is kept.
    """

    def __init__(self, *args, user=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.rows = {}
        if self._may_edit_addresses():
            self.rows = {row.ip_address_id: row for row in self._editable('change')}
            self._add_fields()

    def _may_edit_addresses(self):
        actions = ('add', 'change', 'delete') if self.instance.pk else ('add',)
        return self.user is None or self.user.has_perms([f'netbox_gwports.{name}_gatewayaddress' for name in actions])

    def _editable(self, action):
        if not self.instance.pk:
            return GatewayAddress.objects.none()
        rows, addresses = self.instance.addresses.all(), IPAddress.objects.all()
        if self.user is not None:
            rows, addresses = rows.restrict(self.user, action), addresses.restrict(self.user, 'view')
        return rows.filter(ip_address__in=addresses)

    def _add_fields(self):
        labels = {f'facing_{value}': label for value, label in ZoneChoices}
        for name in (*fields_by_zone(), OTHERS):
            zone = fields_by_zone().get(name)
            self.fields[name] = DynamicModelMultipleChoiceField(
                label=_('Facing {zone}').format(zone=labels[name]) if zone else _('Facing all other zones'),
                queryset=IPAddress.objects.all(),
                required=False,
                query_params={'device_id': '$device', 'virtual_machine_id': '$virtual_machine'},
                selector=True,
            )
            self.initial.setdefault(
                name, [pk for pk, row in self.rows.items() if (zone in row.zones if zone else not row.zones)]
            )
        self.fields[OTHERS].help_text = _(
            'If no addresses are selected at all, the primary addresses are used, provided the machine has no others. '
            'Addresses of other machines, such as a load balancer, and of FHRP '
            'groups are added on the page of the gateway'
        )
        first, *rest = self.fieldsets
        self.fieldsets = (first, FieldSet(*fields_by_zone(), OTHERS, name=_('Addresses')), *rest)

    def _chosen(self):
        """IP address -> zones selected for it."""
        chosen = {}
        for name, zone in fields_by_zone().items():
            for ip in self.cleaned_data.get(name, ()):
                chosen.setdefault(ip, []).append(zone)
        for ip in self.cleaned_data.get(OTHERS, ()):
            chosen.setdefault(ip, [])
        return chosen

    def clean(self):
        super().clean()
        named = {ip for name in fields_by_zone() for ip in self.cleaned_data.get(name, ())}
        if both := [str(ip) for ip in self.cleaned_data.get(OTHERS, ()) if ip in named]:
            self.add_error(OTHERS, _('Already selected for a zone: {addresses}.').format(addresses=', '.join(both)))
        return self.cleaned_data

    def _post_clean(self):
        super()._post_clean()
        if self.instance.machine is None:
            return
        for ip, zones in self._chosen().items():
            row = self.rows.get(ip.pk) or GatewayAddress(ip_address=ip)
            if row.pk and row.zones == zones:
                # What was lost meanwhile is told on the page; it does not stand in the way of other edits
                continue
            row.gateway = self.instance
            if fault := row.why_not():
                name = next(name for name in (*fields_by_zone(), OTHERS) if ip in self.cleaned_data.get(name, ()))
                self.add_error(name, row.FAULTS[fault].format(address=ip))

    def _save_m2m(self):
        super()._save_m2m()
        if OTHERS not in self.fields:
            return
        message = getattr(self.instance, '_changelog_message', '')
        chosen = self._chosen()
        gone = [row.pk for pk, row in self.rows.items() if pk not in {ip.pk for ip in chosen}]
        for row in self._editable('delete').filter(pk__in=gone):
            gone.remove(row.pk)
            row._changelog_message = message
            row.delete()
        saved = {'add': [], 'change': []}
        for ip, zones in chosen.items():
            row = self.rows.get(ip.pk)
            if row is None:
                row = GatewayAddress(gateway=self.instance, ip_address=ip)
            elif row.zones == zones:
                continue
            else:
                row.snapshot()
            saved['change' if row.pk else 'add'].append(row)
            row.zones = zones
            row._changelog_message = message
            try:
                row.full_clean()
            except ValidationError as e:
                raise AbortRequest(' '.join(e.messages)) from None
            row.save()
        if gone or self.user and not all(self._permitted(action, rows) for action, rows in saved.items()):
            raise PermissionsViolation

    def _permitted(self, action, rows):
        keys = [row.pk for row in rows]
        return GatewayAddress.objects.restrict(self.user, action).filter(pk__in=keys).count() == len(keys)
