"""The style guide: every component with invented values, for tests and for those who build pages (DEBUG only)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdfast.doors.web.forms.fields import Column, FieldView, Option

NOW = datetime(2026, 11, 24, 14, 5, tzinfo=UTC)
ZONE = "Europe/London"

IDEATION = (
    Option("none", "None"),
    Option("passive", "Passive", "Wishes not to wake up"),
    Option("active", "Active, without a plan"),
    Option("plan", "Plan"),
    Option("intent", "Intent"),
)
LANGUAGES = (Option("en", "English"), Option("ar", "Arabic"), Option("bsl", "British Sign Language"))
MEDICATION = (
    Column("name", "Medicine"),
    Column("dose", "Dose and how often"),
    Column("since", "Since", "date"),
    Column("route", "Route", "code", (Option("oral", "By mouth"), Option("depot", "Depot injection"))),
)

FIELDS = (
    FieldView(
        id="risk.ideation",
        kind="code",
        label="Suicidal thoughts now",
        hint="Ask the person; do not take it from an older note.",
        options=IDEATION,
        value="plan",
        answer="given",
        required=True,
        not_disclosed_allowed=True,
    ),
    FieldView(
        id="risk.attempt",
        kind="flag",
        label="A suicide attempt in the last 3 months",
        error="Answer yes or no, or say that you asked and it was not disclosed.",
        required=True,
        not_disclosed_allowed=True,
    ),
    FieldView(id="person.languages", kind="codes", label="Languages of the person", options=LANGUAGES, value=("ar",)),
    FieldView(
        id="risk.summary",
        kind="text",
        label="Risk in your own words",
        value="Worse in the evening and after calls from the landlord.",
        answer="given",
        required=True,
        none_known_allowed=True,
        not_disclosed_allowed=True,
    ),
    FieldView(
        id="restrictions",
        kind="text",
        label="Restrictions or supervision that bear on safety",
        answer="none-known",
        none_known_allowed=True,
    ),
    FieldView(
        id="medication.current",
        kind="list",
        label="Current medicines",
        hint="One row for each. An empty row is left out.",
        columns=MEDICATION,
        value=({"name": "Sertraline", "dose": "100 mg once a day", "since": "2026-09-02", "route": "oral"},),
        answer="given",
        required=True,
        none_known_allowed=True,
        prefill_note="From hospital record, 12 days old. Not yet confirmed.",
    ),
    FieldView(id="discharge.day", kind="date", label="Day of discharge", value="2026-11-24", required=True),
    FieldView(
        id="appointment.first",
        kind="instant",
        label="First appointment",
        value="2026-11-27T10:30",
        zone="London time",
        error="The appointment is before the discharge.",
    ),
    FieldView(id="weight", kind="number", label="Weight", value="71.5", unit="kg"),
    FieldView(
        id="person.phone",
        kind="phone",
        label="The number that reaches the person",
        value="020 7946 0000",
        prefill_note="From the referral, 3 days old. Not yet confirmed.",
    ),
)

CLOCKS = (
    {
        "what": "First contact with the person, owed by Amal Said",
        "due": NOW - timedelta(hours=2, minutes=5),
        "tier": "High",
        "tier_because": "because suicidal thoughts is 'plan'",
        "started": "receipt confirmed, Mon 23 Nov 2026, 12:00 GMT",
        "rule": "24 hours for tier high; nights and weekends count",
    },
    {"what": "Confirm receipt", "due": NOW + timedelta(minutes=50), "state": "soon"},
    {"what": "Medicines compared", "due": NOW + timedelta(days=2, hours=4)},
    {"what": "Packet sent", "due": NOW, "state": "met", "met_at": NOW - timedelta(hours=1)},
    {
        "what": "Eligibility answered",
        "due": NOW + timedelta(days=5),
        "state": "paused",
        "paused": "Until Friday.",
    },
)

DEEDS = (
    {"label": "Record a contact", "url": "#record", "method": "get", "allowed": True},
    {"label": "Confirm receipt", "url": "#confirm", "allowed": True, "quiet": True, "hidden": {"key": "a1"}},
    {
        "label": "Send the packet",
        "allowed": False,
        "why": "The packet cannot be sent: it is not complete for tier high.",
        "missing": ["A suicide attempt in the last 3 months", "Consent to share"],
        "who": "Noor Haddad (ward coordinator) or the person",
        "instead": [{"label": "Send it as provisional, in an emergency", "url": "#provisional"}],
    },
)

STEPS = (
    {
        "name": "Transmitted",
        "at": NOW - timedelta(hours=5),
        "by": "Noor Haddad",
        "evidence": "The mail server took it",
    },
    {"name": "Received", "at": NOW - timedelta(hours=1), "by": "Ben Okoro", "late": True},
    {"name": "Assigned", "late": True, "due": NOW - timedelta(minutes=5)},
    {"name": "Acted on", "due": NOW + timedelta(hours=20)},
)

EVENTS = (
    {
        "at": NOW - timedelta(days=1),
        "who": "Noor Haddad, Elm Ward",
        "what": "Packet sent",
        "detail": "Edition 1, tier high.",
    },
    {
        "at": NOW - timedelta(hours=3),
        "who": "Ben Okoro, Eastside Community Team",
        "what": "Spoke to the person by telephone",
        "late": "Written up late",
        "recorded_at": NOW,
    },
)

CONTEXT: dict[str, Any] = {
    "navigation": [
        {"label": "My work", "url": "#my-work", "current": True},
        {"label": "Cases", "url": "#cases", "current": False},
        {"label": "Inbox", "url": "#inbox", "current": False},
        {"label": "Governance", "url": "#governance", "current": False},
    ],
    "signed_in_name": "Noor Haddad",
    "signed_in_role": "coordinator",
    "system_banner": {"minutes": 7, "call": "the duty manager on 020 7946 0999"},
    "as_at": NOW,
    "zone": ZONE,
    "fields": FIELDS,
    "clocks": [{"now": NOW, "zone": ZONE, **clock} for clock in CLOCKS],
    "deeds": DEEDS,
    "steps": STEPS,
    "events": EVENTS,
    "person": {
        "name": "Samira Testcase",
        "called": "Sam",
        "born": date(1984, 5, 3),
        "age": "42",
        "identifiers": [{"label": "Hospital number", "value": "RX-0042"}],
        "needs": ["Arabic interpreter"],
    },
    "rows": [
        {"label": "Accountable now", "value": "Amal Said, Eastside Community Team"},
        {"label": "Due next", "value": "First contact, Mon 23 Nov 2026, 12:00 GMT"},
    ],
    "completeness": {
        "done": 11,
        "total": 14,
        "missing": [{"id": "risk.attempt", "label": "A suicide attempt in the last 3 months"}],
    },
    "errors": [
        {"id": "risk.attempt", "message": "A suicide attempt in the last 3 months: answer yes or no"},
        {"id": "appointment.first", "message": "First appointment: it is before the discharge"},
    ],
}


def style_guide(request: HttpRequest) -> HttpResponse:
    """Show every component; 404 unless DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "style_guide.html", CONTEXT)
