"""How many rules have which standing, and this in words: the same on every page."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..choices import StandingChoices
from ..rules.rule import Rule

__all__ = ('headline', 'is_in_place', 'standing_counts')


def standing_counts(rules: Iterable[Rule]) -> Counter[str]:
    """Standing -> number of rules; 0 for those that no rule has."""
    return Counter(rule.standing for rule in rules)


def is_in_place(counts: Counter[str]) -> bool:
    """Whether nothing is left to request, approve, open or close."""
    return not any(n for standing, n in counts.items() if standing != StandingChoices.IN_PLACE)


def headline(counts: Mapping[str, int]) -> str:
    """ "2 to request, 3 to open, 1 open item, 4 of 9 rules in place", from ``rules.standing.counts`` or as stored.

    Those open without approval are named first; where they are required, they are to be requested, too.
    """
    parts = [
        (counts['unapproved'], _('{n} open without approval')),
        (counts['to_request'], _('{n} to request')),
        (counts['requested'], _('{n} requested')),
        (counts['to_open'], _('{n} to open')),
        (counts['to_close'], _('{n} to close')),
        (counts['open_items'], ngettext('{n} open item', '{n} open items', counts['open_items'])),
    ]
    in_place = ngettext('{n} of {all} rule in place', '{n} of {all} rules in place', counts['rules'])
    texts = [text.format(n=n) for n, text in parts if n]
    return ', '.join([*texts, in_place.format(n=counts['in_place'], all=counts['rules'])])
