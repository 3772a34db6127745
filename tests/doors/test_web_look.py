"""Every page of the shell, with rows on it, on a phone and on a desk: accessible, nothing sideways, nothing too small to touch."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, override_settings

from tests.doors.test_look import AXE, TOO_SMALL, opened
from tests.doors.web_stage import build, fill_inbox, fill_mailbox

PAGES = {
    "my-work": ("cora", "/"),
    "lead": ("lee", "/"),
    "team": ("sam", "/team/north"),
    "slipping": ("sue", "/team/ward?only=late"),
    "cases": ("cora", "/cases/"),
    "nothing": ("olaf", "/"),
    "open": ("cora", "/cases/open"),
    "governance": ("gail", "/governance/"),
    "inbox": ("cora", "/inbox/?show=all"),
    "mailbox": ("cora", "/mailbox/"),
    "not-found": ("cora", "/there-is-no-such-page"),
    "not-allowed": ("olaf", "/governance/"),
    "signed-out": ("", "/sign-in"),
}

#: The check takes a second or more a page; these differ most between a phone and a desk.
CHECKED_WIDE = {"my-work", "slipping", "cases", "known", "governance", "message"}


@pytest.fixture
def shown(db: Any, monkeypatch: Any, tmp_path: Any) -> Iterator[dict[str, str]]:
    """The HTML of each page, as its reader gets it."""
    stage = build(monkeypatch)
    sent, accepted, _draft = (
        stage.open("Quin Testcase", "RX-0042"),
        stage.open("Robin Example"),
        stage.open("Sasha Invented"),
    )
    stage.send(sent)
    stage.send(accepted)
    stage.accept(accepted)
    stage.wait(hours=26)
    with override_settings(HOLDFAST_DEMO=True, HOLDFAST_DATA=tmp_path):
        message = fill_inbox(stage)
        mail = fill_mailbox(tmp_path)
        pages = {**PAGES, "message": ("cora", f"/inbox/{message}"), "mail": ("cora", f"/mailbox/{mail}")}
        html = {}
        for name, (staff, address) in pages.items():
            client = stage.client(staff) if staff else Client()
            html[name] = client.get(address).content.decode()
        html["refused"] = stage.client("cora").post("/cases/open", {"name": "Quin"}).content.decode()
        html["not-settled"] = stage.client("cora").post(f"/inbox/{message}", {}).content.decode()
        known = {"name": "Quin Testcase", "born": "1984-05-03", "system": "mrn", "number": "RX-0042", "holder": "cora"}
        parties = {"party-sender": "ward", "party-receiver": "north"}
        html["known"] = stage.client("cora").post("/cases/open", known | parties).content.decode()
        html["found"] = (
            stage.client("cora").post("/cases/find", {"system": "mrn", "number": "RX-0042"}).content.decode()
        )
        yield html


@pytest.fixture
def pages_only(shown: dict[str, str]) -> Iterator[tuple[Any, dict[str, str]]]:
    """A browser that starts after the database has been read and ends before it is rolled back: its loop bars both."""
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if not where:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=where, args=["--headless", "--no-sandbox", "--disable-gpu"])
        yield browser, shown
        browser.close()


@pytest.mark.journey
def test_each_page_is_accessible_and_fits(pages_only: tuple[Any, dict[str, str]]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    browser, shown = pages_only
    faults: dict[str, Any] = {}
    for name, html in shown.items():
        for width in (360, 1280):
            page, complaints = opened(browser, html, width)
            small, wide = page.evaluate(TOO_SMALL), page.evaluate("document.documentElement.scrollWidth") - width
            found = Axe().run(page, options=AXE) if width == 360 or name in CHECKED_WIDE else None
            report = found.generate_report() if found and found.violations_count else ""
            page.close()
            if report or small or wide > 0 or complaints:
                faults[f"{name} at {width}"] = (report, small, wide, complaints)
    assert not faults
