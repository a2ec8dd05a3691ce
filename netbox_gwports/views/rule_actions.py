"""What is done with the rules that were selected on a page: request, approve, record as implemented, review.

The same views serve the pages of gateways, groups, sites and firewalls: a tick box names a gateway and the key of a
rule. Each shows first what would be done, and does it when that is confirmed and still the same.
"""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from netbox.ui.layout import Column, Layout, Row
from utilities.views import get_action_url, register_model_view

from .. import changes
from ..changes.recording import carriers, record_rules, recording
from ..changes.review import standing_digest
from ..changes.sign import Signature
from ..choices import ChangeRequestStatusChoices
from ..db import atomic
from ..forms import RecordRulesForm, RequestRulesForm, SignForm
from ..models import ChangeRequest, EnforcementPoint, Gateway
from ..reconcile import PlanChanged
from ..requirements import standings
from ..requirements.upgrade import StepRefused
from ..rules.stored import digest
from ..ui.changes import SignPanel
from ..ui.rule_panels import LinesPanel, ToClosePanel, UnapprovedPanel
from ..ui.rules import RulesReport
from .change_steps import selected_pks
from .rule_selection import RuleActionView

__all__ = ('ApproveRulesView', 'RecordRulesView', 'RequestRulesView', 'ReviewRulesView')

MAY = 'netbox_gwports.{}_changerequest'


@register_model_view(ChangeRequest, 'request_rules', path='request-rules', detail=False)
class RequestRulesView(RuleActionView):
    """Adds the selected rules to a new or an existing draft."""

    title = gettext_lazy('Request')

    def is_permitted(self, user):
        return user.has_perm(MAY.format('add')) or user.has_perm(MAY.format('change'))

    def act(self, request, selection):
        keys = selection.keys_to_request
        if not keys:
            raise StepRefused(_('The selected rules are requested or approved already.'))
        lines = changes.change_lines(selection.gateways, request.user, keys)
        agreed = changes.lines_digest(lines)
        form = RequestRulesForm(self.bound(request), user=request.user)
        if form.is_bound and form.is_valid():
            try:
                return self._draft(request, selection, keys, form)
            except ValidationError as e:
                form.add_error(None, e.messages)
        return self.show(request, form, agreed, lines=lines, warnings=self._warnings(request, selection, keys))

    def _draft(self, request, selection, keys, form):
        existing = form.cleaned_data['draft']
        agreed = request.POST.get('digest', '')
        with atomic(ChangeRequest):
            found = changes.draft(
                selection.gateways,
                request.user,
                keys,
                existing,
                agreed=agreed,
                **({} if existing else form.values),
            )
            ChangeRequest.objects.restrict(request.user, 'change' if existing else 'add').get(pk=found.pk)
        messages.success(request, _('Added the selected rules to {request}.').format(request=found))
        return redirect(found)

    def _warnings(self, request, selection, keys):
        warnings = []
        if other := sum(map(len, selection.keys.values())) - sum(map(len, keys.values())):
            text = ngettext(
                '{n} selected rule is requested or approved already and is left out.',
                '{n} selected rules are requested or approved already and are left out.',
                other,
            )
            warnings.append(text.format(n=other))
        wanted = [rule for rule in selection.rules if rule.key in keys.get(rule.gateway.id, ())]
        pending = (ChangeRequestStatusChoices.DRAFT, ChangeRequestStatusChoices.REQUESTED)
        if known := carriers(wanted, request.user, pending):
            names = ', '.join(map(str, known))
            warnings.append(_('Some of these rules are part of other change requests: {names}').format(names=names))
        return warnings


@register_model_view(ChangeRequest, 'approve_rules', path='approve-rules', detail=False)
class ApproveRulesView(RuleActionView):
    """Leads to the change requests that wait for approval: what is approved is all of a request."""

    title = gettext_lazy('Approve')

    def is_permitted(self, user):
        return user.has_perm(MAY.format('approve'))

    def act(self, request, selection):
        found = carriers(selection.rules, request.user, (ChangeRequestStatusChoices.REQUESTED,))
        if not found:
            raise StepRefused(_('None of the selected rules is part of a change request that waits for approval.'))
        if len(found) > 1:
            names = ', '.join(map(str, found))
            text = _('The selected rules are part of several change requests. Approve them one by one: {names}')
            messages.info(request, text.format(names=names))
            return redirect(
                get_action_url(ChangeRequest, action='list') + '?' + '&'.join(f'id={each.pk}' for each in found)
            )
        [change_request] = found
        return redirect(get_action_url(change_request, action='approve', kwargs={'pk': change_request.pk}))


@register_model_view(ChangeRequest, 'record_rules', path='record-rules', detail=False)
class RecordRulesView(RuleActionView):
    """Records the selected rules as implemented. For what nobody requested, the change request is made."""

    title = gettext_lazy('Record as implemented')
    style = 'teal'

    def is_permitted(self, user):
        return user.has_perm(MAY.format('implement'))

    def act(self, request, selection):
        found = recording(selection.gateways, selection.standings, selection.keys, request.user)
        if found.new and not all(user_may(request.user, 'add', 'request', 'approve')):
            text = _('Some of the selected rules are not approved. You may not request and approve them yourself.')
            raise StepRefused(text)
        if not found.lines:
            raise StepRefused(
                _('There is nothing to record: the rules are in place, or their request is not approved.')
            )
        form = RecordRulesForm(
            self.bound(request),
            points=self._points(request, found),
            unrecorded=None in found.points,
            direct=bool(found.new),
        )
        agreed = found.digest
        if form.is_bound and form.is_valid():
            if request.POST.get('digest', '') != agreed:
                raise PlanChanged
            try:
                return self._record(request, selection, found, form)
            except ValidationError as e:
                form.add_error(None, e.messages)
        return self.show(request, form, agreed, lines=found.lines, warnings=self._warnings(found))

    def _points(self, request, found):
        points = EnforcementPoint.objects.restrict(request.user, 'view').filter(
            pk__in=[pk for pk in found.points if pk]
        )
        return points.select_related('device', 'virtual_machine').order_by('pk')

    def _record(self, request, selection, found, form):
        fields = {name: form.cleaned_data[name] for name in ('title', 'ticket') if name in form.cleaned_data}
        signature = Signature(request.user, note=form.cleaned_data['note'])
        with atomic(ChangeRequest):
            signed = record_rules(found, selection.gateways, signature, form.chosen, **fields)
            for change_request in signed:
                # The permissions may have constraints: that of a request that is made here meets all of them
                made = change_request not in found.approved
                for action in ('add', 'request', 'approve', 'implement') if made else ('implement',):
                    ChangeRequest.objects.restrict(request.user, action).get(pk=change_request.pk)
        names = ', '.join(map(str, signed))
        messages.success(request, _('Recorded as implemented: {names}').format(names=names))
        return redirect(self.get_return_url(request))

    def _warnings(self, found):
        warnings = []
        if found.new:
            warnings.append(_('Some of these rules are not approved. You request and approve them with this step.'))
        for rules, text in (
            (
                found.waiting,
                ngettext('{n} rule is not approved yet.', '{n} rules are not approved yet.', len(found.waiting)),
            ),
            (found.done, ngettext('{n} rule is in place already.', '{n} rules are in place already.', len(found.done))),
        ):
            if rules:
                warnings.append(_('Left out: {reason}').format(reason=text.format(n=len(rules))))
        return warnings


@register_model_view(Gateway, 'review_rules', path='review', detail=False)
class ReviewRulesView(RuleActionView):
    """Reviews what is required and open: all of it, for the gateways of the selected rules or of the page."""

    title = gettext_lazy('Review')
    style = 'cyan'
    layout = Layout(
        Row(Column(SignPanel())),
        Row(Column(UnapprovedPanel(), ToClosePanel(), LinesPanel())),
    )

    def is_permitted(self, user):
        return user.has_perm('netbox_gwports.review_gateway')

    def select(self, request):
        pks = {value.partition(':')[0] for value in selected_pks(request)} or {*request.POST.getlist('gateway')}
        gateways = Gateway.objects.restrict(request.user, 'view').filter(pk__in=[pk for pk in pks if pk.isdecimal()])
        gateways = list(gateways.select_related('device', 'virtual_machine').order_by('pk'))
        return gateways or None

    def act(self, request, selection):
        for gateway in selection:
            if not request.user.has_perm('netbox_gwports.review_gateway', gateway):
                raise PermissionDenied
        found = standings(selection, request.user)
        if any(standing.resolution.hidden or standing.unseen for standing in found):
            raise StepRefused(_('You may not view all flows of the selected gateways.'))
        agreed = [standing_digest(standing) for standing in found]
        every = digest([{'gateway': g.pk, 'seen': seen} for g, seen in zip(selection, agreed, strict=True)])
        form = SignForm(self.bound(request))
        if form.is_bound and form.is_valid():
            if request.POST.get('digest', '') != every:
                raise PlanChanged
            with atomic(Gateway):
                for gateway, seen in zip(selection, agreed, strict=True):
                    changes.review(gateway.pk, Signature(request.user, seen, form.cleaned_data['note']))
            names = ', '.join(map(str, selection))
            messages.success(request, _('Recorded the review of {names}.').format(names=names))
            return redirect(self.get_return_url(request))
        report = RulesReport(standings=found)
        return self.show(
            request,
            form,
            every,
            report=report,
            pks=[f'{gateway.pk}:' for gateway in selection],
            sign_title=_('Review: {names}').format(names=', '.join(map(str, selection))),
            warnings=[report.summary],
        )


def user_may(user, *actions):
    return [user.has_perm(MAY.format(action)) for action in actions]
