"""A catalog as YAML, laid out like the bundled ones."""

from typing import Any

import yaml

__all__ = ('Inline', 'InlineList', 'dump')

SECTIONS = ('features', 'roles', 'services', 'rows', 'draft')


class Inline(dict[str, Any]):
    """A mapping on one line: {slug: dns-servers, name: DNS servers}."""


class InlineList(list[Any]):
    """A list on one line, or on as few as it needs."""


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Lists are indented below their key
        super().increase_indent(flow, False)


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # YAML readers disagree about texts that start with a digit or a sign: these are quoted
    return dumper.represent_scalar('tag:yaml.org,2002:str', value, style=None if value[:1].isalpha() else "'")


_Dumper.add_representer(str, _text)
_Dumper.add_representer(
    Inline, lambda dumper, value: dumper.represent_mapping('tag:yaml.org,2002:map', value.items(), flow_style=True)
)
_Dumper.add_representer(
    InlineList, lambda dumper, value: dumper.represent_sequence('tag:yaml.org,2002:seq', value, flow_style=True)
)


def dump(catalog: dict[str, Any]) -> str:
    """The text of a catalog whose keys are in canonical order; empty sections are left out."""
    head = {key: value for key, value in catalog.items() if key not in SECTIONS}
    parts = [head, *({name: catalog[name]} for name in SECTIONS if catalog.get(name))]
    return '\n'.join(
        yaml.dump(part, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=100, default_flow_style=None)
        for part in parts
    )
