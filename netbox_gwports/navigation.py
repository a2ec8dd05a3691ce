from django.utils.translation import gettext_lazy as _
from netbox.plugins import PluginMenu, PluginMenuButton, PluginMenuItem

__all__ = ('menu',)


def item(model, text):
    return PluginMenuItem(
        link=f'plugins:netbox_gwports:{model}_list',
        link_text=text,
        permissions=[f'netbox_gwports.view_{model}'],
        buttons=(
            PluginMenuButton(
                link=f'plugins:netbox_gwports:{model}_add',
                title=_('Add'),
                icon_class='mdi mdi-plus-thick',
                permissions=[f'netbox_gwports.add_{model}'],
            ),
            PluginMenuButton(
                link=f'plugins:netbox_gwports:{model}_bulk_import',
                title=_('Import'),
                icon_class='mdi mdi-upload',
                permissions=[f'netbox_gwports.add_{model}'],
            ),
        ),
    )


menu = PluginMenu(
    label=_('Gateway Ports'),
    icon_class='mdi mdi-wall-fire',
    groups=(
        (
            _('Gateways'),
            (
                item('gateway', _('Gateways')),
                item('gatewaygroup', _('Gateway Groups')),
                item('gatewayaddress', _('Gateway Addresses')),
                item('requiredflow', _('Required Flows')),
                item('remoteendpoint', _('Remote Endpoints')),
            ),
        ),
        (
            _('Enforcement'),
            (
                item('enforcementpoint', _('Enforcement Points')),
                item('enforcementzone', _('Enforcement Zones')),
            ),
        ),
        (
            _('Catalog'),
            (
                item('gatewayprofile', _('Profiles')),
                item('profilefeature', _('Features')),
                item('gatewayservice', _('Services')),
                item('flowtemplate', _('Flow Templates')),
                item('remoterole', _('Remote Roles')),
            ),
        ),
    ),
)
