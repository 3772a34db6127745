"""What every answer of this door carries: kept nowhere, found by no search engine, told to no other site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

# "same-origin" and not "no-referrer": the address goes to nobody else either way, but with the latter browsers send
# "Origin: null" with a form, which the check against forged forms must refuse.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
}


def quiet(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A view whose every answer carries the headers."""

    @wraps(view)
    def answered(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        response = view(request, *args, **kwargs)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return answered
