"""The dashboard widget: what is left to do for all gateways that the user may view."""

from django.db.models import Count, F, Q, Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from extras.dashboard.utils import register_widget
from extras.dashboard.widgets import DashboardWidget

from .db import in_branch
from .filtersets.gateways import STANDING_FILTERS
from .models import Gateway
from .viewer import may_view_standing, visible_summaries

__all__ = ('StandingWidget',)

# (label, filter of the list of gateways, field with the number of rules or items; without: gateways are counted)
LINES = (
    (_('Open items'), 'open_items', 'open_items'),
    (_('To request'), 'to_request', 'to_request'),
    (_('To open'), 'to_open', 'to_open'),
    (_('To close'), 'to_close', 'to_close'),
    (_('Open without approval'), 'unapproved', 'unapproved'),
    (_('Clear text without mitigation'), 'unmitigated', 'clear_text'),
    (_('Reviews due'), 'review_overdue', ''),
    (_('Behind their profile'), 'behind', ''),
)


@register_widget
class StandingWidget(DashboardWidget):
    default_title = _('Firewall Requirements')
    description = _('What is left to request, open, close and review for the gateways that you may view.')
    template_name = 'netbox_gwports/widgets/standing.html'
    width = 4
    height = 4

    def render(self, request):
        user = request.user
        context = {'gateways': Gateway.objects.restrict(user, 'view').count()}
        if in_branch(Gateway):
            context['note'] = _('These numbers are not available within a branch.')
        elif not may_view_standing(user):
            context['note'] = _('You need permission to view all flows, endpoints and change lines for more.')
        else:
            context |= self.numbers(user)
            context['missing'] = context['gateways'] - context['shown']
        return render_to_string(self.template_name, context)

    @staticmethod
    def numbers(user) -> dict:
        """One query, whatever the number of gateways."""
        today, sums = timezone.localdate(), {}
        for _label, name, field in LINES:
            _filter_label, says = STANDING_FILTERS[name]
            sums[f'{name}_gateways'] = Count('pk', filter=says(today))
            if field:
                sums[f'{name}_total'] = Sum(F(field), default=0)
        found = visible_summaries(user).aggregate(shown=Count('pk'), outdated=Count('pk', filter=Q(stale=True)), **sums)
        url = reverse('plugins:netbox_gwports:gateway_list')
        return {
            'shown': found['shown'],
            'outdated': found['outdated'],
            'lines': [
                {
                    'label': label,
                    'count': found[f'{name}_total'] if field else found[f'{name}_gateways'],
                    'gateways': found[f'{name}_gateways'],
                    'url': f'{url}?{name}=true',
                }
                for label, name, field in LINES
            ],
        }
