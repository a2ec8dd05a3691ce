"""Exports in REST: the file itself, and what there is to choose from."""

import tempfile
import zipfile
from dataclasses import replace
from itertools import batched

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError

from ..exports import ExportError, Incomplete, OptionError, Options, formats, get, render
from ..exports.text import slug
from ..requirements import stream
from ..requirements.material import MOST_TOGETHER, material, material_of

__all__ = ('FormatSerializer', 'export_schema', 'exported', 'exported_many', 'parse_options')

FORMAT = 'format_name'
# Gateways whose partial catalogs and outside addresses are asked for at once
CHUNK = 100
HELP = {
    FORMAT: 'Name of the format: see export-formats/',
    'zone': 'Only rules of this zone',
    'direction': 'Only rules of this direction',
    'state': 'Only rules in this state: planned, requested, approved or implemented',
    'perspective': 'transit (a firewall on the way) or host (the firewall of the gateway itself)',
    'networks': 'What lies behind a zone, for targets that cannot tell zones apart: internal:10.0.0.0/8,10.1.0.0/16',
    'zone_name': 'What the firewall calls a zone: internet:untrust',
    'interface': 'By which interface a zone is reached: internet:eth0',
    'gateway_zone': 'What the firewall calls the zone of the gateways',
    'gateway_interface': 'By which interface the gateways are reached',
    'logging': 'Log what is permitted',
    'final_deny': 'End with a deny of all else',
    'nat': "Write the address that the format's policy matches where there is NAT",
    'strict': 'Refuse (409) instead of leaving something out',
}
SEVERAL = ('zone', 'direction', 'state', 'networks', 'zone_name', 'interface')
FLAGS = ('logging', 'final_deny', 'nat', 'strict')


class Conflict(APIException):
    status_code = 409


def export_schema(*more: OpenApiParameter, **kwargs):
    """The schema of an endpoint that gives a file."""
    parameters = [*more] + [
        OpenApiParameter(
            name, bool if name in FLAGS else str, many=name in SEVERAL, required=name == FORMAT, description=text
        )
        for name, text in HELP.items()
    ]
    return extend_schema(parameters=parameters, responses={(200, 'text/plain'): OpenApiTypes.BINARY}, **kwargs)


@extend_schema_serializer(component_name='GwportsExportFormat')
class FormatSerializer(serializers.Serializer):
    """``unavailable`` says why a format cannot be used here; empty: it can."""

    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField()
    extension = serializers.CharField()
    media_type = serializers.CharField()
    options = serializers.ListField(child=serializers.CharField())
    unavailable = serializers.SerializerMethodField()
    apply_hint = serializers.CharField()

    def get_unavailable(self, exporter) -> str:
        return exporter.unavailable()


def parse_options(request, others=(), **defaults) -> tuple[str, Options]:
    """(format, options) of the query string, which may hold ``others`` too. Raises ValidationError with the field.

    What is not known is refused: a slip in ``strict`` must not pass for a file that holds everything.
    """
    if unknown := sorted({*request.query_params} - {*HELP, *others, 'format'}):
        raise ValidationError(dict.fromkeys(unknown, [f'Not known: {", ".join(HELP)}.']))
    name = request.query_params.get(FORMAT, defaults.pop('format_name', ''))
    exporter = get(name)
    if exporter is None:
        raise ValidationError({FORMAT: [f'Name one of {", ".join(formats())}.']})
    if why := exporter.unavailable():
        raise ValidationError({FORMAT: [why]})
    said = {key: request.query_params.getlist(key) for key in HELP if key != FORMAT and key in request.query_params}
    try:
        return name, Options.read(said, **defaults)
    except OptionError as e:
        raise ValidationError({e.field: [e.message]}) from None


def exported(name, gathered, options, title) -> HttpResponse:
    """The file, with the number of rules and needs that are not in it."""
    found = _render(name, gathered, options, title)
    return HttpResponse(
        found.content,
        content_type=found.media_type,
        headers={
            'Content-Disposition': f'attachment; filename="{found.filename}"',
            **_told(len(found.rendered), len(found.skipped), gathered.hidden),
        },
    )


def _told(rendered, skipped, hidden):
    return {
        'X-Gwports-Rendered': str(rendered),
        'X-Gwports-Skipped': str(skipped),
        'X-Gwports-Hidden': str(hidden),
    }


def _render(name, gathered, options, title):
    try:
        return render(name, gathered, options, slug(title))
    except Incomplete as e:
        raise Conflict({
            'detail': 'Not everything can be written in this format.',
            'hidden': e.hidden,
            'skipped': [
                {'key': s.key, 'gateway': s.gateway, 'flows': s.flows, 'reason': s.reason, 'detail': s.detail}
                for s in e.skipped
            ],
        }) from None
    except ExportError as e:
        raise ValidationError({FORMAT: [str(e)]}) from None


def exported_many(request, queryset, name, options) -> HttpResponse:
    """One file for all gateways, or with ``apart`` an archive with one for each, made with flat memory."""
    if request.query_params.get('apart', '').lower() not in ('1', 'true', 'on', 'yes'):
        gateways = list(queryset[: MOST_TOGETHER + 1])
        if len(gateways) > MOST_TOGETHER:
            raise ValidationError({'apart': [f'More than {MOST_TOGETHER} gateways: say apart=true for a file each.']})
        return exported(name, material(gateways, request.user), options, 'gateways')
    # On disk, since the archive may be larger than anybody's memory
    file = tempfile.TemporaryFile()
    rendered = skipped = hidden = 0
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        for chunk in batched(stream(queryset, request.user), CHUNK):
            gathered = material_of(chunk, request.user)
            for resolution in chunk:
                found = _render(name, replace(gathered, resolutions=(resolution,)), options, resolution.gateway.name)
                rendered, skipped = rendered + len(found.rendered), skipped + len(found.skipped)
                archive.writestr(f'{resolution.gateway.id}-{found.filename}', found.content)
            hidden += gathered.hidden
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename='gateways.zip',
        content_type='application/zip',
        headers=_told(rendered, skipped, hidden),
    )
