from django.utils.translation import gettext_lazy as _
from netbox.plugins import PluginMenu, PluginMenuButton, PluginMenuItem

__all__ = ('menu',)


BUTTONS = (('add', _('Add'), 'mdi mdi-plus-thick'), ('bulk_import', _('Import'), 'mdi mdi-upload'))


def item(model, text, buttons=('add', 'bulk_import')):
    return PluginMenuItem(
        link=f'plugins:netbox_gwports:{model}_list',
        link_text=text,
        permissions=[f'netbox_gwports.view_{model}'],
        buttons=tuple(
            PluginMenuButton(
                link=f'plugins:netbox_gwports:{model}_{name}',
                title=title,
                icon_class=icon,
                permissions=[f'netbox_gwports.add_{model}'],
            )
            for name, title, icon in BUTTONS
            if name in buttons
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
            _('Change Control'),
            (
                item('changerequest', _('Change Requests'), buttons=('add',)),
                item('signoff', _('Sign-offs'), buttons=()),
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
