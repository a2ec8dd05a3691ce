"""The document of a change request in the REST API."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import ValidationError

from ..changes.document import change_document
from ..exports import ExportError
from ..exports.documents.change_request import CHANGE_FORMATS

__all__ = ('document_schema', 'exported_change')

# Not "format": the framework takes that for itself
FORMAT = 'format_name'


def document_schema():
    """The parameter and the response of the document, for the OpenAPI schema."""
    return extend_schema(
        parameters=[
            OpenApiParameter(FORMAT, enum=[*CHANGE_FORMATS], default='markdown', description='Format of the document')
        ],
        responses={
            (200, media_type): OpenApiTypes.BINARY for _write, _extension, media_type in CHANGE_FORMATS.values()
        },
    )


def exported_change(change_request, request) -> HttpResponse:
    """The file, in the format that the query asks for; 400 for an unknown one."""
    try:
        found = change_document(change_request, request.user, request.query_params.get(FORMAT, 'markdown'))
    except ExportError as error:
        raise ValidationError({FORMAT: [str(error)]}) from error
    return HttpResponse(
        found.content,
        content_type=found.media_type,
        headers={'Content-Disposition': f'attachment; filename="{found.filename}"'},
    )
