"""The partner's link in a real browser, on a phone: the whole way without JavaScript, and each page checked for access."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from tests.doors.test_look import AXE, TOO_SMALL
from tests.doors.test_partner_link import MARK, Partner, arrange

pytestmark = pytest.mark.journey
#: Where to leave a picture of each page, to be looked at.
PICTURES = os.environ.get("HOLDFAST_PICTURES", "")


@pytest.fixture
def place(clean_database: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[tuple[str, str, Partner]]:
    """The address of a running server, the path of a link, and whose it is."""
    partner = arrange(monkeypatch, tmp_path)
    link = f"/link/{partner.link()}"
    server = LiveServer("127.0.0.1")
    yield server.url, link, partner
    server.stop()


@pytest.fixture
def browser(place: tuple[str, str, Partner]) -> Iterator[Any]:
    where = shutil.which("chromium") or shutil.which("chromium-browser")
    if not where:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    flags = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as play:
        started = play.chromium.launch(executable_path=where, args=flags)
        yield started
        started.close()


def faults(page: Any, name: str) -> list[str]:
    """What is wrong with this page on a phone."""
    from axe_playwright_python.sync_playwright import Axe

    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)
    found = Axe().run(page, options=AXE)
    small, wide = page.evaluate(TOO_SMALL), page.evaluate("document.documentElement.scrollWidth") - 360
    said = [found.generate_report()] if found.violations_count else []
    return [f"{name}: {one}" for one in [*said, *small, *([f"{wide} px too wide"] if wide > 0 else [])]]


def accept(page: Any) -> None:
    """Fill in and send the acceptance."""
    page.locator("label[for=f-who]", has_text="Ina").or_(page.get_by_text("Ina", exact=True)).first.click()
    page.get_by_text("Yes, reviewed").click()
    page.locator("#f-receipt__lead-field").get_by_text("Lee").first.click()
    page.fill("input[name='receipt.first-contact-at:date']", "2026-03-03")
    page.fill("input[name='receipt.first-contact-at:time']", "10:30")
    page.fill("textarea[name='receipt.first-actions']", "Call in the morning.")
    page.fill("textarea[name='receipt.escalation-signs']", "No answer twice.")
    page.get_by_role("button", name="Received, reviewed, assigned").click()


@pytest.mark.requirement("REC-07")
def test_a_partner_accepts_on_a_phone_without_javascript(place: tuple[str, str, Partner], browser: Any) -> None:
    server, link, partner = place
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page = context.new_page()
    page.goto(server + link)
    page.get_by_role("button", name="Send me the code").click()
    page.fill("#f-code", partner.code())
    page.get_by_role("button", name="Open", exact=True).click()
    assert page.url == f"{server}/link/visit/"
    assert MARK in page.content()
    accept(page)
    assert page.url == f"{server}/link/visit/"
    assert page.get_by_role("heading", name="What was answered").is_visible()
    assert page.get_by_text("Lee, Community North").first.is_visible()
    page.get_by_role("button", name="Close this page").click()
    page.goto(f"{server}/link/visit/")
    assert MARK not in page.content()
    context.close()


def test_each_page_of_the_link_is_accessible_on_a_phone(place: tuple[str, str, Partner], browser: Any) -> None:
    server, link, partner = place
    page = browser.new_context(viewport={"width": 360, "height": 740}).new_page()
    found: list[str] = []
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.goto(server + link)
    found += faults(page, "entrance")
    page.get_by_role("button", name="Send me the code").click()
    found += faults(page, "code-sent")
    page.fill("#f-code", "12")
    page.get_by_role("button", name="Open", exact=True).first.click()
    found += faults(page, "wrong-code")
    page.fill("#f-code", partner.code())
    page.get_by_role("button", name="Open", exact=True).first.click()
    found += faults(page, "visit")
    page.get_by_role("button", name="Received, reviewed, assigned").click()
    found += faults(page, "errors")
    page.goto(f"{server}/link/visit/decline")
    found += faults(page, "decline")
    page.goto(f"{server}/link/visit/")
    accept(page)
    found += faults(page, "accepted")
    page.get_by_role("button", name="Close this page").click()
    found += faults(page, "closed")
    page.goto(f"{server}/link/gone")
    found += faults(page, "over")
    page.get_by_role("button", name="Ask for a new link").click()
    found += faults(page, "asked")
    assert not found
    assert not complaints
