"""What every page shows around its content: where one can go, who one is, how fresh the record is, what to do in danger."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from holdfast.clocks.heartbeat import freshness
from holdfast.core.access import CASES, DIRECTORY, INBOX, MY_WORK, OVERSIGHT, navigation_for
from holdfast.core.parties import Directory, Staff
from holdfast.doors.web.viewer import Seen, seen

#: Offered to those who decide on editions; anybody signed in may read the pages.
PATHWAYS = "pathways"
#: Page of the core's navigation, its address and its name, in the order shown.
PLACES = (
    (MY_WORK, "my-work", gettext_lazy("My work")),
    (CASES, "cases", gettext_lazy("Cases")),
    (INBOX, "inbox", gettext_lazy("Inbox")),
    (OVERSIGHT, "governance", gettext_lazy("Governance")),
    (DIRECTORY, "directory", gettext_lazy("Directory")),
    (PATHWAYS, "pathways", gettext_lazy("Pathways")),
)


def surroundings(request: HttpRequest) -> dict[str, Any]:
    """The context of base.html. For somebody not signed in, or without a place in the directory, almost nothing."""
    try:
        look = seen(request) if hasattr(request, "user") else None
    except PermissionDenied:
        look = None
    if look is None:
        return {"sign_out_url": reverse("signout")}
    return {
        "navigation": navigation(look, request.path),
        "signed_in_name": look.person.name,
        "signed_in_role": ", ".join(sorted(role.replace("-", " ") for role in look.roles())),
        "sign_out_url": reverse("signout"),
        "system_banner": banner(look),
        "zone": look.zone,
        "as_at": look.now,
    }


def navigation(look: Seen, path: str) -> list[dict[str, Any]]:
    """The pages offered to this viewer; each page asks again when it is opened."""
    offered = set(navigation_for(look.viewer, look.directory)) | ({OVERSIGHT} if look.oversees() else set())
    offered |= {PATHWAYS} if look.decides() else set()
    places: list[tuple[str, Any]] = [(name, label) for page, name, label in PLACES if page in offered]
    if settings.HOLDFAST_DEMO:
        places.append(("mailbox", _("Demo mailbox")))
    addressed = [(reverse(name), label) for name, label in places]
    return [
        {"label": label, "url": url, "current": path == url or (url != "/" and path.startswith(url))}
        for url, label in addressed
    ]


def banner(look: Seen) -> dict[str, Any] | None:
    """A strip on every page while nobody watches the clocks, with whom to call."""
    fresh = freshness(look.now)
    if fresh.ok and not fresh.says:
        return None
    return {"says": fresh.says, "minutes": fresh.minutes, "call": _whom(look.person, look.directory)}


def _whom(person: Staff, directory: Directory) -> str:
    organisation = directory.organisations.get(person.organisation)
    last = directory.staff.get(organisation.last_resort) if organisation else None
    if last is None:
        return ""
    return _("%(name)s on %(number)s") % {"name": last.name, "number": last.day} if last.day else last.name
