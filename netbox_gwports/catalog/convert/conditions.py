"""Finds conditions in a vendor's sentences, which become features."""

import re
from dataclasses import dataclass

__all__ = ('Condition', 'find', 'words_of')

USED = (
    r'(?:us(?:e|es|ed|ing)|enabl(?:e|ed|ing)|configur(?:e|ed|ing)|activ(?:e|ated)|install(?:ed)?|licen[cs]ed|deployed|'
    r'selected|required|needed|exists?|running|mode|turned on|switched on|you have|purchased|subscribed)'
)
# The group "what" holds the words of the condition; the first match wins
PATTERNS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r'\((?P<what>[^()]{1,80}?)\s+only\)',
        r'\bonly\s+(?:needed|required|used|necessary)?\s*(?:if|when|where|for|with|in)\s+(?P<what>[^.;:,()]{1,120})',
        r'\(only\s+(?P<what>[^()]{1,80})\)',
        r'\bif\s+(?P<what>[^.;:,()]{1,120})',
        rf'\b(?:when|where|while)\s+(?P<what>(?=[^.;:,()]*\b{USED}\b)[^.;:,()]{{1,120}})',
        r'\b(?:requires|depends on)\s+(?:the\s+)?(?P<what>[^.;:,()]{1,80}?\s+(?:feature|licen[cs]e|module|option))',
        r'(?P<what>\b(?:optional(?:ly)?|you may also|may also be)\b)',
    )
]
# "If your system uses another port, open that" is about the port, not about whether the flow is required
ABOUT_PORTS = re.compile(r'\b(?:ports?|firewalls?|instead)\b', re.IGNORECASE)
WORD = re.compile(r"[^\W_][\w.+-]*(?:'[st])?")
FILLING = set(
    'a an the is are be been being was you your it its they their this that these of for to in on at by with and or if '
    'when where only used use uses using enabled enable enabling configured configure active activated installed '
    'deployed selected required needed necessary exists exist running feature features option optional optionally '
    'have has purchased subscribed may also turned switched system mode licensed licenced do does want '
    'wish as so not'.split()
)


@dataclass(frozen=True, slots=True)
class Condition:
    """``words``: at most four that describe the feature; none for "if configured" and "optional"."""

    text: str
    words: tuple[str, ...]


def find(text: str) -> Condition | None:
    """The first condition in a text."""
    for pattern in PATTERNS:
        for match in pattern.finditer(text):
            if not ABOUT_PORTS.search(match['what']):
                return Condition(match[0].strip(' ()'), words_of(match['what']))
    return None


def words_of(text: str, most: int = 4) -> tuple[str, ...]:
    """The first words that are not fillers."""
    words = [word.rstrip('.-+') for word in WORD.findall(text)]
    return tuple(word for word in words if word.casefold() not in FILLING)[:most]
