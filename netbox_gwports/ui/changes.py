"""Panels of change requests and sign-offs."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from netbox.ui import attrs, panels

from ..choices import ChangeActionChoices
from ..history import FIREWALL, rule_of
from ..models import EnforcementPoint
from ..rules.addresses import Ref
from ..tables.changes import ChangeLineTable, ProgressTable, TimelineTable
from .rules import ShownLine, shown_lines

__all__ = (
    'ChangeLinesPanel',
    'ChangePlanPanel',
    'ChangeRequestPanel',
    'ProgressPanel',
    'SignOffPanel',
    'SignPanel',
    'TimelinePanel',
)


class ChangeRequestPanel(panels.ObjectAttributesPanel):
    title_ = attrs.TextAttr('title', label=_('Title'))
    ticket = attrs.TextAttr('ticket', style='font-monospace')
    status = attrs.ChoiceAttr('status')
    emergency = attrs.BooleanAttr('emergency', display_false=False)
    valid_until = attrs.DateTimeAttr('valid_until', spec='date')
    description = attrs.TextAttr('description')


class ChangePlanPanel(panels.ObjectAttributesPanel):
    title = _('Plan')
    reason = attrs.TextAttr('reason')
    risk = attrs.TextAttr('risk')
    test_plan = attrs.TextAttr('test_plan')
    back_out = attrs.TextAttr('back_out', label=_('Back-out plan'))


class SignOffPanel(panels.ObjectAttributesPanel):
    kind = attrs.ChoiceAttr('kind')
    change_request = attrs.RelatedObjectAttr('change_request', linkify=True)
    gateway = attrs.TextAttr('gateway_name')
    enforcement_point = attrs.TextAttr('enforcement_point_name')
    time = attrs.DateTimeAttr('time')
    user = attrs.TextAttr('user_name')
    origin = attrs.ChoiceAttr('origin')
    valid_until = attrs.DateTimeAttr('valid_until', spec='date')
    note = attrs.TextAttr('note')
    digest = attrs.TextAttr('digest', style='font-monospace', copy_button=True)


@dataclass(frozen=True, slots=True)
class StoredLine(ShownLine):
    """Lines of a change request, joined. ``progress``: (firewall, whether it is done there)."""

    progress: tuple[tuple[Ref | None, bool], ...] = ()


class ChangeLinesPanel(panels.Panel):
    """What a change request opens and closes: a table for each gateway and action.

    Shows the page's ``lines`` (ChangeLine), with tick boxes where the page says ``selectable``.
    """

    template_name = 'netbox_gwports/panels/change_lines.html'

    def get_context(self, context):
        request, found = context['request'], context.get('progress')
        names = firewall_refs(found.points if found else (), request.user)
        groups = {}
        for line in context['lines']:
            groups.setdefault((line.gateway_name, line.action), []).append(line)
        actions = dict(ChangeActionChoices)
        parts = [
            (actions[action], ChangeActionChoices.colors[action], gateway, self._table(lines, found, names, context))
            for (gateway, action), lines in sorted(groups.items())
        ]
        return {**super().get_context(context), 'parts': parts, 'unseen': context.get('unseen_lines', 0)}

    def _table(self, lines, found, names, context):
        def progress(pk):
            if found is None:
                return ()
            return tuple((names[point], pk in found.done.get(point, ())) for point in found.points if pk in at[point])

        at = {point: found.lines(point) for point in found.points} if found else {}
        by_key = {line.rule_key: (line.pk, progress(line.pk)) for line in lines}
        shown = shown_lines(
            [rule_of(line) for line in lines],
            value=lambda line: ','.join(str(by_key[rule.key][0]) for rule in line.rules),
            firewalls=lambda rule: by_key[rule.key][1],
        )
        rows = [
            StoredLine(
                **{name: getattr(line, name) for name in ShownLine.__dataclass_fields__}, progress=line.firewalls
            )
            for line in shown
        ]
        exclude = ('standing', 'tickets', 'firewalls', *(() if found else ('implemented',)))
        return ChangeLineTable(rows, orderable=False, actions=context.get('selectable', False), exclude=exclude)


class ProgressPanel(panels.Panel):
    """What is implemented on each firewall."""

    template_name = 'netbox_gwports/panels/table.html'
    title = _('Progress')

    def get_context(self, context):
        found, request = context.get('progress'), context['request']
        rows = []
        if found:
            names = firewall_refs(found.points, request.user)

            def part(done, every):
                return _('{n} of {all}').format(n=len(done), all=len(every)) if every else None

            # Only lines that the user may view are counted
            shown = {line.pk: line.action for line in context['lines']}
            opens = {pk for pk, action in shown.items() if action == ChangeActionChoices.OPEN}
            closes = shown.keys() - opens
            for point in found.points:
                lines, done = found.lines(point), found.done.get(point, frozenset())
                rows.append({
                    'firewall': names[point],
                    'opened': part(done & opens, lines & opens),
                    'closed': part(done & closes, lines & closes),
                })
        return {**super().get_context(context), 'table': ProgressTable(rows, orderable=False)}

    def should_render(self, context):
        return bool(context['table'].rows)


class TimelinePanel(panels.Panel):
    """The sign-offs of a change request, the oldest first."""

    template_name = 'netbox_gwports/panels/table.html'
    title = _('Sign-offs')

    def get_context(self, context):
        return {**super().get_context(context), 'table': TimelineTable(context['sign_offs'], orderable=False)}


class SignPanel(panels.Panel):
    """A form to confirm a step: what is signed is shown below, and identified by the digest that it posts."""

    template_name = 'netbox_gwports/panels/sign.html'

    def get_context(self, context):
        names = ('form', 'form_id', 'digest', 'pks', 'label', 'style', 'warnings', 'return_url')
        return {
            **super().get_context(context),
            'title': context['sign_title'],
            **{name: context.get(name) for name in names},
        }


def firewall_refs(points, user):
    """Enforcement point pk -> Ref, without a name where the user may not view it; None -> None."""
    visible = EnforcementPoint.objects.restrict(user, 'view').filter(pk__in=[pk for pk in points if pk])
    names = {point.pk: str(point) for point in visible.select_related('device', 'virtual_machine')}
    return {pk: Ref(FIREWALL, pk, names.get(pk, '')) if pk else None for pk in points}
