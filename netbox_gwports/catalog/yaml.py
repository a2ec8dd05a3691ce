"""Safe YAML with the limits that data from strangers needs."""

from __future__ import annotations

import yaml

__all__ = ('load_yaml',)

LONGEST = 1_000_000
DEEPEST = 20


class _Loader(yaml.SafeLoader):
    """SafeLoader that refuses aliases (bombs), deep nesting and a key that stands twice."""

    depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent) or getattr(event, 'anchor', None):
            raise yaml.MarkedYAMLError(problem='anchors and aliases are refused: write it out', problem_mark=event.start_mark)
        self.depth += 1
        if self.depth > DEEPEST:
            raise yaml.MarkedYAMLError(problem='nested too deeply', problem_mark=event.start_mark)
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node, deep=False):
        keys = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag == 'tag:yaml.org,2002:merge':
                raise yaml.MarkedYAMLError(problem='keys are plain text', problem_mark=key.start_mark)
            if key.value in keys:
                raise yaml.MarkedYAMLError(problem=f'"{key.value}" is there twice', problem_mark=key.start_mark)
            keys.add(key.value)
        return super().construct_mapping(node, deep)


def load_yaml(text: str, problems):
    """The document as plain data; what is wrong goes into ``problems``."""
    if len(text) > LONGEST:
        problems.add('', '', f'is longer than {LONGEST:,} characters')
        return None
    try:
        return yaml.load(text, Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as e:
        mark = getattr(e, 'problem_mark', None)
        where = f'line {mark.line + 1}, column {mark.column + 1}' if mark else ''
        problems.add(where, '', f'is not valid YAML: {getattr(e, "problem", None) or e}')
        return None
