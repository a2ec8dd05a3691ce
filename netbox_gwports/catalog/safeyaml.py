"""YAML as plain data, for documents from strangers: what surprises people or exhausts servers is refused.

A subclass of PyYAML's SafeLoader. It takes a value for a number, true, false or empty only where YAML 1.2 does: ``no``
and ``on`` stay text, ``22:22`` is no number of seconds and ``010`` no octal one.
"""

import re

import yaml

from .errors import Problems

__all__ = ('DEEPEST', 'LONGEST', 'UNPRINTABLE', 'load', 'position', 'too_long')

LONGEST = 200_000
DEEPEST = 12
# What YAML itself admits in a file, which an escape in a quoted text can smuggle in and PostgreSQL does not store
UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML, but not here."""

    def __init__(self, event, problem):
        super().__init__(problem=problem, problem_mark=event.start_mark)


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}

    def __init__(self, text, problems):
        super().__init__(text)
        self.problems = problems
        self.depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        if getattr(event, 'anchor', None):
            raise _Refused(event, 'anchors (&) and aliases (*) are refused: write the text out')
        if getattr(event, 'tag', None):
            raise _Refused(event, 'tags (!) are refused: leave it out')
        if self.depth == DEEPEST:
            raise _Refused(event, f'is nested more than {DEEPEST} deep: see the description of the format')
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        """As PyYAML does, with text keys only and each once; what is wrong is told and reading goes on."""
        keys, kept = set(), []
        for key_node, value_node in node.value:
            key = key_node.value if key_node.tag == 'tag:yaml.org,2002:str' else None
            if not isinstance(key, str):
                self._add(key_node, '', 'a key is no text: write one of the keys of the format')
            elif key.strip() in keys:
                self._add(key_node, key.strip(), 'is there twice: keep one of them')
            else:
                keys.add(key.strip())
                kept.append((key_node, value_node))
        node.value = kept
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node):
        value = super().construct_scalar(node)
        if UNPRINTABLE.search(value):
            self._add(node, '', 'a text has control characters in it: leave them out')
        return value.strip()

    def _add(self, node, field, message):
        self.problems.add(_place(node.start_mark), field, message)


# YAML 1.2's core schema without octal and hexadecimal numbers. Endless numbers are text: Python refuses to convert them
for _tag, _pattern, _first in (
    ('null', r'~|null|Null|NULL|', ['~', 'n', 'N', '']),
    ('bool', r'true|True|TRUE|false|False|FALSE', list('tTfF')),
    ('int', r'[-+]?(?:0|[1-9][0-9]{0,17})', list('-+0123456789')),
    (
        'float',
        r'[-+]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30}(?=[eE]))(?:[eE][-+]?[0-9]{1,3})?',
        list('-+0123456789.'),
    ),
):
    _Loader.add_implicit_resolver(f'tag:yaml.org,2002:{_tag}', re.compile(rf'(?:{_pattern})\Z'), _first)


def load(text: str, problems: Problems):
    """The document as dictionaries, lists, text, numbers, booleans and None; None where it cannot be read at all.

    What is wrong goes into ``problems``, with line and column.
    """
    if too_long(text, problems):
        return None
    try:
        loader = _Loader(text, problems)
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()
    except _Refused as e:
        problems.add(_place(e.problem_mark), '', e.problem)
    except yaml.reader.ReaderError as e:
        problems.add(position(text, e.position), '', f'has the character U+{e.character:04X} in it: leave it out')
    except yaml.YAMLError as e:
        mark = getattr(e, 'problem_mark', None) or getattr(e, 'context_mark', None)
        problem = getattr(e, 'problem', None) or getattr(e, 'context', None) or e
        problems.add(_place(mark), '', f'is no valid YAML: {" ".join(str(problem).split())}')
    return None


def too_long(text: str, problems: Problems) -> bool:
    if len(text) <= LONGEST:
        return False
    problems.add('', '', f'is longer than {LONGEST:,} characters: no table of one release is; is it the right file?')
    return True


def position(text: str, index: int) -> str:
    """Line and column of a character of a text."""
    before = text[:index]
    return f'line {before.count("\n") + 1}, column {index - before.rfind("\n")}'


def _place(mark):
    return f'line {mark.line + 1}, column {mark.column + 1}' if mark else ''
