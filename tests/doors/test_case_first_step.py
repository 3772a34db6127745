"""What stands first on a case: filling in the packet on a new one, and never the sending of what was sent."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.doors.web_stage import Stage, build


@pytest.mark.requirement("PKT-06")
def test_a_new_case_begins_with_the_packet_and_a_sent_one_puts_sending_again_last(db: Any, monkeypatch: Any) -> None:
    stage: Stage = build(monkeypatch)
    case = stage.open("Quin Testcase")
    address = f"/cases/{case.removeprefix('case:')}/"

    def offered(staff: str) -> list[str]:
        page = stage.client(staff).get(address).content.decode()
        part = page[page.index('id="deeds"') : page.index('id="states"')].partition("<details")[0]
        return re.findall(r'class="usa-button[^"]*" href="[^"]*">([^<]+)</a>', part)

    assert re.fullmatch(r"Fill in the packet \(\d+ of \d+ answered\)", offered("cora")[0])
    assert not [label for label in offered("ina") if label.startswith("Fill in")]
    stage.send(case)
    labels = offered("cora")
    assert not [label for label in labels if label.startswith("Fill in")]
    assert labels[-1] == "Send the packet again", labels
    assert "Send the packet" not in labels
