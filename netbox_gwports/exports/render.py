"""The only way to an export: select the rules, let the format write them, and check that none was lost."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from ..rules.constants import APPROVED, IN_PLACE
from ..rules.rule import Rule
from .base import Exporter, Reason, Work
from .header import header, one_of
from .options import Options
from .rendering import Empty, ExportError, Incomplete, Material, Rendering, Skipped, Unavailable
from .text import standing_text

__all__ = ('render',)


@dataclass(frozen=True, slots=True)
class Selection:
    """``wanted`` is every rule that the options include; each key of it is in ``rules``, ``covered`` or ``skipped``.

    ``rules`` are to be written; ``covered`` maps the key of a rule to that of a broader one among them; ``skipped``
    also holds flows that yield no rule.
    """

    wanted: list[Rule]
    rules: tuple[Rule, ...]
    covered: Mapping[str, str]
    skipped: tuple[Skipped, ...]


def render(exporter: Exporter, material: Material, options: Options | None = None, title: str = '') -> Rendering:
    """Write the rules in this format. ``title`` is the beginning of the file's name.

    Raises Unavailable if the format needs a package that is not installed, Empty if firewall configuration would hold
    no rule and ``allow_empty`` was not asked for, Incomplete if ``strict`` was asked for and something would be left
    out, and ExportError if the format lost a rule.
    """
    if why := exporter.unavailable():
        raise Unavailable(why)
    options = _only_approved(exporter, options or Options())
    selection = _select(exporter, material, options)
    skipped = selection.skipped
    if options.strict and (skipped or material.hidden):
        raise Incomplete(skipped, material.hidden)
    if exporter.kind == 'firewall' and not selection.rules and not options.allow_empty:
        raise Empty(', '.join(material.gateways) or 'no gateway', skipped)
    warnings = exporter.warnings(selection.rules, options)
    head = header(material, options, skipped, warnings)
    written = exporter.write(Work(material, options, selection.rules, skipped, head))
    rendered = written.keys | {key for key, broader in selection.covered.items() if broader in written.keys}
    _check(selection, rendered)
    return Rendering(
        content=written.content,
        filename=f'{title or exporter.name}.{exporter.extension}',
        media_type=exporter.media_type,
        rendered=frozenset(rendered),
        skipped=skipped,
        warnings=warnings,
        apply_hint=exporter.apply_hint,
    )


def _only_approved(exporter: Exporter, options: Options) -> Options:
    """Where the site requires approval, configuration holds what was approved, whatever standings are asked for."""
    if exporter.kind != 'firewall' or not options.site.require_approval:
        return options
    return replace(options, standings=tuple(s for s in options.standings if s in (APPROVED, IN_PLACE)))


def _select(exporter: Exporter, material: Material, options: Options) -> Selection:
    wanted = [rule for rule in material.rules if options.includes(rule.zone, rule.direction)]
    refused = {rule.key: reason for rule in wanted if (reason := _refusal(exporter, rule, options))}
    refused |= exporter.conflicts([rule for rule in wanted if rule.key not in refused])
    rules = [rule for rule in wanted if rule.key not in refused]
    # What a broader rule of the file permits is in the file, even if the format could not express it by itself
    in_scope = [rule for rule in wanted if not exporter.out_of_scope(rule, options)]
    covered = exporter.covered(rules, in_scope, options)
    left_out = [rule for rule in wanted if rule.key in refused.keys() - covered.keys()]
    return Selection(
        wanted=wanted,
        rules=tuple(rule for rule in rules if rule.key not in covered),
        covered=covered,
        skipped=(*(_skipped(material, rule, *refused[rule.key]) for rule in left_out), *_unresolved(material, options)),
    )


def _refusal(exporter: Exporter, rule: Rule, options: Options) -> Reason | None:
    if rule.standing not in options.standings:
        held = one_of(options.standings)
        return 'standing', f'it is {standing_text(rule.standing)}, and this file holds rules that are {held}'
    return exporter.out_of_scope(rule, options) or exporter.refuse(rule, options)


def _skipped(material: Material, rule: Rule, reason: str, detail: str) -> Skipped:
    flows = tuple(f'{flow.name}: {flow.purpose}' for flow in rule.flows)
    return Skipped(rule.key, material.label(rule.gateway), rule.gateway.id, flows, reason, detail)


def _unresolved(material: Material, options: Options) -> Iterable[Skipped]:
    """Flows that yield no rule: no file can hold them."""
    for resolution in material.resolutions:
        for entry in resolution.unresolved:
            if options.includes(entry.zone, entry.flow.direction):
                flow = f'{entry.flow.name}: {entry.flow.purpose}'
                gateway = resolution.gateway
                yield Skipped('', material.label(gateway), gateway.id, (flow,), entry.reason, entry.detail)


def _check(selection: Selection, rendered: Collection[str]) -> None:
    skipped = {entry.key for entry in selection.skipped}
    lost = {rule.key for rule in selection.wanted} - {*rendered} - skipped
    if lost:
        raise ExportError(f'{len(lost)} rules were neither written nor left out with a reason: {sorted(lost)}')
