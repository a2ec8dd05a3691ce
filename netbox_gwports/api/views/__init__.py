from .catalog import *
from .enforcement import *
from .flows import *
from .gateways import *
from .requirements import *
