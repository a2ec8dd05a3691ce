from .catalog import *
from .endpoints import *
from .enforcement import *
from .flows import *
from .gateways import *
