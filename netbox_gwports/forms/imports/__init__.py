from .catalog import *
from .endpoints import *
from .flows import *
from .gateways import *
