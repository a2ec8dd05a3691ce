"""Steps of a change request, each with a page that shows what is signed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from netbox.ui.layout import Column, Layout, Row
from netbox.views import generic
from utilities.exceptions import AbortRequest
from utilities.views import GetReturnURLMixin, register_model_view

from .. import changes, object_actions
from ..changes.progress import next_steps, progress
from ..changes.sign import Signature
from ..db import atomic
from ..forms import FirewallSignForm, SignForm
from ..models import ChangeRequest, EnforcementPoint, SignOff
from ..reconcile import PlanChanged
from ..requirements.upgrade import StepRefused
from ..tables.columns import FORM
from ..ui.changes import ChangeLinesPanel, ChangeRequestPanel, SignPanel
from .changes import lines_of

__all__ = (
    'CHANGED',
    'ChangeRequestApproveView',
    'ChangeRequestImplementView',
    'ChangeRequestRejectView',
    'ChangeRequestRollBackView',
    'ChangeRequestSubmitView',
    'ChangeRequestWithdrawView',
    'reason_of',
    'selected_pks',
)

CHANGED = gettext_lazy('Data has changed since this page was loaded. Please review it again.')


def reason_of(error):
    """The text of what refused a step."""
    return ' '.join(error.messages) if isinstance(error, ValidationError) else str(error)


def selected_pks(request):
    """The values of the tick boxes that were sent, each once: a box of a joined line has several."""
    return list(dict.fromkeys(pk for value in request.POST.getlist('pk') for pk in value.split(',') if pk))


class StepView(GetReturnURLMixin, generic.ObjectView):
    """GET shows what is signed. POST signs it, provided that it is still what was shown."""

    queryset = ChangeRequest.objects.all()
    template_name = 'generic/object.html'
    actions = ()
    layout = Layout(
        Row(Column(SignPanel()), Column(ChangeRequestPanel())),
        Row(Column(ChangeLinesPanel())),
    )
    # A button of object_actions, the function that signs, and what is said afterwards
    step = None
    record = None
    done = ''

    def get_form(self, request, instance, found):
        return SignForm(request.POST or None)

    def sign(self, instance, signature, form, request):
        self.record(instance.pk, signature)

    def get_extra_context(self, request, instance, form=None):
        lines, unseen = lines_of(instance, request.user)
        found = self._progress(instance)
        return {
            'sign_title': self.step.label,
            'label': self.step.label,
            'style': self.step.style,
            'form': form or self.get_form(request, instance, found),
            'form_id': FORM,
            'digest': changes.request_digest(instance, instance.lines.order_by('pk')),
            'return_url': self.get_return_url(request, instance),
            'warnings': self.get_warnings(instance, found),
            'lines': lines,
            'unseen_lines': unseen,
            'progress': None if instance.is_draft else found,
        }

    def get_warnings(self, instance, found):
        return []

    def get(self, request, **kwargs):
        instance = self.get_object(**kwargs)
        self._check(request, instance)
        if self.step.name not in next_steps(instance, self._progress(instance)):
            text = _('"{step}" is not possible: the status of the change request is "{status}".')
            messages.warning(request, text.format(step=self.step.label, status=instance.get_status_display()))
            return redirect(instance)
        return super().get(request, **kwargs)

    def post(self, request, **kwargs):
        instance = self.get_object(**kwargs)
        self._check(request, instance)
        form = self.get_form(request, instance, self._progress(instance))
        if not form.is_valid():
            messages.error(request, ' '.join(text for texts in form.errors.values() for text in texts))
            return redirect(request.get_full_path())
        signature = Signature(request.user, request.POST.get('digest', ''), form.cleaned_data['note'])
        try:
            with atomic(ChangeRequest):
                self.sign(instance, signature, form, request)
        except PlanChanged:
            messages.warning(request, CHANGED)
            return redirect(request.get_full_path())
        except (AbortRequest, StepRefused, ValidationError) as e:
            messages.error(request, reason_of(e))
            return redirect(request.get_full_path())
        messages.success(request, self.done.format(request=instance))
        return redirect(self.get_return_url(request, instance))

    def _check(self, request, instance):
        if not self.step.is_permitted(request.user, instance):
            raise PermissionDenied

    def _progress(self, instance):
        lines = list(instance.lines.select_related('change_request').order_by('pk'))
        return progress(lines, SignOff.objects.filter(change_request=instance).order_by('pk'))


@register_model_view(ChangeRequest, 'submit')
class ChangeRequestSubmitView(StepView):
    step = object_actions.Submit
    record = staticmethod(changes.submit)
    done = gettext_lazy('Submitted {request} for approval.')


@register_model_view(ChangeRequest, 'approve')
class ChangeRequestApproveView(StepView):
    step = object_actions.Approve
    record = staticmethod(changes.approve)
    done = gettext_lazy('Approved {request}.')


@register_model_view(ChangeRequest, 'reject')
class ChangeRequestRejectView(StepView):
    step = object_actions.Reject
    record = staticmethod(changes.reject)
    done = gettext_lazy('Rejected {request}.')


@register_model_view(ChangeRequest, 'withdraw')
class ChangeRequestWithdrawView(StepView):
    step = object_actions.Withdraw
    record = staticmethod(changes.withdraw)
    done = gettext_lazy('Withdrew {request}.')

    def get_warnings(self, instance, found):
        if any(found.done.values()):
            return [_('Rules that are implemented already stay open, without approval.')]
        return []


class FirewallStepView(StepView):
    """A step that is recorded for one firewall or for all of them, and for the selected lines."""

    def get_extra_context(self, request, instance, form=None):
        return {**super().get_extra_context(request, instance, form), 'selectable': True}

    def points(self, found):
        """The firewalls to choose from: enforcement point pk or None -> lines."""
        raise NotImplementedError

    def get_form(self, request, instance, found):
        points = {point: lines for point, lines in self.points(found).items() if lines}
        visible = EnforcementPoint.objects.restrict(request.user, 'view').filter(pk__in=[pk for pk in points if pk])
        return FirewallSignForm(
            request.POST or None,
            points=visible.select_related('device', 'virtual_machine').order_by('pk'),
            unrecorded=None in points,
        )

    def sign(self, instance, signature, form, request):
        selected = selected_pks(request)
        chosen = {int(pk) for pk in selected if pk.isdecimal()}
        if len(chosen) != len(selected):
            raise StepRefused(_('Select lines of this change request.'))
        available, signed = self.points(self._progress(instance)), False
        for point in form.chosen:
            lines = available.get(point and point.pk, frozenset())
            if lines := lines & chosen if chosen else lines:
                self.record(instance.pk, signature, point, lines)
                signed = True
        if not signed:
            raise StepRefused(_('None of the selected rules concerns this firewall.'))


@register_model_view(ChangeRequest, 'implement')
class ChangeRequestImplementView(FirewallStepView):
    step = object_actions.Implement
    done = gettext_lazy('Recorded {request} as implemented.')
    record = staticmethod(changes.implement)

    def points(self, found):
        return {point: found.left(point) for point in found.points}

    def get_warnings(self, instance, found):
        if instance.status != changes.sign.STATUS.APPROVED:
            return [_('This emergency change is not approved. Its rules are open without approval until it is.')]
        return []


@register_model_view(ChangeRequest, 'roll_back', path='roll-back')
class ChangeRequestRollBackView(FirewallStepView):
    step = object_actions.RollBack
    done = gettext_lazy('Recorded {request} as rolled back.')
    record = staticmethod(changes.roll_back)

    def points(self, found):
        return found.done
