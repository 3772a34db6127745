"""What the demo would have sent; these pages do not exist outside the demo."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from holdfast.deliveries.channels.mailbox import list_messages, read_message
from holdfast.doors.web.viewer import seen

PAGE = 25


@require_safe
def messages(request: HttpRequest) -> HttpResponse:
    """Every message in the folder, newest first."""
    seen(request)
    page = Paginator(list_messages(_folder()), PAGE).get_page(request.GET.get("page"))
    return render(request, "mailbox/messages.html", {"page": page, "filters": ""})


@require_safe
def message(request: HttpRequest, message: str) -> HttpResponse:
    """One message as its reader would see it, its links to be followed."""
    seen(request)
    try:
        found = read_message(_folder(), message)
    except KeyError:
        raise Http404 from None
    return render(request, "mailbox/message.html", {"message": found})


def _folder() -> Path:
    if not settings.HOLDFAST_DEMO:
        raise Http404
    return Path(settings.HOLDFAST_DATA) / "mailbox"
