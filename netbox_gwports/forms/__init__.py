from .bulk_edit import *
from .catalog import *
from .catalogues import *
from .endpoints import *
from .filters import *
from .flows import *
from .gateways import *
from .imports import *
