"""IP addresses and FHRP group memberships on the interfaces of devices and virtual machines.

The interfaces of a member of a virtual chassis are those of all its members. A machine is (device pk, None) or
(None, virtual machine pk).
"""

from collections import defaultdict
from collections.abc import Iterable

from dcim.models import Device, Interface
from django.db.models import F
from ipam.models import IPAddress
from virtualization.models import VMInterface

__all__ = ('Machines', 'key_of')


def key_of(machine) -> tuple[int | None, int | None]:
    return (machine.pk, None) if isinstance(machine, Device) else (None, machine.pk)


class Machines:
    """Some devices and virtual machines; ``chassis`` maps a device to all members of its virtual chassis."""

    def __init__(self, machines: Iterable):
        machines = list(machines)
        devices = [machine for machine in machines if isinstance(machine, Device)]
        self.virtual_machines = {machine.pk for machine in machines if not isinstance(machine, Device)}
        self.chassis = {device.pk: {device.pk} for device in devices}
        if chassis := {device.virtual_chassis_id for device in devices} - {None}:
            members = defaultdict(set)
            for pk, of in Device.objects.filter(virtual_chassis__in=chassis).values_list('pk', 'virtual_chassis_id'):
                members[of].add(pk)
            for device in devices:
                self.chassis[device.pk] |= members[device.virtual_chassis_id]
        self._devices = set().union(*self.chassis.values())

    def addresses(self, user=None) -> dict[tuple, list[IPAddress]]:
        """Machine -> the addresses on its interfaces that the user may view. Two queries."""
        addresses = IPAddress.objects.select_related('vrf').order_by('pk')
        if user is not None:
            addresses = addresses.restrict(user, 'view')
        on_devices = addresses.filter(interface__device__in=self._devices).annotate(machine=F('interface__device'))
        on_virtual_machines = addresses.filter(vminterface__virtual_machine__in=self.virtual_machines).annotate(
            machine=F('vminterface__virtual_machine')
        )
        return self._by_machine(
            ((ip.machine, ip) for ip in on_devices) if self._devices else (),
            ((ip.machine, ip) for ip in on_virtual_machines) if self.virtual_machines else (),
        )

    def fhrp_groups(self, groups: set[int]) -> dict[tuple, list[int]]:
        """Machine -> the given FHRP groups of which one of its interfaces is a member."""
        if not groups:
            return defaultdict(list)
        name = 'fhrp_group_assignments__group'
        return self._by_machine(
            Interface.objects.filter(device__in=self._devices, **{f'{name}__in': groups}).values_list('device', name),
            VMInterface.objects.filter(
                virtual_machine__in=self.virtual_machines, **{f'{name}__in': groups}
            ).values_list('virtual_machine', name),
        )

    def _by_machine(self, of_devices, of_virtual_machines):
        by_device, found = defaultdict(list), defaultdict(list)
        for pk, value in of_devices:
            by_device[pk].append(value)
        for pk, value in of_virtual_machines:
            found[None, pk].append(value)
        for pk, members in self.chassis.items():
            found[pk, None] = [value for member in sorted(members) for value in by_device[member]]
        return found
