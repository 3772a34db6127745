"""Two doors to the same deeds: the API, and the pages with their forms. What a test says is the same for both."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from html.parser import HTMLParser
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.test import Client

from holdfast.directory.models import Account
from holdfast.doors.web.links import STREAM, case_url, deed_url
from holdfast.ledger.models import Head
from tests.doors.api_client import Caller
from tests.doors.case_stage import plain

#: Where the network of the library lives; the pages take and show its local time.
ZONE = ZoneInfo("Europe/London")


class Door(Protocol):
    """A way in for the deeds of one member of staff after another."""

    def open(self, staff: str, body: Mapping[str, Any]) -> str:
        """Open a case, as the API's body says it; gives the case as addresses name it."""

    def do(self, staff: str, case: str, deed: str, status: int = 200, /, **body: Any) -> Any:
        """Do a deed, as the API's body says it. With another ``status`` it must be refused, and the refusal comes back."""


class Api:
    """One request for each deed."""

    def __init__(self) -> None:
        self.callers: dict[str, Caller] = {}

    def of(self, staff: str) -> Caller:
        return self.callers.setdefault(staff, Caller.of(staff))

    def open(self, staff: str, body: Mapping[str, Any]) -> str:
        return str(self.of(staff).post("cases", body, 201)["case"])

    def do(self, staff: str, case: str, deed: str, status: int = 200, /, **body: Any) -> Any:
        return self.of(staff).do(case, deed, status, **body)


class Web:
    """The page with the form is found on the case, filled in as by hand and sent; the page that follows is looked at."""

    def __init__(self) -> None:
        self.api = Api()

    def open(self, staff: str, body: Mapping[str, Any]) -> str:
        """A person who is known is named by the number they are known under."""
        browser, person = signed_in(staff), body["person"]
        assert not body["answers"], "the form for opening asks for no answers"
        address = f"/cases/open?pathway={body['pathway']}"
        form = Form.on(browser, address)
        number = person["numbers"][0]
        typed = {
            "name": person["name"],
            "born": "1984-05-03",
            "holder": body["holder"],
            "system": number["system"],
            "number": number["value"],
            **{f"party-{party}": team for party, team in body["parties"].items()},
        }
        answer = form.send(browser, address, typed)
        assert answer.status_code == 302, plain(answer.content.decode())[:1500]
        return str(answer["Location"]).strip("/").removeprefix("cases/")

    def do(self, staff: str, case: str, deed: str, status: int = 200, /, **body: Any) -> Any:
        command, _, target = deed.partition("/")
        given = body.pop("answers", {})
        answers, about = typed(given), body.pop("about", "")
        if command in ("FillPacket", "NameRole"):
            named = {f"named.{target}": body.pop("staff")} if command == "NameRole" else {}
            address, answers = case_url(STREAM + case) + "packet", answers | named
        else:
            target = target.replace("%23", "#")
            address = deed_url(STREAM + case, command, target, "" if about == target else about)
        assert not body, f"no form takes {', '.join(body)}"
        if status == 200:
            return self._done(staff, case, address, answers)
        page = self._refused(staff, case, address, answers)
        refusal = self.api.do(staff, case, deed, status, **({"about": about} if about else {}), answers=given)
        unsaid = [item["says"] for item in refusal["missing"] if item["says"].partition(":")[0] not in page]
        assert not unsaid, f"the page does not say: {unsaid}"
        return refusal

    def _done(self, staff: str, case: str, address: str, answers: Mapping[str, Any]) -> None:
        browser = signed_in(staff)
        page = shown(browser, case_url(STREAM + case))
        assert address in links(page), f"{staff} finds no way to {address} on the case"
        answer = Form.on(browser, address).send(browser, address, answers)
        assert answer.status_code == 302, plain(answer.content.decode())[:3000]
        shown(browser, answer["Location"])

    def _refused(self, staff: str, case: str, address: str, answers: Mapping[str, Any]) -> str:
        """What a reader sees of the refusal; nothing was written."""
        browser, before = signed_in(staff), Head.objects.get(stream=STREAM + case).number
        page = shown(browser, address)
        form = Form(page)
        if form.names:  # Where no gate can be passed there is nothing to send.
            answer = form.send(browser, address, answers)
            page = answer.content.decode()
            assert answer.status_code == 422, plain(page)[:1500]
        assert Head.objects.get(stream=STREAM + case).number == before, "a refused deed left an entry"
        return plain(page)


class Form(HTMLParser):
    """The form of a page: ``sent`` is what it would send untouched, ``names`` its controls with what they offer to choose from."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.inside, self.area, self.choosing = False, "", ""
        self.sent: dict[str, Any] = {}
        self.names: dict[str, set[str]] = {}
        self.feed(text)

    @classmethod
    def on(cls, browser: Client, address: str) -> Form:
        form = cls(shown(browser, address))
        assert form.names, f"{address} has no form"
        return form

    def send(self, browser: Client, address: str, typed: Mapping[str, Any]) -> Any:
        """Fill in and send; each name must be a control of the form, and each choice one that it offers."""
        for name, value in typed.items():
            base, _, rest = name.partition(":")
            if name not in self.names and rest[:1].isdigit():
                return self._with_a_row(browser, address, base, typed)
            assert name in self.names, f"the form at {address} does not ask for {name}: {sorted(self.names)}"
            for one in value if isinstance(value, list) else [value]:
                assert not self.names[name] or one in self.names[name], f"{name} does not offer {one}"
        return browser.post(address, {**self.sent, **typed})

    def _with_a_row(self, browser: Client, address: str, list: str, typed: Mapping[str, Any]) -> Any:
        """The button "Add a row" sends what there is and shows the form with one more."""
        there = {name: value for name, value in typed.items() if name in self.names}
        more = browser.post(address, {**self.sent, **there, f"{list}:add": "1"})
        wider = Form(more.content.decode())
        assert len(wider.names) > len(self.names), f"no row was added to {list}"
        return wider.send(browser, address, typed)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        of = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = "hf-form" in of.get("class", "")
        name, value, kind = of.get("name", ""), of.get("value", ""), of.get("type", "")
        if not self.inside:
            return
        if tag == "option" and self.choosing:
            self.names[self.choosing].add(value)
            if "selected" in of or self.choosing not in self.sent:
                self.sent[self.choosing] = value
        elif name and tag in ("textarea", "select"):
            self.names[name] = set()
            self.area, self.choosing = (name, "") if tag == "textarea" else ("", name)
            if tag == "textarea":
                self.sent[name] = ""
        elif name and tag == "input":
            offered = self.names.setdefault(name, set())
            if kind in ("radio", "checkbox"):
                offered.add(value)
            if kind == "checkbox" and "checked" in of:
                self.sent[name] = [*self.sent.get(name, []), value]
            elif kind not in ("radio", "checkbox", "submit") or "checked" in of:
                self.sent[name] = value

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.area = ""
        if tag == "select":
            self.choosing = ""
        if tag == "form":
            self.inside = False


def signed_in(staff: str) -> Client:
    """A browser in which somebody has just signed in: hours pass between deeds, and a session does not last them."""
    browser = Client()
    account = Account.objects.filter(staff=staff).first() or Account.objects.create_account(staff, staff, "x" * 12)
    browser.force_login(account)
    return browser


def shown(browser: Client, address: str) -> str:
    answer = browser.get(address)
    text = str(answer.content.decode())
    assert answer.status_code == 200, (address, answer.status_code, plain(text)[:1000])
    return text


def links(page: str) -> set[str]:
    """Where the page leads to."""
    return {link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+)"', page)}


def typed(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Answers as somebody gives them in the controls of a form."""
    sent: dict[str, Any] = {}
    for id, value in answers.items():
        if value is None or value == {"how": "blank"}:
            sent[id] = ""
        elif isinstance(value, dict):
            sent[f"{id}:answer"] = value["how"]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            sent |= {f"{id}:{n}:{name}": cell for n, row in enumerate(value) for name, cell in row.items()}
        elif isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.+-]+", value):
            local = datetime.fromisoformat(value).astimezone(ZONE)
            sent |= {f"{id}:date": f"{local:%Y-%m-%d}", f"{id}:time": f"{local:%H:%M}"}
        else:
            sent[id] = [str(one) for one in value] if isinstance(value, list) else str(value)
    return sent
