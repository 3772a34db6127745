"""What somebody sees when a page cannot be shown: plain words, what to do now, and nothing about what lies behind."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: what was sent cannot be read."""
    return render(request, "errors/400.html", status=400)


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the reason a page gave in plain words."""
    given = exception.args and isinstance(exception, PermissionDenied) if exception is not None else False
    says = str(exception) if given else _("This page is not among those that your work needs.")
    return render(request, "errors/403.html", {"says": says}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: the same words whether a thing is absent or somebody else's."""
    return render(request, "errors/404.html", status=404)


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form whose token does not fit: most often a page that stood open while somebody signed in again."""
    return render(request, "errors/forged.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """500 without the database: the page must show even when nothing else works."""
    return HttpResponse(render_to_string("errors/500.html"), status=500)
