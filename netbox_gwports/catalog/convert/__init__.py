"""Converts a vendor's table of ports to a draft catalog and a list of doubts to check.

    draft = convert(text, head=Head('Example', 'Mail Gateway', '2.1'))

``document.read`` accepts the draft if any row is decided. Rows that are not understood are in ``draft.undecided``, and
anything else that the table does not state explicitly in ``draft.doubts``. ``draft.questions`` are few; their answers
go into the next call. Needs no database. See ``docs/converting-a-table.md``.
"""

from .answers import Answers, Decision
from .draft import LEFT_OUT, UNDECIDED, WRITTEN, Draft, Row, convert
from .errors import MEANING, OPENS, WEIGHTS, WORDING, ConversionError, Doubt
from .head import Head
from .questions import Question
from .tables import KINDS, LONGEST

__all__ = (
    'KINDS',
    'LEFT_OUT',
    'LONGEST',
    'MEANING',
    'OPENS',
    'UNDECIDED',
    'WEIGHTS',
    'WORDING',
    'WRITTEN',
    'Answers',
    'ConversionError',
    'Decision',
    'Doubt',
    'Draft',
    'Head',
    'Question',
    'Row',
    'convert',
)
