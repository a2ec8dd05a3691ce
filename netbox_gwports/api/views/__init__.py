from .catalog import *
from .changes import *
from .enforcement import *
from .flows import *
from .gateways import *
from .requirements import *
from .standing import *
