"""Profile and features of a gateway -> its required flows.

``make_plan`` is a pure function over loaded objects; ``reconcile`` loads, plans and applies under a lock, inside the
caller's transaction. It runs when a gateway is created and when its features, its profile or the end of its life
change, by whichever way; a catalog that was imported again touches no gateway until somebody asks.
"""

from .apply import PlanChanged, plans, reconcile
from .change import Change, Plan
from .plan import make_plan
from .triggers import collected, gateway_saved, requested, with_parents
from .visibility import restrict

__all__ = (
    'Change',
    'Plan',
    'PlanChanged',
    'collected',
    'gateway_saved',
    'make_plan',
    'plans',
    'reconcile',
    'requested',
    'restrict',
    'with_parents',
)
