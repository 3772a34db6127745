"""`/health`: whether everything that must go on goes on, for machines that watch machines."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from holdfast.assurance.pulse import pulse


@never_cache
@require_safe
def health(request: HttpRequest) -> JsonResponse:
    """200 when all is well, else 503 with sentences that say what is not. Ages are in whole seconds; nothing names anybody."""
    taken = pulse(timezone.now())
    body = {"status": "ok" if taken.ok else "fault", "faults": list(taken.faults), **taken.figures}
    return JsonResponse(body, status=200 if taken.ok else 503)
