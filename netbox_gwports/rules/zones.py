"""Whether an address can be in a zone, where it is known which networks the zones hold."""

from collections.abc import Iterable

from .addresses import Address

__all__ = ('misplaced',)


def misplaced(address: Address, zone: str, zone_networks: Iterable[tuple[str, tuple[Address, ...]]]) -> str:
    """Why an address cannot be in a zone, in words; empty where it can, or where nothing is known.

    The most specific network that contains the address decides; of several equally specific ones, that of the zone
    itself. A network of every address stands for the rest: what only it contains is outside the other zones' networks.
    """
    holding = [(n.last - n.first, n, name) for name, networks in zone_networks for n in networks if n.contains(address)]
    if not holding:
        return ''
    size = min(size for size, _network, _name in holding)
    names = sorted({name for found, _network, name in holding if found == size})
    if zone in names:
        return ''
    network = next(network for found, network, _name in holding if found == size)
    if not network.is_all:
        # Not which network: the reader may not be allowed to see what a firewall knows
        return f'{address} belongs to the zone {" and ".join(names)}, not {zone}'
    own = [network for name, networks in zone_networks if name == zone for network in networks]
    if any(network.meets(address) for network in own):
        return ''
    return f'{address} is outside the networks of the zone {zone}'
