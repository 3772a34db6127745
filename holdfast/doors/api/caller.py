"""Who calls: a token in the header, or the session of somebody signed in to the pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from holdfast.core.access import Viewer, signs_in
from holdfast.core.parties import Directory
from holdfast.desk import office
from holdfast.desk.desk import Desk
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.api.problems import problem
from holdfast.doors.api.tokens import find_staff


@dataclass(frozen=True, slots=True)
class Caller:
    """An active member of staff, and how the world stands for this request."""

    viewer: Viewer
    directory: Directory
    now: datetime
    desk: Desk

    @property
    def staff(self) -> str:
        return self.viewer.staff


class ByToken(HttpBearer):
    """`Authorization: Bearer …`: a token of `holdfast accounts token`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        """The caller, or a problem: a token that does not hold is never taken for a session instead."""
        desk = office.the_desk()
        staff = find_staff(token, timezone.now())
        if staff is None:
            raise problem(401, "This token does not hold: it is unknown, has ended or was revoked.")
        return _caller(desk, staff)


class BySession(APIKeyCookie):
    """The session of the pages; changes need the forgery check's token as well."""

    param_name = "sessionid"

    def __call__(self, request: HttpRequest) -> Any | None:
        """Ask for the forgery check only where there is a session that could be abused."""
        if not request.user.is_authenticated:
            return None
        return super().__call__(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """The caller behind the session."""
        return _caller(office.the_desk(), str(getattr(request.user, "staff", "")))


def caller_of(request: HttpRequest) -> Caller:
    return cast(Caller, request.auth)  # type: ignore[attr-defined]


def _caller(desk: Desk, staff: str) -> Caller:
    directory = load(current_version())
    if not signs_in(staff, directory):
        raise problem(403, "Your account is not joined to an active member of staff. Ask whoever keeps the directory.")
    now = desk.clock() if desk.clock is not None else timezone.now()
    return Caller(Viewer(staff), directory, now, desk)
