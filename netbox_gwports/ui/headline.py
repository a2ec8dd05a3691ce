"""How many rules have which standing, and this in words: the same on every page."""

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import StandingChoices
from ..rules.constants import STANDINGS
from ..rules.rule import Rule

__all__ = ('headline', 'is_in_place', 'standing_counts')


def standing_counts(rules: Iterable[Rule]) -> Counter[str]:
    """Standing -> number of rules; 0 for those that no rule has."""
    return Counter(rule.standing for rule in rules)


def is_in_place(counts: Counter[str]) -> bool:
    """Whether nothing is left to request, approve, open or close."""
    return not any(n for standing, n in counts.items() if standing != StandingChoices.IN_PLACE)


def headline(counts: Counter[str], open_items: int = 0) -> str:
    """ "2 not requested, 3 to open, 1 open item, 4 of 9 rules in place"."""
    parts = [
        (counts[StandingChoices.UNAPPROVED], _('{n} open without approval')),
        (counts[StandingChoices.NOT_REQUESTED], _('{n} not requested')),
        (counts[StandingChoices.REJECTED], _('{n} rejected')),
        (counts[StandingChoices.REQUESTED], _('{n} requested')),
        (counts[StandingChoices.APPROVED], _('{n} to open')),
        (counts[StandingChoices.TO_CLOSE], _('{n} to close')),
        (open_items, ngettext('{n} open item', '{n} open items', open_items)),
    ]
    # Rules to close are not among those required
    total = sum(counts[standing] for standing in STANDINGS)
    in_place = ngettext('{n} of {all} rule in place', '{n} of {all} rules in place', total)
    texts = [text.format(n=n) for n, text in parts if n]
    return ', '.join([*texts, in_place.format(n=counts[StandingChoices.IN_PLACE], all=total)])
