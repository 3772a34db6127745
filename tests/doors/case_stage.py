"""A stage for the pages of a case: an installation, people signed in, and forms filled from what the page offers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from holdfast.core.answers import RawAnswer
from holdfast.desk.envelope import Ask, Envelope
from holdfast.directory.models import Account
from tests.installation import Case, Installation


class Form(HTMLParser):
    """The successful controls of a page's main form, as a browser would send them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside = False
        self.area = ""
        self.sent: dict[str, Any] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        if tag == "form":
            self.inside = "hf-form" in (named.get("class") or "")
        if not self.inside or not named.get("name"):
            return
        name, kind = str(named["name"]), named.get("type") or ""
        if tag == "textarea":
            self.area = name
            self.sent[name] = ""
        elif tag == "input" and (kind not in ("radio", "checkbox", "submit") or "checked" in named):
            self.sent[name] = named.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "form":
            self.inside = False


def form_on(text: str) -> dict[str, Any]:
    return Form(text).sent


def plain(text: str) -> str:
    """What a reader sees: no tags, white space as one blank."""
    text = re.sub(r"<(script|style|head)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return re.sub(r" ([,.:;)])", r"\1", " ".join(unescape(re.sub(r"<[^>]+>", " ", text)).split()))


def posted(id: str, answer: RawAnswer, zone_time: bool = True) -> dict[str, Any]:
    """One answer as its control posts it."""
    if answer.how == "none-known":
        return {f"{id}:answer": "none-known"}
    value = answer.value
    if isinstance(value, list):
        return {f"{id}:{n}:{name}": cell for n, row in enumerate(value) for name, cell in row.items()}
    if isinstance(value, str) and "T" in value and value.endswith("+00:00") and zone_time:
        date, _t, time = value.partition("T")
        return {f"{id}:date": date, f"{id}:time": time[:5]}
    return {id: value}


@dataclass
class Stage:
    """``pages`` of one case, seen as anybody of the installation."""

    house: Installation
    accounts: dict[str, Account] = field(default_factory=dict)

    def client(self, staff: str) -> Client:
        """Somebody who has just signed in: hours pass between the steps of a test, and a session does not last them."""
        if staff not in self.accounts:
            self.accounts[staff] = Account.objects.create_account(staff, staff, "x" * 12)
        client = Client()
        client.force_login(self.accounts[staff])
        return client

    def url(self, case: Case, rest: str = "") -> str:
        return f"/cases/{case.id.removeprefix('case:')}/{rest}"

    def get(self, case: Case, staff: str, rest: str = "", status: int = 200) -> str:
        response = self.client(staff).get(self.url(case, rest))
        assert response.status_code == status, response.content.decode()[:2000]
        return str(response.content.decode())

    def post(self, case: Case, staff: str, rest: str, data: dict[str, Any], status: int = 302) -> str:
        response = self.client(staff).post(self.url(case, rest), data)
        text = str(response.content.decode())
        assert response.status_code == status, plain(text)[:3000]
        return text

    def took(self, case: Case) -> None:
        """The channel took the first message of the case."""
        key = case.events("NoticeIssued")[0]["key"]
        values = {"key": key, "channel": "email", "at": self.house.now.isoformat()}
        outcome = self.house.desk.handle(Envelope(case.id, Ask("NoteSent", values), "system", "worker"))
        assert outcome.accepted, outcome.refusal

    def does(self, case: Case, staff: str, rest: str, status: int = 302, **answers: Any) -> str:
        """Open a form, fill it in and send it. Names take ``__`` for a dot and ``_`` for a hyphen."""
        sent = form_on(self.get(case, staff, rest))
        for name, value in answers.items():
            sent[name if name == "late_reason" else name.replace("__", ".").replace("_", "-")] = value
        return self.post(case, staff, rest, sent, status)
