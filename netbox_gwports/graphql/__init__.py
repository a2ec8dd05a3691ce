from .schema import GatewayPortsQuery

# What NetBox looks for
schema = [GatewayPortsQuery]
