from .catalog import *
from .endpoints import *
from .filtering import *
from .flows import *
from .gateways import *
