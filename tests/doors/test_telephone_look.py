"""The pages of an answer by telephone in a real browser, narrow and wide: the whole way, and each page checked for access."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from holdfast.doors.web import viewer
from tests.doors.test_look import AXE, TOO_SMALL
from tests.doors.test_partner_link import PIN, Partner
from tests.doors.test_partner_phone import PICTURES, accept, browser, place
from tests.doors.test_partner_telephone import address, signed_in
from tests.installation import SENDER

pytestmark = pytest.mark.journey
__all__ = ["browser", "place"]


def faults(page: Any, name: str, width: int) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}-{width}.png", full_page=True)
    found = Axe().run(page, options=AXE)
    wide = page.evaluate("document.documentElement.scrollWidth") - width
    said = [found.generate_report()] if found.violations_count else []
    small = page.evaluate(TOO_SMALL)
    return [f"{name}: {one}" for one in [*said, *small, *([f"{wide} px too wide"] if wide > 0 else [])]]


@pytest.fixture
def session(place: tuple[str, str, Partner], monkeypatch: pytest.MonkeyPatch) -> str:
    """The sender, signed in; made before the browser starts, which allows no database beside it."""
    monkeypatch.setattr(viewer.timezone, "now", lambda: place[2].house.now)
    return str(signed_in(SENDER).cookies[settings.SESSION_COOKIE_NAME].value)


@pytest.mark.requirement("BEY-13")
@pytest.mark.parametrize("width", [360, 1280])
def test_an_answer_by_telephone_is_written_down_and_each_page_is_accessible(
    place: tuple[str, str, Partner], session: str, browser: Any, width: int
) -> None:
    server, _link, partner = place
    context = browser.new_context(viewport={"width": width, "height": 740})
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server}])
    page = context.new_page()
    page.goto(f"{server}/cases/{partner.case.id[5:]}/")
    found = faults(page, "telephone-case", width)
    page.get_by_role("link", name="They answered by telephone").click()
    assert page.url == server + address(partner.case)
    found += faults(page, "telephone", width)
    page.get_by_role("link", name="Received, reviewed, assigned").click()
    found += faults(page, "telephone-answer", width)
    page.get_by_role("button", name="Received, reviewed, assigned").click()
    found += faults(page, "telephone-errors", width)
    page.locator("label[for=f-read_back]").click()
    page.fill("input[name=pin]", PIN)
    accept(page)
    assert page.url == f"{server}/cases/{partner.case.id[5:]}/"
    found += faults(page, "telephone-done", width)
    assert page.get_by_text("By telephone, written down by Cora, Larch Ward").first.is_visible()
    assert page.locator("#standing").get_by_text("Lee").first.is_visible()
    context.close()
    assert not found
