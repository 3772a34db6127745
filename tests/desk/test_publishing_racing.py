"""Two who publish a directory at once: what a file leaves out is asked where nobody can change it any more."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from holdfast.core.parties import Staff
from holdfast.desk import publishing
from holdfast.desk.envelope import Outcome
from holdfast.desk.publishing import put_directory
from holdfast.directory.items import item_to_plain
from holdfast.directory.snapshot import current_version, load
from tests.installation import SENDER, Installation, directory_items


def works_for(organisation: str) -> Staff:
    """The sender, who holds a case, as one of that organisation."""
    return Staff(
        SENDER,
        "Cora",
        organisation,
        frozenset({("ward", "coordinator")}),
        email="cora@example.org",
        day="555-0100",
        night="555-0101",
    )


def test_a_file_is_held_against_what_another_publishes_at_the_same_time(
    clean_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = Installation().set_up()
    house.change_directory(works_for("elsewhere"))
    house.sent()
    file = [item for item in directory_items() if item[1] not in (SENDER, "elsewhere", "other", "otto")]
    inside, asked, done = threading.Event(), threading.Event(), {}
    check = publishing.check_changes

    def slow_check(*arguments: Any) -> Any:
        """The first is in its transaction until the second has asked, and had time to look at a directory without a lock."""
        if threading.current_thread().name == "first":
            inside.set()
            assert asked.wait(20)
            time.sleep(0.5)
        return check(*arguments)

    def first() -> Outcome:
        return put_directory(house.desk, [item_to_plain(works_for("hospital"))], "system", "test")

    def second() -> Outcome:
        assert inside.wait(20)
        asked.set()
        return put_directory(house.desk, file, "system", "test", whole=True)

    monkeypatch.setattr(publishing, "check_changes", slow_check)

    def run(deed: Callable[[], Outcome]) -> None:
        try:
            done[threading.current_thread().name] = deed()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(deed,), name=deed.__name__) for deed in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert done["first"].accepted, done["first"]
    refusal = done["second"].refusal
    assert refusal is not None and refusal.code == "still_needed", done["second"]
    assert "holds 1 cases" in refusal.says
    assert load(current_version()).staff[SENDER].organisation == "hospital"
