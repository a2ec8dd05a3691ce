"""Flow templates of a catalogue against those that are loaded."""

from django.db.models import Exists, OuterRef

from ..models import FlowTemplate, RequiredFlow
from ..pairing import Need, pair
from .document import Catalog, Flow
from .plan import Step
from .steps import create, update

__all__ = ('compare_templates',)


def compare_templates(steps, catalog: Catalog, profile, roles, features, services) -> list[FlowTemplate]:
    """Add the steps for templates; return those that the catalogue no longer has and that flows still refer to.

    ``roles``, ``features`` and ``services`` are what the catalogue's names stand for, saved or not yet.
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
                    Step('withdraw', template, name, {'withdrawn': True}, {'withdrawn': False},
                         why='gateways have flows from it')
                )  # fmt: skip
            continue
        name = f'{flow.service}: {flow.purpose} ({flow.direction}, {roles[flow.role].name})'
        values = {
            'service': services[flow.service], 'direction': flow.direction, 'remote_role': roles[flow.role],
            'feature': features.get(flow.feature), 'remote_hosts': list(flow.hosts),
            'hosts_replaceable': flow.hosts_replaceable, 'zone': flow.zone, 'purpose': flow.purpose,
            'direct': flow.direct, 'notes': flow.notes, 'not_opened': flow.not_opened, 'printed': flow.printed,
            'source_row': flow.row, 'source_item': flow.item, 'withdrawn': False,
        }  # fmt: skip
        if template:
            update(changed, template, name, values, flow.entry)
        else:
            create(changed, FlowTemplate, name, values, flow.entry)
    # What goes makes room for what comes
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
    """(template or None, flow or None), each of both sides once.

    First those that are the same need to the database, withdrawn ones too: so what stays as it is never stands in the
    way of what comes. Then the closest, so that a reworded purpose is the same template.
    """
    wanted = {_identity(flow): flow for flow in map(_read_need, flows)}
    pairs, left = [], []
    for need in map(_loaded_need, templates):
        if same := wanted.pop(_identity(need), None):
            pairs.append((need.of, same.of))
        else:
            left.append(need)
    pairs += [(old and old.of, new and new.of) for old, new in pair(left, wanted.values())]
    places = {id(flow): index for index, flow in enumerate(flows)}
    # In the order of the document; what vanished last
    return sorted(pairs, key=lambda p: places[id(p[1])] if p[1] else len(places))


def _identity(need):
    return need.service, need.direction, need.role, need.feature, need.purpose


def _loaded_need(template):
    return Need(
        service=template.service.name,
        direction=template.direction,
        role=template.remote_role.slug,
        purpose=template.purpose,
        feature=template.feature.slug if template.feature else '',
        hosts=frozenset(template.remote_hosts),
        source=(template.source_row or 0, template.source_item or 0),
        of=template,
    )


def _read_need(flow):
    return Need(
        service=flow.service,
        direction=flow.direction,
        role=flow.role,
        purpose=flow.purpose,
        feature=flow.feature,
        hosts=frozenset(flow.hosts),
        source=(flow.row or 0, flow.item or 0),
        of=flow,
    )
