"""What the requirements page says: lines, verdict and everything that needs an answer, from one resolution.

Plain values for panels and tables; no query but those of the resolver.
"""

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import DirectionChoices, FlowStatusChoices, RemoteRoleKindChoices, ZoneChoices
from ..reconcile import plans, restrict
from ..requirements import requirements
from ..rules.compact import Line, compact

__all__ = ('Answer', 'Report')


@dataclass(frozen=True)
class Answer:
    """One thing that somebody has to decide, with the button that does it."""

    icon: str
    subject: str
    rows: tuple[str, ...]
    text: str
    label: str = ''
    url: str = ''


class Report:
    """The requirements of one gateway for one reader. ``filters`` are direction, zone and q, applied to the lines;
    ``flows`` (a queryset) narrows what is resolved."""

    def __init__(self, gateway, user, filters=None, flows=None, return_url=''):
        self.gateway = gateway
        self.user = user
        self.filters = filters or {}
        self.flows = flows
        self.return_url = return_url

    @cached_property
    def complete(self):
        """Everything the reader may see: verdict and open ends never depend on a filter."""
        return requirements([self.gateway], self.user)[0]

    @cached_property
    def resolution(self):
        """What the filters leave, for the lines."""
        return self.complete if self.flows is None else requirements([self.gateway], self.user, self.flows)[0]

    @cached_property
    def plan(self):
        """What the flows lack to follow profile and features, as the reader may see it."""
        return restrict(plans([self.gateway]), self.user)[self.gateway.pk]

    @property
    def plan_url(self):
        """The page that shows the plan, and does it."""
        return self._link('gateway_reconcile', pk=self.gateway.pk)

    #
    # Lines
    #

    @cached_property
    def lines(self) -> list[Line]:
        return self._lines(self.resolution.effective_rules)

    @cached_property
    def covered(self) -> list[Line]:
        return self._lines(r for r in self.resolution.rules if r.covered_by and not r.same_segment)

    @cached_property
    def same_segment(self) -> list[Line]:
        return self._lines(r for r in self.resolution.rules if r.same_segment)

    def _lines(self, rules):
        lines = compact(rules, separate_by=lambda rule: rule.state, twins=True)
        return [line for line in lines if self._shown(line)]

    def _shown(self, line):
        direction, zone, text = (self.filters.get(name) for name in ('direction', 'zone', 'q'))
        if direction and line.direction != direction or zone and line.zone != zone:
            return False
        return not text or text.casefold() in _words(line)

    @property
    def zones(self):
        """(zone, label, lines) in the order of the choices; inbound before outbound."""
        for zone, label in ZoneChoices:
            if found := [line for line in self.lines if line.zone == zone]:
                yield zone, label, found

    #
    # Verdict
    #

    @cached_property
    def counts(self):
        states = [rule.state for rule in self.complete.effective_rules]
        done = states.count(FlowStatusChoices.IMPLEMENTED)
        closing = self.gateway.flows.restrict(self.user, 'view').filter(status=FlowStatusChoices.RETIRING).count()
        return {
            'rules': len(states),
            'done': done,
            'to_open': len(states) - done,
            'to_close': closing,
            'unanswered': len([u for u in self.complete.unresolved if u.is_open_item]),
        }

    @property
    def is_done(self):
        counts = self.counts
        return not (
            counts['to_open'] or counts['to_close'] or counts['unanswered'] or self.complete.hidden or self.plan
        )

    @property
    def verdict(self):
        """The state in words and numbers."""
        counts = self.counts
        parts = []
        if counts['to_open']:
            parts.append(_('{n} to open').format(n=counts['to_open']))
        if counts['to_close']:
            parts.append(_('{n} to close').format(n=counts['to_close']))
        if counts['unanswered']:
            needs = ngettext('{n} needs an answer', '{n} need an answer', counts['unanswered'])
            parts.append(needs.format(n=counts['unanswered']))
        in_place = _('{done} of {all} rules in place').format(done=counts['done'], all=counts['rules'])
        return ', '.join([*parts, in_place])

    #
    # Answers
    #

    @cached_property
    def answers(self) -> list[Answer]:
        """One line a role that nobody is named for, then addresses, clear text and contradictions of the vendor."""
        return [*self._unresolved(), *self._clear_text(), *self._printed()]

    def _unresolved(self):
        groups = defaultdict(list)
        for entry in self.complete.unresolved:
            if entry.is_open_item:
                key = (entry.flow.role, entry.reason) if entry.reason == 'no_remote' else (None, entry.reason)
                groups[key].append(entry)
        for (role, reason), entries in groups.items():
            details = '; '.join(dict.fromkeys(entry.detail for entry in entries))
            waiting = ngettext('{n} need waits', '{n} needs wait', len(entries)).format(n=len(entries))
            subject = (
                role.name
                if role
                else {
                    'addresses_not_chosen': _('Addresses not chosen'),
                    'no_address': _('No address faces the zone'),
                    'no_common_family': _('No common address family'),
                }[reason]
            )
            label, url = self._mend(role, reason, entries)
            yield Answer(
                'help-circle-outline', subject, _rows(e.flow for e in entries), f'{details} ({waiting})', label, url
            )

    def _mend(self, role, reason, entries):
        if reason == 'no_remote' and entries[0].flow.role_kind == RemoteRoleKindChoices.PEERS:
            # The peers are known, their addresses are not
            return _('See the group'), self._link('gateway_list', group_id=self.gateway.group_id)
        if reason == 'no_remote':
            if self.gateway.group_id:
                scope = {'scope': 'groups', 'groups': self.gateway.group_id}
            else:
                scope = {'scope': 'gateways', 'gateways': self.gateway.pk}
            return _('Name them'), self._link('remoteendpoint_add', role=role.id, **scope)
        if reason in ('addresses_not_chosen', 'no_address'):
            return _('Choose addresses'), self._link('gateway_edit', pk=self.gateway.pk)
        return _('Edit'), self._link('requiredflow_edit', pk=entries[0].flow.id)

    def _clear_text(self):
        flows = {f for rule in self.complete.rules for f in rule.flows if f.clear_text and not f.mitigation}
        services = defaultdict(list)
        for flow in sorted(flows, key=lambda f: f.id):
            services[flow.name, ', '.join(str(spec) for spec in flow.ports)].append(flow)
        for (name, ports), found in sorted(services.items()):
            yield Answer(
                'alert-outline',
                f'{name} {ports}',
                _rows(found),
                _('sends in clear text, and no mitigation is written'),
                _('Write it'),
                self._link('requiredflow_edit', pk=found[0].id),
            )

    def _printed(self):
        flows = {f for rule in self.complete.rules for f in rule.flows if f.printed}
        flows |= {u.flow for u in self.complete.unresolved if u.flow.printed}
        directions = dict(DirectionChoices)
        for flow in sorted(flows, key=lambda f: f.id):
            # Direction or ports: either may be what was read otherwise
            text = _('the vendor prints "{printed}"; {direction} {ports} is used').format(
                printed=flow.printed,
                direction=str(directions[flow.direction]).lower(),
                ports=', '.join(str(spec) for spec in flow.ports),
            )
            yield Answer('information-outline', f'{flow.name}: {flow.purpose}', _rows([flow]), text)

    def _link(self, name, pk=None, **query):
        model, action = name.split('_')
        permission = {'add': 'add', 'edit': 'change', 'list': 'view', 'reconcile': 'view'}[action]
        if not self.user.has_perm(f'netbox_gwports.{permission}_{model}'):
            return ''
        url = reverse(f'plugins:netbox_gwports:{name}', kwargs={'pk': pk} if pk else None)
        return f'{url}?{urlencode({**query, "return_url": self.return_url})}'

    @cached_property
    def permitted(self):
        """Needs without a named remote whose ports an *any* of their zone permits already."""
        return [entry for entry in self.complete.unresolved if not entry.is_open_item]

    @cached_property
    def not_opened(self):
        """Listed by the vendor, not opened here."""
        flows = self.gateway.flows if self.flows is None else self.flows.filter(gateway=self.gateway)
        return list(
            flows
            .restrict(self.user, 'view')
            .filter(status__in=(FlowStatusChoices.WAIVED, FlowStatusChoices.REJECTED))
            .select_related('template', 'remote_role')
        )


def _rows(flows):
    """Rows of the vendor's table, each once, in their order."""
    rows = {flow.row.split('.')[0] for flow in flows if flow.row}
    return tuple(sorted(rows, key=int))


def _words(line):
    """Everything on a line that a quick search may find."""
    remote, flows = line.remote, line.flows
    texts = [
        *(str(address) for address in (*line.local, *remote.addresses)),
        *(ref.name for ref in remote.endpoints),
        *remote.dns_names,
        *(str(spec) for spec in line.services),
        *(f'{f.name} {f.purpose} {f.ticket} {f.role.name}' for f in flows),
    ]
    return ' '.join(texts).casefold()
