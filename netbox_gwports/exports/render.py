"""The one way to an export: choose the rules, let the format write them, and check that nothing was lost."""

from collections import defaultdict
from dataclasses import replace

from netbox.plugins import get_plugin_config

from ..choices import FlowStatusChoices
from ..rules.rule import Rule
from .base import Exporter, Work
from .options import Options
from .registry import get
from .rendering import ExportError, Incomplete, Material, Rendering, Skipped, Unavailable

__all__ = ('render',)


def render(name: str, material: Material, options: Options | None = None, title: str = '') -> Rendering:
    """Write the rules in this format. ``title`` is the beginning of the file's name.

    Raises ExportError: the format is not known or not available, or ``strict`` was asked for and something would be
    left out.
    """
    exporter, options = get(name), options or Options()
    if exporter is None:
        raise ExportError(f'There is no format "{name}".')
    if why := exporter.unavailable():
        raise Unavailable(why)
    options = _approved(exporter, options)
    wanted = [rule for rule in material.rules if options.includes(rule.zone, rule.direction)]
    refused = {rule.key: why for rule in wanted if (why := _refusal(exporter, rule, options))}
    refused |= exporter.conflicts([rule for rule in wanted if rule.key not in refused])
    rules = [rule for rule in wanted if rule.key not in refused]
    # What a broader rule of the file permits is in the file, also where the format could not say it by itself
    through = exporter.covered(rules, [rule for rule in wanted if not exporter.out_of_scope(rule, options)], options)
    skipped = [_skipped(rule, *refused[rule.key]) for rule in wanted if rule.key in refused.keys() - through.keys()]
    skipped += _needs(material, options)
    if options.strict and (skipped or material.hidden):
        raise Incomplete(tuple(skipped), material.hidden)
    standing = tuple(rule for rule in rules if rule.key not in through)
    warnings = exporter.warnings(standing, options)
    header = _header(exporter, material, options, skipped, warnings)
    written = exporter.write(Work(material, options, standing, tuple(skipped), header))
    rendered = written.keys | {key for key, broader in through.items() if broader in written.keys}
    _check(wanted, rendered, skipped)
    return Rendering(
        content=written.content,
        filename=f'{title or exporter.name}.{exporter.extension}',
        media_type=exporter.media_type,
        rendered=frozenset(rendered),
        skipped=tuple(skipped),
        warnings=warnings,
        apply_hint=exporter.apply_hint,
    )


def _approved(exporter, options):
    """Where a site wants it, configuration holds what was approved and nothing else, whatever is asked for."""
    if exporter.kind != 'firewall' or not get_plugin_config('netbox_gwports', 'require_approval'):
        return options
    approved = (FlowStatusChoices.APPROVED, FlowStatusChoices.IMPLEMENTED)
    return replace(options, states=tuple(state for state in options.states if state in approved))


def _refusal(exporter: Exporter, rule: Rule, options: Options):
    return _state(rule, options) or exporter.out_of_scope(rule, options) or exporter.refuse(rule, options)


def _state(rule, options):
    if rule.state in options.states:
        return None
    label = str(dict(FlowStatusChoices)[rule.state]).lower()
    return 'state', f'it is {label}, and this file holds rules that are {_or(options.states)}'


def _or(states):
    labels = dict(FlowStatusChoices)
    *most, last = (str(labels[state]).lower() for state in states) if states else ('in no state that was asked for',)
    return f'{", ".join(most)} or {last}' if most else last


def _skipped(rule, reason, detail):
    return Skipped(rule.key, rule.gateway.name, tuple(f'{f.name}: {f.purpose}' for f in rule.flows), reason, detail)


def _needs(material, options):
    """Needs that yield no rule: no file can hold them."""
    return [
        Skipped('', resolution.gateway.name, (f'{u.flow.name}: {u.flow.purpose}',), u.reason, u.detail)
        for resolution in material.resolutions
        for u in resolution.unresolved
        if options.includes(u.zone, u.flow.direction)
    ]


def _header(exporter, material, options, skipped, warnings):
    lines = [
        f'What the firewalls must permit for {", ".join(material.gateways) or "no gateway"}, written by netbox-gwports',
        f'Rules that are {_or(options.states)}'
        + (f'; zones: {", ".join(options.zones)}' if options.zones else '')
        + (f'; {", ".join(options.directions)} only' if options.directions else ''),
        'Firewalls are taken to be stateful: replies and related ICMP need no rule. "any" is any address of its zone',
    ]
    partial = (material.partial.get(resolution.gateway.id) for resolution in material.resolutions)
    lines += [f'Partial: {text}' for text in dict.fromkeys(filter(None, partial))]
    if material.hidden:
        lines.append(f'{material.hidden} flows were not visible to whoever made this: it is not complete')
    lines += [f'Mind: {text}' for text in warnings]
    if exporter.apply_hint:
        lines.append(exporter.apply_hint)
    lines.append(f'Left out: {len(skipped)}' if skipped else 'Nothing was left out')
    together = defaultdict(dict)
    for entry in skipped:
        together[entry.flows, entry.detail][entry.gateway] = None
    lines += [f'{", ".join(sorted(names))}: {"; ".join(f)}: {detail}' for (f, detail), names in together.items()]
    return tuple(lines)


def _check(wanted, rendered, skipped):
    lost = {rule.key for rule in wanted} - rendered - {entry.key for entry in skipped}
    if lost:
        raise ExportError(f'{len(lost)} rules were neither written nor left out with a reason: {sorted(lost)}')
