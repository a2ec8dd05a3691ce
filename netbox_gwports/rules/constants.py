"""The values that pure code and NetBox's choices share: directions, zones, kinds of remotes, standings of rules."""

__all__ = (
    'ANY',
    'APPROVED',
    'DIRECTIONS',
    'DMZ',
    'INBOUND',
    'INTERNAL',
    'INTERNET',
    'IN_PLACE',
    'MANAGEMENT',
    'NAMED',
    'NOT_REQUESTED',
    'OUTBOUND',
    'PEERS',
    'PROXY',
    'REJECTED',
    'REMOTE_KINDS',
    'REQUESTED',
    'STANDINGS',
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

# Where a required rule stands, from the least to the most advanced. Unapproved: open without approval. Approved: still
# to be opened
NOT_REQUESTED = 'not_requested'
REJECTED = 'rejected'
REQUESTED = 'requested'
UNAPPROVED = 'unapproved'
APPROVED = 'approved'
IN_PLACE = 'in_place'
STANDINGS = (NOT_REQUESTED, REJECTED, REQUESTED, UNAPPROVED, APPROVED, IN_PLACE)
# A rule that is open and no longer required: not on the way to anything
TO_CLOSE = 'to_close'
