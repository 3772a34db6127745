"""The addresses of the web pages; the pages of one case are listed with those pages."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from holdfast.doors.web import signin, style_guide
from holdfast.doors.web.health import health
from holdfast.doors.web.inboxes import pages as inboxes
from holdfast.doors.web.lists import opening
from holdfast.doors.web.lists import pages as lists
from holdfast.doors.web.mailbox import pages as mailbox
from holdfast.doors.web.oversight import between as oversight_between
from holdfast.doors.web.oversight import pages as oversight
from holdfast.doors.web.oversight import weekly as oversight_weekly
from holdfast.doors.web.rosters import pages as rosters
from holdfast.doors.web.slots import pages as slots
from holdfast.doors.web.work import pages as work

urlpatterns: list[URLPattern | URLResolver] = [
    path("", work.my_work, name="my-work"),
    path("team/<str:team>", work.team_work, name="team-work"),
    path("team/<str:team>/slots", slots.team_slots, name="team-slots"),
    path("gaps/", rosters.gaps, name="gaps"),
    path("gaps/<str:team>", rosters.gaps, name="team-gaps"),
    path("cases/", lists.cases, name="cases"),
    path("cases/find", lists.find, name="find-case"),
    path("cases/open", opening.open_case, name="open-case"),
    path("directory/", include("holdfast.doors.web.administration.urls")),
    path("pathways/", include("holdfast.doors.web.pathways.urls")),
    path("governance/", oversight.exceptions, name="governance"),
    path("governance/between", oversight_between.between, name="between"),
    path("governance/weekly", oversight_weekly.weekly, name="weekly"),
    path("inbox/", inboxes.messages, name="inbox"),
    path("inbox/<str:message>", inboxes.message, name="inbox-message"),
    path("mailbox/", mailbox.messages, name="mailbox"),
    path("mailbox/<str:message>", mailbox.message, name="mailbox-message"),
    path("sign-in", signin.SignIn.as_view(), name="signin"),
    path("sign-out", signin.SignOut.as_view(), name="signout"),
    path("health", login_not_required(health), name="health"),
    path("style-guide", style_guide.style_guide, name="style-guide"),
    path("cases/<str:case>/", include("holdfast.doors.web.casepages.urls")),
]
