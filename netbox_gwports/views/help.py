"""A page of help a model, where the question mark of its forms leads."""

from importlib.resources import files

from django.http import Http404
from django.shortcuts import render
from django.views import View
from utilities.views import ConditionalLoginRequiredMixin

__all__ = ('HelpView',)


class HelpView(ConditionalLoginRequiredMixin, View):
    """The text comes with the plugin, so it is of its version and needs no other server."""

    def get(self, request, model):
        page = files('netbox_gwports') / 'help' / f'{model}.md'
        if not page.is_file():
            raise Http404
        title, text = page.read_text(encoding='utf-8').split('\n', 1)
        return render(request, 'netbox_gwports/help.html', {'title': title.removeprefix('# '), 'text': text})
