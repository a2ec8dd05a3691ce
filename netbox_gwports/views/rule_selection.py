"""The rules that were selected on a page, and what the views that act on them share."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View
from netbox.ui.layout import Column, Layout, Row
from utilities.exceptions import AbortRequest
from utilities.views import ConditionalLoginRequiredMixin, GetReturnURLMixin

from ..models import Gateway
from ..reconcile import PlanChanged
from ..requirements import SeenStanding, standings
from ..requirements.upgrade import StepRefused
from ..tables.columns import FORM
from ..ui.changes import ChangeLinesPanel, SignPanel
from .change_steps import CHANGED, selected_pks

__all__ = ('RuleActionView', 'Selection')


@dataclass(frozen=True)
class Selection:
    """The selected rules as the user may view them: ``keys`` maps gateway pks to the keys of their rules."""

    gateways: list[Gateway]
    standings: list[SeenStanding]
    keys: dict[int, set[str]]

    @classmethod
    def of(cls, request):
        """From the tick boxes; PlanChanged if a rule is no longer there."""
        keys = {}
        for value in selected_pks(request):
            gateway, _colon, key = value.partition(':')
            if gateway.isdecimal() and key:
                keys.setdefault(int(gateway), set()).add(key)
        gateways = Gateway.objects.restrict(request.user, 'view').filter(pk__in=keys).order_by('pk')
        gateways = list(gateways.select_related('device', 'virtual_machine'))
        found = cls(gateways, standings(gateways, request.user), {g.pk: keys[g.pk] for g in gateways})
        if {(rule.gateway.id, rule.key) for rule in found.rules} != {(pk, key) for pk in keys for key in keys[pk]}:
            raise PlanChanged
        return found

    @property
    def rules(self):
        return [
            rule
            for gateway, standing in zip(self.gateways, self.standings, strict=True)
            for rule in (*standing.resolution.effective_rules, *standing.to_close)
            if rule.key in self.keys[gateway.pk]
        ]

    @property
    def keys_to_request(self):
        """The keys of those among the rules that can be requested."""
        found = {}
        for gateway, standing in zip(self.gateways, self.standings, strict=True):
            known = {rule.key for rule in (*standing.to_request, *standing.to_close)}
            if wanted := known & self.keys[gateway.pk]:
                found[gateway.pk] = wanted
        return found


class RuleActionView(ConditionalLoginRequiredMixin, GetReturnURLMixin, View):
    """POST shows what would be done for the selected rules; with ``_confirm`` it is done, all or nothing."""

    title = ''
    style = 'primary'
    done = ''
    layout = Layout(Row(Column(SignPanel())), Row(Column(ChangeLinesPanel())))

    def get(self, request):
        return redirect(self.get_return_url(request))

    def post(self, request):
        if not self.is_permitted(request.user):
            raise PermissionDenied
        try:
            selection = self.select(request)
            if selection is None:
                raise StepRefused(_('No rules were selected.'))
            return self.act(request, selection)
        except ObjectDoesNotExist:
            raise PermissionDenied from None
        except PlanChanged:
            messages.warning(request, CHANGED)
        except (AbortRequest, StepRefused) as e:
            messages.error(request, str(e))
        return redirect(self.get_return_url(request))

    def select(self, request):
        found = Selection.of(request)
        return found if found.keys else None

    def is_permitted(self, user):
        raise NotImplementedError

    def act(self, request, selection):
        """The response; raises what refuses the action."""
        raise NotImplementedError

    def show(self, request, form, digest, **context):
        """The page that asks for confirmation."""
        context = {
            'title': self.title,
            'sign_title': self.title,
            'label': self.title,
            'style': self.style,
            'form': form,
            'form_id': FORM,
            'digest': digest,
            'pks': selected_pks(request),
            'return_url': self.get_return_url(request),
            'layout': self.layout,
            **context,
        }
        return render(request, 'netbox_gwports/panels_page.html', context)

    def bound(self, request):
        """Data of the form; None where it is shown for the first time."""
        return request.POST if '_confirm' in request.POST else None
