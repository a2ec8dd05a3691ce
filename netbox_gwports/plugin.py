"""The plugin's configuration, with every setting and its default."""

from netbox.plugins import PluginConfig

from .event_types import EVENT_TYPES
from .version import __version__

__all__ = ('GatewayPortsConfig',)


class GatewayPortsConfig(PluginConfig):
    # NetBox looks for search, navigation and other resources relative to the module of this class
    __module__ = __package__

    name = 'netbox_gwports'
    verbose_name = 'Gateway Ports'
    description = "Firewall requirements of DMZ gateways, from the vendor's port table to documented rules"
    version = __version__
    author = 'The netbox-gwports developers'
    base_url = 'gwports'
    min_version = '4.7.0'
    max_version = '4.7.99'
    default_settings = {
        # Limit firewall configurations to rules that are approved or in place
        'require_approval': False,
        # Refuse approval by the user who submitted the change request
        'four_eyes': False,
        # Days after which a gateway is due for another review; 0: no reviews
        'review_interval': 180,
        # Additional export formats: dotted paths of subclasses of netbox_gwports.exports.Exporter
        'exporters': [],
        # A branch (netbox-branching) that opens rules that are neither approved nor in place is not merged
        'branch_merge_check': False,
    }

    def get_jinja_context(self):
        from .jinja_env import namespace

        return {'gwports': namespace}

    def ready(self):
        super().ready()
        from . import branching, checks, dashboard, refresh, signals  # noqa: F401

        refresh.connect()

        if branching.installed():
            from .branching.connect import connect

            connect()


# Not in ready(): by then, NetBox has loaded the form of event rules, which lists those known
for _event_type in EVENT_TYPES:
    _event_type.register()
