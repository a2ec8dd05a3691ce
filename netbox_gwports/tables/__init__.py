from .catalog import *
from .gateways import *
from .requirements import *
