from .catalog import *
from .catalogues import *
from .endpoints import *
from .flows import *
from .gateways import *
from .plans import *
from .requirements import *
from .touching import *
