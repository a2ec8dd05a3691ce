"""A check before a branch is merged: nothing is opened that nobody has approved."""

import logging

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from netbox.plugins import get_plugin_config
from netbox_branching.utilities import BranchActionIndicator

from ..rules.constants import APPROVED, IN_PLACE
from ..rules.subtract import uncovered
from ..viewer import current_user
from .changes import Changes, changes_of
from .text import rule_text

__all__ = ('may_merge', 'unapproved')

# Rules that a message names
MOST_NAMED = 10


def may_merge(branch) -> BranchActionIndicator:
    """Registered with netbox-branching; permits everything unless the setting ``branch_merge_check`` is on."""
    if not get_plugin_config('netbox_gwports', 'branch_merge_check') or not branch.ready:
        return BranchActionIndicator(True)
    changes = changes_of(branch)
    if changes.behind:
        # What is opened by both sides together would be in neither
        return _refused(
            _('Changes in main may affect firewall rules and are not in this branch. Sync the branch, then merge it.')
        )
    if found := unapproved(changes):
        return _refused(_message(branch, len(found)))
    return BranchActionIndicator(True)


def unapproved(changes: Changes) -> list:
    """What opens without being approved, as rules."""
    opens = changes.opens
    return list(uncovered(opens, [rule for rule in opens if rule.standing in (APPROVED, IN_PLACE)]))


def _message(branch, total):
    """Names what the user of the request may see; a job, whose log others may read, only counts."""
    user = current_user()
    named = [] if user is None else unapproved(changes_of(branch, user))[:MOST_NAMED]
    lines = [f'{rule.gateway.name}: {rule_text(rule)}' for rule in named]
    if rest := total - len(lines):
        lines.append(ngettext('{n} more rule', '{n} more rules', rest).format(n=rest) if lines else str(rest))
    return _('This branch opens firewall rules that are not approved: {rules}.').format(rules='; '.join(lines))


def _refused(message):
    # The job that merges tells only that it may not: this goes into its log
    logging.getLogger('netbox_branching.branch.merge').warning(message)
    return BranchActionIndicator(False, message)
