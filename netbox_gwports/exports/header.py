"""The lines on top of every file: what it holds, and what it lacks."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from .options import Options
from .rendering import Material, Skipped

__all__ = ('header', 'one_of')


def header(
    material: Material, options: Options, skipped: Sequence[Skipped], warnings: Iterable[str], apply_hint: str
) -> tuple[str, ...]:
    """Lines of plain text, without comment marks."""
    return (
        f'What the firewalls must permit for {", ".join(material.gateways) or "no gateway"}, written by netbox-gwports',
        _scope(options),
        'Firewalls are taken to be stateful: replies and related ICMP need no rule. "any" is any address of its zone',
        *_gaps(material),
        *_notes(material, options),
        *(f'Note: {text}' for text in warnings),
        *([apply_hint] if apply_hint else []),
        *_left_out(skipped),
    )


def one_of(states: Sequence[str]) -> str:
    """``planned, requested or approved``."""
    *most, last = states or ('in no state that was asked for',)
    return f'{", ".join(most)} or {last}' if most else last


def _scope(options: Options) -> str:
    zones = f'; zones: {", ".join(options.zones)}' if options.zones else ''
    directions = f'; {", ".join(options.directions)} only' if options.directions else ''
    return f'Rules that are {one_of(options.states)}{zones}{directions}'


def _gaps(material: Material) -> Iterable[str]:
    partial = (material.partial.get(resolution.gateway.id) for resolution in material.resolutions)
    yield from (f'Partial: {text}' for text in dict.fromkeys(filter(None, partial)))
    if material.hidden:
        yield f'{material.hidden} flows were not visible to whoever made this: it is not complete'


def _notes(material: Material, options: Options) -> Iterable[str]:
    """Each once: several gateways meet the same remotes."""
    notes = (note for resolution in material.resolutions for note in resolution.notes)
    return dict.fromkeys(f'Note: {note.text}' for note in notes if not options.zones or note.zone in options.zones)


def _left_out(skipped: Sequence[Skipped]) -> Iterable[str]:
    """A line for each reason, with all the gateways that it concerns."""
    yield f'Left out: {len(skipped)}' if skipped else 'Nothing was left out'
    gateways: defaultdict[tuple[tuple[str, ...], str], set[str]] = defaultdict(set)
    for entry in skipped:
        gateways[entry.flows, entry.detail].add(entry.gateway)
    for (flows, detail), names in gateways.items():
        yield f'{", ".join(sorted(names))}: {"; ".join(flows)}: {detail}'
