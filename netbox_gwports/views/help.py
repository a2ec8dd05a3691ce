"""Help pages of the models, which the help icon of their forms links to."""

from importlib.resources import files

from django.http import Http404
from django.shortcuts import render
from django.views import View
from utilities.views import ConditionalLoginRequiredMixin

__all__ = ('HelpView',)


class HelpView(ConditionalLoginRequiredMixin, View):
    """Shows the help text shipped with the plugin, so that it matches the version and works offline."""

    def get(self, request, model):
        page = files('netbox_gwports') / 'help' / f'{model}.md'
        if not page.is_file():
            raise Http404
        title, text = page.read_text(encoding='utf-8').split('\n', 1)
        return render(request, 'netbox_gwports/help.html', {'title': title.removeprefix('# '), 'text': text})
