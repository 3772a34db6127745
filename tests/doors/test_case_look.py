"""Every page of a case, with a realistic case on it, on a phone and on a desk: accessible, nothing sideways, nothing too small."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.doors.case_stage import Stage, form_on
from tests.doors.test_look import AXE, TOO_SMALL, opened
from tests.installation import HIGH, LEAD, RECEIVER, SENDER, given

#: Wider pages differ from narrow ones only in their columns.
CHECKED_WIDE = {"running", "packet-draft", "evidence"}
PICTURES = os.environ.get("HOLDFAST_TEST_PICTURES", "")


@pytest.fixture
def shown(stage: Stage) -> dict[str, str]:
    """The HTML of each page, as its reader gets it."""
    draft = stage.house.open()
    draft.fill(consent__sharing=given(""))
    waiting = stage.house.sent(**HIGH)
    running = stage.house.accepted(**HIGH)
    running.contact(reached="nobody", method="voicemail")
    stage.house.wait(hours=3)
    running.contact(ideation="plan")
    stage.house.tick(waiting, running, until=stage.house.now + timedelta(hours=5))
    contact = form_on(stage.get(running, LEAD, "deeds/TakeStep/record-contact"))
    about = running.promise("clinical-response").id.replace("#", "%23")
    return {
        "draft": stage.get(draft, SENDER),
        "waiting": stage.get(waiting, SENDER),
        "running": stage.get(running, LEAD),
        "packet-draft": stage.get(draft, SENDER, "packet"),
        "packet-sent": stage.get(running, LEAD, "packet"),
        "packet-refused": stage.post(draft, SENDER, "packet", {"discharge.at:date": "2026-03-02"}, 422),
        "summary": stage.get(running, LEAD, "packet/summary"),
        "card": stage.get(running, LEAD, "card"),
        "evidence": stage.get(running, LEAD, "evidence?at:date=2026-03-02&at:time=10:00"),
        "send-refused": stage.get(draft, SENDER, "deeds/TakeStep/send"),
        "confirm": stage.get(waiting, RECEIVER, "deeds/TakeStep/confirm-receipt"),
        "contact": stage.get(running, LEAD, "deeds/TakeStep/record-contact"),
        "contact-refused": stage.post(running, LEAD, "deeds/TakeStep/record-contact", contact, 422),
        "respond": stage.get(running, "dan", f"deeds/TakeStep/respond?about={about}"),
        "emergency": stage.get(running, LEAD, "deeds/TakeStep/emergency"),
        "tier": stage.get(waiting, "dan", "deeds/LowerTier/standard"),
        "close": stage.get(running, LEAD, "deeds/CloseCase/engaged"),
    }


@pytest.fixture
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


@pytest.mark.journey
def test_every_page_is_accessible_and_fits(shown: dict[str, str], chromium: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    faults: list[str] = []
    for name, html in shown.items():
        for width in (360, 1280):
            page, complaints = opened(chromium, html, width)
            checked = width == 360 or name in CHECKED_WIDE
            found = Axe().run(page, options=AXE).response["violations"] if checked else []
            faults += [f"{name} {width}: {v['id']} {[n['html'][:160] for n in v['nodes'][:3]]}" for v in found]
            wide = page.evaluate("document.documentElement.scrollWidth")
            faults += [f"{name}: {wide} px wide at {width}"] if wide > width else []
            small = page.evaluate(TOO_SMALL)
            faults += [f"{name} {width}: too small {small}"] if small else []
            faults += [f"{name} {width}: {complaint}" for complaint in complaints]
            if PICTURES:
                page.screenshot(path=str(Path(PICTURES) / f"case-{name}-{width}.png"), full_page=True)
            page.close()
    assert not faults, "\n".join(faults)
