"""The values that pure code and NetBox's choices share: directions, zones, kinds of remotes, statuses of flows."""

__all__ = (
    'ANY',
    'APPROVED',
    'DIRECTIONS',
    'DMZ',
    'IMPLEMENTED',
    'INBOUND',
    'INTERNAL',
    'INTERNET',
    'MANAGEMENT',
    'NAMED',
    'OUTBOUND',
    'PEERS',
    'PLANNED',
    'PROXY',
    'REMOTE_KINDS',
    'REQUESTED',
    'STATES',
    'ZONES',
)

# Who opens the connection: the remote or the gateway
INBOUND = 'inbound'
OUTBOUND = 'outbound'
DIRECTIONS = (INBOUND, OUTBOUND)

# Where a remote sits as seen from the gateway. A site may add zones of its own: code that must know all of them takes
# them as an argument
INTERNET = 'internet'
INTERNAL = 'internal'
DMZ = 'dmz'
MANAGEMENT = 'management'
ZONES = (INTERNET, INTERNAL, DMZ, MANAGEMENT)

# How the remotes of a role are found: endpoints must be assigned, any address of its zone, the gateway's peers, a proxy
NAMED = 'named'
ANY = 'any'
PEERS = 'peers'
PROXY = 'proxy'
REMOTE_KINDS = (NAMED, ANY, PEERS, PROXY)

# The statuses in which a flow is required and gives rules, from the first step to the furthest
PLANNED = 'planned'
REQUESTED = 'requested'
APPROVED = 'approved'
IMPLEMENTED = 'implemented'
STATES = (PLANNED, REQUESTED, APPROVED, IMPLEMENTED)
