"""Every web page asks for a sign-in unless it says otherwise; a session ends when nobody uses it, and after its longest time."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

BEGAN, USED = "began", "used"
#: Seconds between two notes of use, so that reading pages does not write a session each time.
NOTED_EVERY = 60
_ROOM = "holdfast.doors.web"


class SignedIn(LoginRequiredMiddleware):
    """Closed by default for the pages of this room; other doors keep their own watch."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """End a session that is over before any page sees it."""
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            self._look_at_age(request)
        return cast(HttpResponse, self.get_response(request))

    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponse | None:
        """Send whoever is not signed in to sign in, then back."""
        module = str(getattr(view_func, "__module__", ""))
        if module != _ROOM and not module.startswith(f"{_ROOM}."):
            return None
        return cast("HttpResponse | None", super().process_view(request, view_func, view_args, view_kwargs))

    def _look_at_age(self, request: HttpRequest) -> None:
        now = int(timezone.now().timestamp())
        session = request.session
        began, used = session.get(BEGAN), session.get(USED)
        if began is None or used is None:
            session[BEGAN] = session[USED] = now
        elif now - began >= settings.SESSION_COOKIE_AGE or now - used >= settings.HOLDFAST_IDLE_SECONDS:
            logout(request)
            messages.info(request, _("You were signed out because the page was not used for a while. Sign in again."))
        elif now - used >= NOTED_EVERY:
            session[USED] = now
