"""A catalog as a file to download."""

from django.http import HttpResponse

__all__ = ('catalog_response',)


def catalog_response(profile, text: str) -> HttpResponse:
    return HttpResponse(
        text,
        content_type='application/yaml; charset=utf-8',
        headers={'Content-Disposition': f'attachment; filename="{profile.slug}.yaml"'},
    )
