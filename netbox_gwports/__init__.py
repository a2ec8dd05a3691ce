"""What the firewalls around a DMZ gateway must permit, why, and whether it is done: as data in NetBox."""

from .version import __version__

__all__ = ('__version__',)


def __getattr__(name):
    # NetBox asks for ``config`` and Django for its class. Loading them only then keeps rules, catalogs and exports
    # importable where there is no NetBox.
    if name in {'GatewayPortsConfig', 'config'}:
        from .plugin import GatewayPortsConfig

        return GatewayPortsConfig
    raise AttributeError(f'module {__name__!r} has no attribute {name!r}')
