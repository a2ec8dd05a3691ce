"""Content added to the pages of devices and virtual machines."""

from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from netbox.plugins import PluginTemplateExtension

from .ui.requirements import MachineGatewayPanel
from .viewer import gateway_of, visible_gateway, visible_summary

__all__ = ('template_extensions',)


class MachineExtension(PluginTemplateExtension):
    models = ['dcim.device', 'virtualization.virtualmachine']

    def right_page(self):
        machine = self.context['object']
        if (gateway := visible_gateway(machine)) is None:
            return ''
        name = f'{machine._meta.app_label}:{machine._meta.model_name}_gwports_requirements'
        context = {
            'gateway': gateway,
            'summary': visible_summary(machine),
            'tab_url': reverse(name, args=[machine.pk]),
        }
        return MachineGatewayPanel().render({**self.context, **context})

    def buttons(self):
        machine, user = self.context['object'], self.context['request'].user
        if visible_gateway(machine) or not user.has_perm('netbox_gwports.add_gateway'):
            return ''
        # Unrestricted on purpose: a second gateway for the same machine would be refused
        if gateway_of(machine).exists():
            return ''
        query = urlencode({
            machine._meta.model_name.replace('virtualmachine', 'virtual_machine'): machine.pk,
            'return_url': machine.get_absolute_url(),
        })
        url = f'{reverse("plugins:netbox_gwports:gateway_add")}?{query}'
        return render_to_string('buttons/add.html', {'url': url, 'label': _('Add Gateway')})


template_extensions = [MachineExtension]
