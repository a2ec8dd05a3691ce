"""Change control: requests to open and close rules, and the sign-offs that say what is approved and in place."""

from .lines import change_lines, draft, lines_digest, rules_to_change
from .requesting import request_rules
from .review import review, standing_digest
from .sign import approve, implement, record, reject, request_digest, roll_back, submit, withdraw

__all__ = (
    'approve',
    'change_lines',
    'draft',
    'implement',
    'lines_digest',
    'record',
    'reject',
    'request_digest',
    'request_rules',
    'review',
    'roll_back',
    'rules_to_change',
    'standing_digest',
    'submit',
    'withdraw',
)
