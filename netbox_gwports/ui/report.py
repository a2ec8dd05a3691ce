"""The contents of the requirements page of one gateway: lines, summary and open items.

Plain values for panels and tables, without queries beyond those of the resolver.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..choices import DirectionChoices, FlowStatusChoices, RemoteRoleKindChoices
from ..reconcile import plans, restrict
from ..requirements import requirements, standings
from .headline import is_in_place
from .rules import RulesReport, ShownLine

__all__ = ('OpenItem', 'Report')

SUBJECTS = {
    'addresses_not_chosen': gettext_lazy('No addresses selected'),
    'no_address': gettext_lazy('No address facing the zone'),
    'wrong_zone': gettext_lazy('Address in another zone'),
    'no_common_family': gettext_lazy('No common address family'),
}


@dataclass(frozen=True)
class OpenItem:
    """Something that has to be decided, with a link to the form for it."""

    icon: str
    subject: str
    rows: tuple[str, ...]
    text: str
    label: str = ''
    url: str = ''


class Report(RulesReport):
    """The requirements of one gateway as one user may view them.

    ``flows`` (a queryset) limits the flows that are resolved for the lines; summary and open items do not depend on it.
    """

    def __init__(self, gateway, user, filters=None, flows=None, return_url=''):
        super().__init__(filters)
        self.gateway = gateway
        self.user = user
        self.flows = flows
        self.return_url = return_url

    @cached_property
    def standings(self):
        return standings([self.gateway], self.user)

    @property
    def complete(self):
        """The resolution without filters."""
        return self.standings[0].resolution

    @cached_property
    def resolutions(self):
        if self.flows is None:
            return super().resolutions
        return requirements([self.gateway], self.user, self.flows)

    @cached_property
    def plan(self):
        """Pending changes to the required flows, as the user may view them."""
        return restrict(plans([self.gateway]), self.user)[self.gateway.pk]

    @property
    def plan_url(self):
        """URL of the page that shows and applies the pending changes."""
        return self._link('gateway_reconcile', pk=self.gateway.pk)

    #
    # Rules that need no action
    #

    @cached_property
    def covered(self) -> list[ShownLine]:
        return self._lines(r for r in self._rules if r.covered_by and not r.same_segment)

    @cached_property
    def same_segment(self) -> list[ShownLine]:
        return self._lines(r for r in self._rules if r.same_segment)

    @property
    def is_complete(self):
        missing = self.open_item_count or self.hidden or self.unseen or self.plan
        return is_in_place(self.counts) and not missing

    #
    # Open items
    #

    @cached_property
    def open_items(self) -> list[OpenItem]:
        """Unresolved flows (one item per role or reason), unencrypted services, and contradictions in the table."""
        return [*self._unresolved(), *self._clear_text(), *self._printed(), *self._notes()]

    def _unresolved(self):
        groups = defaultdict(list)
        for entry in self.complete.unresolved:
            if entry.is_open_item:
                key = (entry.flow.role, entry.reason) if entry.reason == 'no_remote' else (None, entry.reason)
                groups[key].append(entry)
        for (role, reason), entries in groups.items():
            details = '; '.join(dict.fromkeys(entry.detail for entry in entries))
            affected = ngettext('{n} flow affected', '{n} flows affected', len(entries)).format(n=len(entries))
            yield OpenItem(
                'help-circle-outline',
                role.name if role else SUBJECTS[reason],
                _rows(e.flow for e in entries),
                f'{details} ({affected})',
                *self._action(role, reason, entries),
            )

    def _action(self, role, reason, entries):
        """(label, URL) of the form that resolves these entries."""
        if reason == 'no_remote' and entries[0].flow.role_kind == RemoteRoleKindChoices.PEERS:
            # There are peers, but they have no addresses
            return _('Show group'), self._link('gateway_list', group_id=self.gateway.group_id)
        if reason == 'no_remote':
            if self.gateway.group_id:
                scope = {'scope': 'groups', 'groups': self.gateway.group_id}
            else:
                scope = {'scope': 'gateways', 'gateways': self.gateway.pk}
            return _('Assign endpoint'), self._link('remoteendpoint_add', role=role.id, **scope)
        if reason in ('addresses_not_chosen', 'no_address'):
            return _('Select addresses'), self._link('gateway_edit', pk=self.gateway.pk)
        if reason == 'wrong_zone':
            return _('Show zones'), self._link('enforcementzone_list')
        return _('Edit flow'), self._link('requiredflow_edit', pk=entries[0].flow.id)

    def _clear_text(self):
        flows = {f for rule in self.complete.rules for f in rule.flows if f.clear_text and not f.mitigation}
        services = defaultdict(list)
        for flow in sorted(flows, key=lambda f: f.id):
            services[flow.name, ', '.join(str(spec) for spec in flow.ports)].append(flow)
        for (name, ports), found in sorted(services.items()):
            yield OpenItem(
                'alert-outline',
                f'{name} {ports}',
                _rows(found),
                _('Unencrypted; no mitigation documented'),
                _('Add mitigation'),
                self._link('requiredflow_edit', pk=found[0].id),
            )

    def _printed(self):
        flows = {f for rule in self.complete.rules for f in rule.flows if f.printed}
        flows |= {u.flow for u in self.complete.unresolved if u.flow.printed}
        directions = dict(DirectionChoices)
        for flow in sorted(flows, key=lambda f: f.id):
            # The contradiction may concern the direction or the ports
            text = _('Contradictory in the vendor\'s table ("{printed}"); {direction} {ports} is used').format(
                printed=flow.printed,
                direction=str(directions[flow.direction]).lower(),
                ports=', '.join(str(spec) for spec in flow.ports),
            )
            yield OpenItem('information-outline', f'{flow.name}: {flow.purpose}', _rows([flow]), text)

    def _notes(self):
        for text in dict.fromkeys(note.text for note in self.complete.notes):
            yield OpenItem('information-outline', _('Note'), (), text)

    def _link(self, name, pk=None, **query):
        model, action = name.split('_')
        permission = {'add': 'add', 'edit': 'change', 'list': 'view', 'reconcile': 'view'}[action]
        if not self.user.has_perm(f'netbox_gwports.{permission}_{model}'):
            return ''
        url = reverse(f'plugins:netbox_gwports:{name}', kwargs={'pk': pk} if pk else None)
        return f'{url}?{urlencode({**query, "return_url": self.return_url})}'

    @cached_property
    def already_permitted(self):
        """Flows without an endpoint whose ports are already permitted by an "any" rule of their zone."""
        return [entry for entry in self.complete.unresolved if not entry.is_open_item]

    @cached_property
    def not_opened(self):
        """Flows listed by the vendor that are waived or rejected."""
        flows = self.gateway.flows if self.flows is None else self.flows.filter(gateway=self.gateway)
        return list(
            flows
            .restrict(self.user, 'view')
            .filter(status__in=FlowStatusChoices.JUSTIFIED)
            .select_related('template', 'remote_role')
        )


def _rows(flows):
    """Rows of the vendor's table, each once, in order."""
    rows = {flow.row.split('.')[0] for flow in flows if flow.row}
    return tuple(sorted(rows, key=int))
