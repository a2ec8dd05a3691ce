"""Compares the flow templates of a catalog with those that are loaded."""

from collections import Counter

from django.db.models import Exists, OuterRef

from ..catalog.document import Catalog, Flow
from ..models import FlowTemplate, RequiredFlow
from ..rules.facts import of_template
from ..rules.pairing import Need, identity_of, pair
from .plan import Step
from .steps import create, stated_values, update

__all__ = ('compare_templates',)


def compare_templates(steps, catalog: Catalog, profile, roles, features, services) -> list[FlowTemplate]:
    """Add the steps for templates; return those removed from the catalog that flows still refer to.

    ``roles``, ``features`` and ``services`` are the objects of the catalog's names, saved or not.
    """
    kept, gone, changed = [], [], []
    for template, flow in _pairs(_loaded(profile), catalog.flows):
        if flow is None:
            name = f'{template} ({template.direction}, {template.remote_role})'
            if not template.used:
                gone.append(Step('delete', template, name))
                continue
            kept.append(template)
            if template.withdrawn:
                changed.append(Step('keep', template, name, why='withdrawn; gateways still have flows from it'))
            else:
                changed.append(
                    Step(
                        'withdraw',
                        template,
                        name,
                        {'withdrawn': True},
                        {'withdrawn': False},
                        why='gateways have flows from it',
                    )
                )
            continue
        name = f'{flow.service}: {flow.purpose} ({flow.direction}, {roles[flow.role].name})'
        values = {
            'service': services[flow.service],
            **stated_values(flow, of_template(), {'remote_role': roles, 'feature': features}),
            'row': flow.row,
            'item': flow.item,
            'withdrawn': False,
        }
        if template:
            update(changed, template, name, values, flow.entry)
        else:
            create(changed, FlowTemplate, name, values, flow.entry)
    # Deletions first: a new template may need the place of a deleted one
    steps += [*gone, *changed]
    return kept


def _loaded(profile):
    if not profile.pk:
        return []
    used = Exists(RequiredFlow.objects.filter(template=OuterRef('pk')))
    return list(
        FlowTemplate.objects
        .filter(service__profile=profile)
        .select_related('service', 'remote_role', 'feature')
        .annotate(used=used)
        .order_by('pk')
    )


def _pairs(templates, flows: tuple[Flow, ...]):
    """(template or None, flow or None): each template and each flow once.

    First those with the same identity in the database, withdrawn ones too, so that unique constraints are never
    violated. Then the closest, so that a template with a reworded purpose stays the same. Last those with the same
    place in the vendor's table: within one release the words are ours, and the place identifies the purpose.
    """
    pairs, old, new = _by_key(
        _identity, [identity_of(template, template) for template in templates], map(_read_need, flows)
    )
    close = pair(old, new)
    pairs += [found for found in close if all(found)]
    placed, old, new = _by_key(_place, [o for o, n in close if not n], [n for o, n in close if not o])
    pairs += [*placed, *((need, None) for need in old), *((None, need) for need in new)]
    position = {id(flow): index for index, flow in enumerate(flows)}
    # In the order of the document; removed templates last
    pairs.sort(key=lambda found: position[id(found[1].of)] if found[1] else len(position))
    return [(o and o.of, n and n.of) for o, n in pairs]


def _by_key(key, old, new):
    """(pairs of equal key, old without partner, new without partner). None and keys that appear twice match nothing."""
    old, new = list(old), list(new)
    once = [Counter(map(key, needs)) for needs in (old, new)]
    partners = {key(need): need for need in new if key(need) is not None and once[1][key(need)] == 1}
    pairs, left = [], []
    for need in old:
        partner = partners.pop(key(need), None) if once[0][key(need)] == 1 else None
        if partner:
            pairs.append((need, partner))
        else:
            left.append(need)
    paired = {id(partner) for _, partner in pairs}
    return pairs, left, [need for need in new if id(need) not in paired]


def _identity(need):
    return need.service, need.direction, need.role, need.feature, need.purpose


def _place(need):
    if need.key or not all(need.place_in_table):
        return None
    return need.service, need.direction, need.role, need.feature, need.place_in_table


def _read_need(flow):
    return Need(
        service=flow.service,
        direction=flow.direction,
        role=flow.role,
        purpose=flow.purpose,
        feature=flow.feature,
        dns_names=frozenset(flow.dns_names),
        place_in_table=(flow.row or 0, flow.item or 0),
        key=flow.key,
        of=flow,
    )
