"""The look: every component renders, is read rightly by machines, fits a phone, and reads back what it showed."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import django
import pytest
from django import forms
from django.conf import settings

if not settings.configured:  # the look needs no database and no other room: it can be worked on alone
    settings.configure(
        SECRET_KEY="look",
        STATIC_URL="static/",
        USE_TZ=True,
        INSTALLED_APPS=["django.contrib.staticfiles", "django_htmx", "holdfast.doors.web"],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    )
    django.setup()

from django.contrib.staticfiles import finders
from django.http import Http404, QueryDict
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from holdfast.config.headers import POLICY
from holdfast.doors.web.forms.fields import Column, FieldView, Option, answer_text, field_context
from holdfast.doors.web.forms.posted import RawAnswer, read_posted, wants_row
from holdfast.doors.web.style_guide import CONTEXT, FIELDS, NOW, style_guide

STATIC = Path(__file__).parents[2] / "holdfast/doors/web/static/holdfast"
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}}


class SignIn(forms.Form):
    """What Django's own sign-in form shows, without its database."""

    username = forms.CharField(label="User name")
    password = forms.CharField(label="Password")


def guide() -> str:
    with override_settings(DEBUG=True):
        return style_guide(RequestFactory().get("/style-guide")).content.decode()


def signin(**context: Any) -> str:
    people = [{"name": "Noor Haddad", "role": "coordinator", "sees": "Elm Ward", "username": "noor", "password": "x"}]
    request = RequestFactory().get("/sign-in")
    return render_to_string("registration/signin.html", {"demo_people": people, **context}, request)


def card() -> str:
    return render_to_string("style_guide.html", {**CONTEXT, "system_banner": None}, RequestFactory().get("/"))


def test_the_style_guide_is_not_served_outside_debug() -> None:
    with override_settings(DEBUG=False), pytest.raises(Http404):
        style_guide(RequestFactory().get("/style-guide"))


def test_every_described_and_linked_element_exists_once() -> None:
    page = guide()
    ids = re.findall(r'\sid="([^"]*)"', page)
    assert len(ids) == len(set(ids))
    pointed = [i for names in re.findall(r'aria-(?:describedby|labelledby)="([^"]*)"', page) for i in names.split()]
    pointed += re.findall(r'\bfor="([^"]*)"', page) + re.findall(r'href="#(f-[^"]*)"', page)
    assert pointed
    assert set(pointed) <= set(ids)


def test_nothing_inline_that_a_strict_policy_would_stop() -> None:
    for page in (guide(), signin(form=SignIn())):
        assert not re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", page)


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    sprite = (STATIC / "icons.svg").read_text()
    used = set(re.findall(r"icons\.svg#([a-z_]+)", guide()))
    named = {
        name
        for template in (STATIC.parents[1] / "templates").rglob("*.html")
        for name in re.findall(r'\{% icon "([a-z_]+)"', template.read_text())
    }
    assert used
    assert all(f'id="{name}"' in sprite for name in used | named)


def test_the_weight_of_a_page_stays_small() -> None:
    css = STATIC / "holdfast.css"
    assert css.stat().st_size < 210_000
    assert len(list(STATIC.rglob("*.woff2"))) == 2
    assert sum(f.stat().st_size for f in STATIC.rglob("*") if f.is_file() and "licences" not in f.parts) < 300_000
    for url in re.findall(r'url\("?([^")#]+)"?\)', css.read_text()):
        assert (STATIC / url).is_file(), url


def test_the_banner_says_what_a_dead_worker_means() -> None:
    assert "The clock worker has not been heard from for 7 minutes:" in guide()
    assert "Call the duty manager on 020 7946 0999." in guide()
    never = render_to_string("components/freshness.html", {"system_banner": {"minutes": None}})
    assert "not been heard from: times on this page may not be acted on automatically." in " ".join(never.split())
    assert "not been heard from" not in card()


def test_a_refused_deed_says_why_what_is_missing_and_who_can_supply_it() -> None:
    refused = render_to_string("components/deed.html", {"deed": CONTEXT["deeds"][2]})
    assert "<button" not in refused
    for words in (
        "it is not complete for tier high",
        "Consent to share",
        "Noor Haddad (ward coordinator)",
        "provisional",
    ):
        assert words in refused


def test_a_state_of_the_handoff_without_its_own_evidence_is_not_shown_as_done() -> None:
    steps = [{"name": "Transmitted", "at": NOW}, {"name": "Received"}]
    shown = render_to_string("components/status_steps.html", {"steps": steps})
    first, second = shown.split("</li>")[:2]
    assert "hf-steps__step--done" in first
    assert "hf-steps__step--done" not in second
    assert "Not yet" in second


@pytest.mark.requirement("BEY-24")
def test_a_clock_explains_itself_in_the_readers_zone() -> None:
    clock = {**CONTEXT["clocks"][0], "zone": "America/New_York"}
    shown = " ".join(render_to_string("components/clock.html", {"clock": clock}).split())
    for words in (
        "Overdue by 2 hours 5 minutes",
        "Tue 24 Nov 2026, 07:00 EST",
        "because suicidal thoughts",
        "Not paused",
    ):
        assert words in shown.replace("&#x27;", "'")
    assert "Rule: 24 hours for tier high" in shown
    assert "Started by: receipt confirmed" in shown


def test_a_clock_that_has_run_out_is_overdue_whatever_was_worked_out_before() -> None:
    late = {"now": NOW, "due": NOW - timedelta(seconds=1), "state": "soon"}
    assert "hf-clock--overdue" in render_to_string("components/clock.html", {"clock": late})
    naive = {"now": NOW, "due": datetime(2026, 11, 25, 1), "state": "paused"}  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        render_to_string("components/clock.html", {"clock": naive})


def test_sign_in_shows_its_errors_and_keeps_the_name_but_never_the_password() -> None:
    form = SignIn(QueryDict("username=noor&password=&next=/"))
    form.full_clean()
    form.add_error(None, "The name and the password do not fit together.")
    page = signin(form=form, next="/cases")
    assert "The name and the password do not fit together." in page
    assert 'value="noor"' in page
    assert re.search(r'<input[^>]*name="password"[^>]*aria-invalid="true"', page)
    assert 'name="next" value="/cases"' in page
    filled = SignIn(QueryDict("username=noor&password=hunter22"))
    assert "hunter22" not in signin(form=filled)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if not where:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = play.chromium.launch(executable_path=where, args=flags)
        yield browser
        browser.close()


def opened(browser: Any, html: str, width: int) -> tuple[Any, list[str]]:
    """A page of the look under the house's content policy, and the complaints of its console."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))

    def answer(route: Any) -> None:
        path = route.request.url.removeprefix("http://look.test").split("#")[0]
        if path == "/":
            headers = {"Content-Security-Policy": POLICY, "Content-Type": "text/html; charset=utf-8"}
            return route.fulfill(body=html, headers=headers)
        found = finders.find(path.removeprefix("/static/"))
        return route.fulfill(path=str(found)) if found else route.fulfill(status=404)

    page.route("**/*", answer)
    page.goto("http://look.test/")
    page.evaluate("document.fonts.ready")
    return page, complaints


PAGES = {
    "guide": guide,
    "signin": lambda: signin(form=SignIn()),
    "refused": lambda: signin(form=SignIn(QueryDict("a=1"))),
}
TOO_SMALL = """() => [...document.querySelectorAll(
  'button, .usa-button, input:not([type=hidden]), select, textarea, summary, .hf-nav a, [class$=__label]')]
  .filter(e => !e.closest('#djDebug') && e.getClientRects().length && getComputedStyle(e).position !== 'absolute'
    && e.getBoundingClientRect().height < 43.5)
  .map(e => e.outerHTML.slice(0, 120) + ' ' + e.getBoundingClientRect().height)"""


@pytest.mark.journey
@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_the_page_passes_the_accessibility_check_and_fits(chromium: Any, name: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page, complaints = opened(chromium, PAGES[name](), width)
    found = Axe().run(page, options=AXE)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_SMALL) == []
    assert complaints == []
    page.close()


@pytest.mark.journey
def test_writing_an_answer_chooses_answer_given_and_errors_take_the_focus(chromium: Any) -> None:
    page, _ = opened(chromium, guide(), 1280)
    assert page.evaluate("document.activeElement.matches('[data-focus]')")
    assert page.is_checked("#f-restrictions-is-none-known")
    page.fill("#f-restrictions", "Curfew at ten")
    assert page.is_checked("#f-restrictions-is-given")
    page.close()


def test_a_day_in_the_zone_of_the_reader() -> None:
    from holdfast.doors.web.templatetags.times import local_day, local_instant, span_words

    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert local_day(late, "Asia/Riyadh") == "Wed 25 Nov 2026"
    assert local_instant(late, "Asia/Riyadh") == "Wed 25 Nov 2026, 02:30 UTC+03"
    assert local_instant(None) == ""
    assert [span_words(timedelta(minutes=m)) for m in (0, 1, 61, 1440, 3059)] == [
        "less than a minute",
        "1 minute",
        "1 hour 1 minute",
        "1 day",
        "2 days 2 hours",
    ]


@pytest.mark.journey
def test_what_a_browser_sends_back_untouched_is_what_was_shown(chromium: Any) -> None:
    page, _ = opened(chromium, guide(), 1280)
    posted = QueryDict(mutable=True)
    for name, value in page.evaluate("[...new FormData(document.querySelector('.hf-form'))]"):
        posted.appendlist(name, value)
    for view in FIELDS:
        read = read_posted(view, posted)
        blank = view.value is None and not view.answer
        assert read.kind == (view.answer or ("blank" if blank else "given")), view.id
        assert read.value == view.value, view.id
        assert not read.contradiction
    page.close()


YES_NO = FieldView("a", "flag", "A", none_known_allowed=True)
TEXT = FieldView("b.c", "text", "B", none_known_allowed=True, not_disclosed_allowed=True)
PLAIN = FieldView("b.c", "text", "B")
CODE = FieldView("d", "code", "D", options=(Option("none-known", "A code of this name"),), none_known_allowed=True)
LIST = FieldView("m", "list", "M", columns=(Column("x", "X"), Column("y", "Y")), none_known_allowed=True)


@pytest.mark.parametrize(
    ("view", "sent", "read"),
    [
        (TEXT, "", RawAnswer("blank")),
        (TEXT, "b.c=+%0D%0A+", RawAnswer("blank")),
        (TEXT, "b.c=+one%0D%0Atwo+", RawAnswer("given", "one\ntwo")),
        (TEXT, "b.c=&b.c:answer=given", RawAnswer("blank")),
        (TEXT, "b.c=&b.c:answer=none-known", RawAnswer("none-known")),
        (TEXT, "b.c=&b.c:answer=not-disclosed&b.c:confirmed=1", RawAnswer("not-disclosed", confirmed=True)),
        (TEXT, "b.c=x&b.c:answer=none-known", RawAnswer("none-known", "x", contradiction=True)),
        (PLAIN, "b.c=&b.c:answer=none-known", RawAnswer("blank")),
        (PLAIN, "b.c=:none-known", RawAnswer("given", ":none-known")),
        (YES_NO, "a=no", RawAnswer("given", False)),
        (YES_NO, "a=:none-known", RawAnswer("none-known")),
        (YES_NO, "a=:not-disclosed", RawAnswer("blank")),
        (YES_NO, "a=perhaps", RawAnswer("blank")),
        (CODE, "d=none-known", RawAnswer("given", "none-known")),
        (CODE, "d=:none-known", RawAnswer("none-known")),
        (LIST, "m:0:x=&m:0:y=", RawAnswer("blank")),
        (
            LIST,
            "m:0:x=1&m:0:y=&m:1:x=&m:1:y=&m:2:x=&m:2:y=3",
            RawAnswer("given", ({"x": "1", "y": ""}, {"x": "", "y": "3"})),
        ),
        (LIST, "m:0:x=1&m:0:y=2&m:0:remove=1&m:1:x=3&m:1:y=", RawAnswer("given", ({"x": "3", "y": ""},))),
        (
            LIST,
            "m:0:x=1&m:0:y=&m:answer=none-known",
            RawAnswer("none-known", ({"x": "1", "y": ""},), contradiction=True),
        ),
        (FieldView("t", "instant", "T"), "t:date=2026-11-24&t:time=", RawAnswer("given", "2026-11-24T")),
        (FieldView("o", "codes", "O"), "o=a&o=b", RawAnswer("given", ("a", "b"))),
    ],
)
def test_blank_given_none_known_and_not_disclosed_stay_apart(view: FieldView, sent: str, read: RawAnswer) -> None:
    assert read_posted(view, QueryDict(sent)) == read


def test_adding_a_row_keeps_what_was_written() -> None:
    posted = QueryDict("m:0:x=1&m:0:y=2&m:add=1")
    assert wants_row(LIST, posted)
    assert not wants_row(TEXT, posted)
    shown = replace(LIST, value=read_posted(LIST, posted).value)
    html = render_to_string("forms/field.html", field_context(shown))
    assert 'name="m:0:x" value="1"' in html
    assert 'name="m:1:x" value=""' in html
    assert 'name="m:2:x"' not in html


def test_an_answer_in_words_keeps_its_four_states_apart() -> None:
    words = [answer_text(replace(TEXT, answer=a, value=v)) for a, v in STATES]
    assert words == ["Not answered yet", "None known", "Asked, not disclosed", "Calm"]
    assert [answer_text(view) for view in FIELDS][-4:-1] == ["24 Nov 2026", "27 Nov 2026, 10:30 London time", "71.5 kg"]


STATES: list[tuple[Any, Any]] = [("", None), ("none-known", None), ("not-disclosed", None), ("given", "Calm")]
