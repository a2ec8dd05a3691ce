"""Exports in the REST API: the files and the available formats."""

import tempfile
import zipfile
from dataclasses import replace
from itertools import batched

from django.http import FileResponse, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import APIException, ValidationError

from ..export_formats import formats, get, read_options, render
from ..exports import Empty, ExportError, Incomplete, Material, OptionError, Options, Rendering
from ..exports.shape import skipped_data
from ..exports.text import slug
from ..requirements import stream
from ..requirements.material import MOST_TOGETHER, material_of
from ..requirements.material import material as load_material
from ..rules.constants import STANDINGS

__all__ = ('FormatSerializer', 'export_schema', 'exported', 'exported_many', 'parse_options')

FORMAT = 'format_name'
# Number of gateways for which partial catalogs and outside addresses are queried at once
CHUNK = 100
HELP = {
    FORMAT: 'Name of the format (see export-formats/)',
    'zone': 'Limit the rules to this zone',
    'direction': 'Limit the rules to this direction',
    'standing': f'Limit the rules to this standing: {", ".join(STANDINGS)}',
    'perspective': 'transit (a firewall between gateway and remote) or host (the host firewall of the gateway)',
    'networks': 'Networks of a zone, for formats without zones, e.g. internal:10.0.0.0/8,10.1.0.0/16',
    'zone_name': 'Name of a zone on the firewall, e.g. internet:untrust',
    'interface': 'Interface facing a zone, e.g. internet:eth0',
    'gateway_zone': 'Name of the zone of the gateways on the firewall',
    'gateway_interface': 'Interface facing the gateways',
    'logging': 'Log permitted connections',
    'leg_zone': 'Name of the zone of the gateways for traffic with a zone, e.g. internet:dmz1',
    'leg_interface': 'Interface facing the gateways for traffic with a zone, e.g. internet:eth1',
    'deny_gateways': 'Deny other traffic of these gateways (default)',
    'final_deny': 'Deny all other traffic, including that of others',
    'allow_empty': 'Write firewall configuration that permits nothing',
    'prefix': 'Begins the names of all that is created on the firewall, instead of one with its ID',
    'present': 'Key of a rule on the firewall, which is removed unless it is in the file',
    'nat': 'Use the outside address of a gateway if the policy is applied before translation',
    'strict': 'Fail (409) instead of skipping rules that cannot be exported',
}
REPEATABLE = (
    'zone',
    'direction',
    'standing',
    'networks',
    'zone_name',
    'interface',
    'leg_zone',
    'leg_interface',
    'present',
)
FLAGS = ('logging', 'deny_gateways', 'final_deny', 'allow_empty', 'nat', 'strict')


class Conflict(APIException):
    status_code = 409


def export_schema(*more: OpenApiParameter, **kwargs):
    """The schema of an endpoint that returns a file."""
    parameters = [*more] + [
        OpenApiParameter(
            name, bool if name in FLAGS else str, many=name in REPEATABLE, required=name == FORMAT, description=text
        )
        for name, text in HELP.items()
    ]
    return extend_schema(parameters=parameters, responses={(200, 'text/plain'): OpenApiTypes.BINARY}, **kwargs)


@extend_schema_serializer(component_name='GwportsExportFormat')
class FormatSerializer(serializers.Serializer):
    """``unavailable`` is the reason why a format cannot be used; empty if it is available."""

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
    """(format, options) from the query string, which may also contain ``others``. Raises ValidationError by field.

    Unknown parameters are refused: with a typo in ``strict``, an incomplete file would look like a complete one.
    """
    if unknown := sorted({*request.query_params} - {*HELP, *others, 'format'}):
        raise ValidationError(dict.fromkeys(unknown, [f'Unknown parameter. Available parameters: {", ".join(HELP)}.']))
    name = request.query_params.get(FORMAT, defaults.pop('format_name', ''))
    exporter = get(name)
    if exporter is None:
        raise ValidationError({FORMAT: [f'Specify one of the available formats: {", ".join(formats())}.']})
    if why := exporter.unavailable():
        raise ValidationError({FORMAT: [why]})
    texts = {key: request.query_params.getlist(key) for key in HELP if key != FORMAT and key in request.query_params}
    try:
        return name, read_options(texts, **defaults)
    except OptionError as e:
        raise ValidationError({e.field: [e.message]}) from None


def exported(name: str, material: Material, options: Options, title: str) -> HttpResponse:
    """The file, with the numbers of exported and skipped rules and of hidden flows in headers."""
    rendering = _render(name, material, options, title)
    return HttpResponse(
        rendering.content,
        content_type=rendering.media_type,
        headers={
            'Content-Disposition': f'attachment; filename="{rendering.filename}"',
            **_counts(len(rendering.rendered), len(rendering.skipped), material.hidden),
        },
    )


def _counts(rendered: int, skipped: int, hidden: int) -> dict[str, str]:
    return {
        'X-Gwports-Rendered': str(rendered),
        'X-Gwports-Skipped': str(skipped),
        'X-Gwports-Hidden': str(hidden),
    }


def _render(name: str, material: Material, options: Options, title: str) -> Rendering:
    try:
        return render(name, material, options, slug(title))
    except ExportError as e:
        raise _refused(e) from None


def _refused(error: ExportError) -> APIException:
    if isinstance(error, Incomplete):
        return Conflict({
            'detail': 'Some rules cannot be exported in this format.',
            'hidden': error.hidden,
            'skipped': [skipped_data(entry) for entry in error.skipped],
        })
    if isinstance(error, Empty):
        return ValidationError({'allow_empty': str(error).splitlines()})
    return ValidationError({FORMAT: [str(error)]})


def exported_many(request, queryset, name, options) -> HttpResponse:
    """One file for all gateways or, with ``apart``, an archive with one file each, written in constant memory."""
    if request.query_params.get('apart', '').lower() not in ('1', 'true', 'on', 'yes'):
        gateways = list(queryset[: MOST_TOGETHER + 1])
        if len(gateways) > MOST_TOGETHER:
            raise ValidationError({
                'apart': [f'More than {MOST_TOGETHER} gateways. Use apart=true to export a file for each.']
            })
        return exported(name, load_material(gateways, request.user), options, 'gateways')
    # On disk, since the archive may be too large for memory
    file = tempfile.TemporaryFile()
    rendered = skipped = hidden = 0
    with zipfile.ZipFile(file, 'w', zipfile.ZIP_DEFLATED) as archive:
        for chunk in batched(stream(queryset, request.user), CHUNK):
            together = material_of(chunk, request.user)
            for resolution in chunk:
                alone = replace(together, resolutions=(resolution,))
                try:
                    rendering = render(name, alone, options, slug(resolution.gateway.name))
                except Empty as e:
                    # One gateway without rules must not hide the files of the others
                    archive.writestr(f'{resolution.gateway.id}-{slug(resolution.gateway.name)}-not-written.txt', str(e))
                    skipped += len(e.skipped)
                    continue
                except ExportError as e:
                    raise _refused(e) from None
                rendered, skipped = rendered + len(rendering.rendered), skipped + len(rendering.skipped)
                archive.writestr(f'{resolution.gateway.id}-{rendering.filename}', rendering.content)
            hidden += together.hidden
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename='gateways.zip',
        content_type='application/zip',
        headers=_counts(rendered, skipped, hidden),
    )
