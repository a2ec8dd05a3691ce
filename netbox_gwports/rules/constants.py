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
    'IN_PLACE',
    'MANAGEMENT',
    'NAMED',
    'NOT_REQUESTED',
    'OUTBOUND',
    'PEERS',
    'PLANNED',
    'PROXY',
    'REJECTED',
    'REMOTE_KINDS',
    'REQUESTED',
    'STANDINGS',
    'STATES',
    'TO_CLOSE',
    'UNAPPROVED',
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

# Where a rule stands, from the least to the most advanced. UNAPPROVED is open without approval, APPROVED is to be
# opened; TO_CLOSE, for rules that are open and no longer required, has no place in the order
NOT_REQUESTED = 'not_requested'
REJECTED = 'rejected'
UNAPPROVED = 'unapproved'
IN_PLACE = 'in_place'
TO_CLOSE = 'to_close'
STANDINGS = (NOT_REQUESTED, REJECTED, REQUESTED, UNAPPROVED, APPROVED, IN_PLACE)
