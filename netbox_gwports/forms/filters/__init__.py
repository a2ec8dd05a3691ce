from .catalog import *
from .changes import *
from .endpoints import *
from .enforcement import *
from .flows import *
from .gateways import *
