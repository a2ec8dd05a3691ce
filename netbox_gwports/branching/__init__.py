"""What is there only where the plugin netbox-branching is installed, version 1.2 or newer.

Nothing outside this package imports netbox_branching, and nothing imports this package but the plugin's start and its
URLs, both after asking ``installed``.
"""

from django.apps import apps

__all__ = ('installed',)


def installed() -> bool:
    return apps.is_installed('netbox_branching')
