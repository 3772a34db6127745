"""A person at a browser: signs in, looks, fills in and presses; every page they come to is checked for access."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.journeys.town import PASSWORD, ZONE

#: A page of the same kind, made of the same kinds of things, has been checked before.
SHAPE = """() => location.pathname.replace(/[0-9a-f]{32}/, '') + [...new Set(
  [...document.querySelectorAll('body *')].map(e => `${e.tagName}.${e.getAttribute('class') || ''}.${e.type || ''}`))].sort().join()"""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
AXE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
#: The innermost things that make the page scroll sideways, if any do.
TOO_WIDE = """() => {
  const width = document.documentElement.clientWidth
  if (document.documentElement.scrollWidth <= width) return []
  const over = [...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > width)
  return over.filter(e => !over.some(o => o !== e && e.contains(o))).map(e => e.outerHTML.slice(0, 200)).slice(0, 5)
}"""
#: Where the pictures of the tutorial go; nowhere unless somebody asks for them.
PICTURES = os.environ.get("HOLDFAST_PICTURES", "")
#: A refused form answers 422, which browsers note as an error of the network. Whoever goes on while a page asks in the
#: background breaks that off, which is told as these two; a request that failed is told as htmx:sendError as well.
NO_FAULT = ("422", "htmx:sendAbort", "htmx:afterRequest")
_WAIT = 30_000
_taken: set[str] = set()
_checked: set[tuple[int, str]] = set()


@dataclass
class Walker:
    """One person's browser. ``taps`` counts what a hand does: presses, choices, and fields written in."""

    browser: Any
    url: str
    size: dict[str, int]
    taps: int = 0
    faults: list[str] = field(default_factory=list)
    page: Any = field(init=False)

    def __post_init__(self) -> None:
        self.page = self.browser.new_context(viewport=self.size, timezone_id=str(ZONE)).new_page()
        self.page.set_default_timeout(_WAIT)
        self.page.on("console", lambda said: self._complain(said.type, said.text))
        self.page.on("pageerror", lambda error: self._complain("error", str(error)))

    def sign_in(self, staff: str) -> None:
        """With name and password, whoever was signed in here before. Hours pass between scenes, and a session does not last them."""
        self.page.context.clear_cookies()
        self.page.goto(f"{self.url}/sign-in")
        self.page.fill("input[name=username]", staff)
        self.page.fill("input[name=password]", PASSWORD)
        self.page.get_by_role("button", name="Sign in", exact=True).click()
        assert self.text("h1") == "My work", self.page.content()[:3000]
        self.check()

    def goes(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        self.check()

    def press(self, name: str, role: str = "button", exact: bool = False) -> None:
        """Press the first button or link of this name, and look at the page it leads to."""
        self.taps += 1
        self.page.get_by_role(role, name=name, exact=exact).first.click()
        self.page.wait_for_load_state("load")
        self.check()

    def does(self, title: str, answers: dict[str, Any]) -> None:
        """Fill in the form of a deed and send it; it must be taken."""
        self.fills(answers)
        self.press(title)
        self.must_see(f"Recorded: {title}")

    def fills(self, answers: dict[str, Any]) -> None:
        for id, value in answers.items():
            self.answer(id, value)

    def answer(self, id: str, value: Any) -> None:
        """Write or choose one answer; None chooses "none known"."""
        if value is None:
            self.choose(f"{id}:answer", "none-known")
        elif isinstance(value, datetime):
            at = value.astimezone(ZONE)
            self._write(f"{id}:date", f"{at:%Y-%m-%d}")
            self._write(f"{id}:time", f"{at:%H:%M}")
        elif isinstance(value, list):
            for n, row in enumerate(value):
                for column, cell in row.items():
                    self._write(f"{id}:{n}:{column}", cell)
        elif self._named(id).first.get_attribute("type") == "radio":
            self.choose(id, value)
        else:
            self._write(id, value)

    def choose(self, name: str, value: str) -> None:
        """Touch the tile of a choice, as a finger does."""
        self.taps += 1
        dom = self.page.locator(f'input[name="{name}"][value="{value}"]').get_attribute("id")
        self.page.locator(f'label[for="{dom}"]').click()

    def confirms(self, id: str) -> None:
        """Say of an answer that came from elsewhere: I have checked this and it is right."""
        self.choose(f"{id}:confirmed", "1")

    def sees(self, words: str) -> bool:
        return words in " ".join(self.page.inner_text("main").split())

    def must_see(self, words: str) -> None:
        assert self.sees(words), f"not seen: {words}. {self.complaint()}"

    def text(self, selector: str) -> str:
        return " ".join(str(self.page.locator(selector).first.inner_text()).split())

    def complaint(self) -> str:
        """What the page says is wrong, for a test that fails."""
        wrong = self.page.locator(".usa-alert, .usa-error-message, .hf-deed--refused")
        found = [" ".join(text.split()) for text in wrong.all_inner_texts() if text.strip()]
        return f"{self.page.url}: {found} {' '.join(self.page.inner_text('main').split())[:3000]}"

    def check(self) -> None:
        """No fault that the axe rules of WCAG 2.2 AA find, and nothing that makes a page scroll sideways."""
        shape = (self.size["width"], str(self.page.evaluate(SHAPE)))
        if shape not in _checked:
            _checked.add(shape)
            found = Axe().run(self.page, options=AXE)
            if found.violations_count:
                self.faults.append(f"{self.page.url}: {found.generate_report()}")
        wide = self.page.evaluate(TOO_WIDE)
        if wide:
            self.faults.append(f"{self.page.url}: wider than {self.size['width']} px: {wide}")

    def picture(self, name: str, of: str = "") -> None:
        """Keep what the screen shows, from the first heading that says ``of`` on; the first of each name is kept."""
        if not PICTURES or name in _taken:
            return
        _taken.add(name)
        if of:
            top = self.page.get_by_role("heading", name=of).first.evaluate(
                "e => e.getBoundingClientRect().top + window.scrollY"
            )
            self.page.evaluate("top => window.scrollTo(0, top - 8)", top)
        folder = Path(PICTURES)
        folder.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=folder / f"{name}.png")

    def _named(self, name: str) -> Any:
        return self.page.locator(f'[name="{name}"]')

    def _write(self, name: str, text: str) -> None:
        self.taps += 1
        self._named(name).fill(text)

    def _complain(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and not any(word in text for word in NO_FAULT):
            self.faults.append(f"{self.page.url}: {text}")
