"""What the firewalls around a DMZ gateway must permit, why, and whether it is done: as data in NetBox."""

from netbox.plugins import PluginConfig

from .version import __version__


class GatewayPortsConfig(PluginConfig):
    name = 'netbox_gwports'
    verbose_name = 'Gateway Ports'
    description = "Firewall requirements of DMZ gateways: from the vendor's port table to rules, with reasons"
    version = __version__
    author = 'The netbox-gwports developers'
    base_url = 'gwports'
    min_version = '4.7.0'
    max_version = '4.7.99'
    default_settings = {
        # Firewall configuration holds rules that are approved or implemented, and no others
        'require_approval': False,
        # Formats of this site or of other plugins: dotted paths of subclasses of netbox_gwports.exports.Exporter
        'exporters': [],
    }

    def get_jinja_context(self):
        from .jinja_env import namespace

        return {'gwports': namespace}

    def ready(self):
        super().ready()
        from . import signals  # noqa: F401


config = GatewayPortsConfig
