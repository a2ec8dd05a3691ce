"""YAML as plain data, for untrusted documents: refuses what surprises people or exhausts servers.

A subclass of PyYAML's SafeLoader. It reads numbers, true, false and null as YAML 1.2 does: ``no`` and ``on`` stay text,
``22:22`` is not a number of seconds and ``010`` not an octal number.
"""

import re
from typing import Any

import yaml

from .errors import Problems

__all__ = ('DEEPEST', 'LONGEST', 'UNPRINTABLE', 'load', 'position', 'too_long')

LONGEST = 200_000
DEEPEST = 12
# YAML refuses these in a file, but not as an escape in a quoted text, and PostgreSQL cannot store all of them
UNPRINTABLE = yaml.reader.Reader.NON_PRINTABLE


class _Refused(yaml.MarkedYAMLError):
    """Valid YAML, but not here."""

    def __init__(self, event: yaml.Event, problem: str):
        super().__init__(problem=problem, problem_mark=event.start_mark)  # type: ignore[arg-type]


class _Loader(yaml.SafeLoader):
    yaml_implicit_resolvers = {}

    def __init__(self, text: str, problems: Problems):
        super().__init__(text)
        self.problems = problems
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, 'anchor', None):
            raise _Refused(event, 'anchors (&) and aliases (*) are not allowed: write the text out')
        if getattr(event, 'tag', None):
            raise _Refused(event, 'tags (!) are not allowed: remove it')
        if self.depth == DEEPEST:
            raise _Refused(event, f'is nested more than {DEEPEST} levels deep: see the description of the format')
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """As PyYAML does, but each key must be text and appear once. Reports errors and goes on."""
        keys, kept = set(), []
        for key_node, value_node in node.value:
            key = key_node.value if key_node.tag == 'tag:yaml.org,2002:str' else None
            if not isinstance(key, str):
                self._add(key_node, '', 'a key is not text: use the keys of the format')
            elif key.strip() in keys:
                self._add(key_node, key.strip(), 'appears twice: remove one of them')
            else:
                keys.add(key.strip())
                kept.append((key_node, value_node))
        node.value = kept
        return super().construct_mapping(node, deep)

    def construct_scalar(self, node: yaml.ScalarNode | yaml.MappingNode) -> str:
        value = super().construct_scalar(node)
        if UNPRINTABLE.search(value):
            self._add(node, '', 'a text contains control characters: remove them')
        return value.strip()

    def _add(self, node: yaml.Node, field: str, message: str) -> None:
        self.problems.add(_place(node.start_mark), field, message)


# YAML 1.2's core schema without octal and hexadecimal numbers. Very long numbers are text: Python cannot convert them
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


def load(text: str, problems: Problems) -> Any:
    """The document as dictionaries, lists, text, numbers, booleans and None; None where it cannot be read at all.

    Errors go into ``problems``, with line and column.
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
        problems.add(_place(e.problem_mark), '', e.problem or '')
    except yaml.reader.ReaderError as e:
        problems.add(position(text, e.position), '', f'contains the character U+{e.character:04X}: remove it')
    except yaml.YAMLError as e:
        mark = getattr(e, 'problem_mark', None) or getattr(e, 'context_mark', None)
        problem = getattr(e, 'problem', None) or getattr(e, 'context', None) or e
        problems.add(_place(mark), '', f'is not valid YAML: {" ".join(str(problem).split())}')
    return None


def too_long(text: str, problems: Problems) -> bool:
    if len(text) <= LONGEST:
        return False
    problems.add('', '', f'is longer than {LONGEST:,} characters, more than any table of one release: check the file')
    return True


def position(text: str, index: int) -> str:
    """Line and column of the character at this index."""
    before = text[:index]
    return f'line {before.count("\n") + 1}, column {index - before.rfind("\n")}'


def _place(mark: yaml.Mark | None) -> str:
    return f'line {mark.line + 1}, column {mark.column + 1}' if mark else ''
