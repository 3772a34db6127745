"""Everything that can be done has its way in: each command of the core against pages, API and command line (BEY-27)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pytest
from django.urls import NoReverseMatch, reverse

from holdfast.core import commands
from holdfast.core.deeds import what_can_be_done
from holdfast.directory.snapshot import current_version, load
from holdfast.doors.api.deeds import WAYS, Kind
from holdfast.doors.api.reference import PLACE, pages
from holdfast.pathways.editions import latest_edition
from tests.doors.api_client import Caller, use
from tests.installation import (
    DECISION_MAKER,
    LEAD,
    PATHWAY,
    RECEIVER,
    RECEIVER_SUPERVISOR,
    SENDER,
    SENDER_SUPERVISOR,
    Installation,
)

COMMANDS = {kind.__name__ for kind in get_args(commands.Command)}
#: What no person gives: each is made by a duty of the worker, from a clock or from a channel's answer,
#: or for every case of somebody whose account is closed, or of an edition that is left behind.
BY_WORKERS = {
    "FireClocks", "NoteSent", "NoteFailed", "HearMoment", "NoteDropped", "SettleItem", "NoteSlotOffered", "NoteSlotLapsed",
    "HandOver", "MoveEdition",
}  # fmt: skip
OPENS = "OpenCase"
ROLES = (SENDER, SENDER_SUPERVISOR, RECEIVER, LEAD, RECEIVER_SUPERVISOR, DECISION_MAKER)


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return use(Installation().set_up(), monkeypatch)


def paths() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(pages()[PLACE])["paths"]
    return found


@pytest.mark.requirement("BEY-27")
def test_every_command_that_a_person_gives_has_a_way_in_the_api_and_on_the_pages() -> None:
    assert set(WAYS) == set(get_args(Kind))
    assert set(WAYS) | BY_WORKERS | {OPENS} == COMMANDS
    assert not set(WAYS) & (BY_WORKERS | {OPENS})
    described = paths()
    assert "post" in described["/api/v1/cases"]
    deed = described["/api/v1/cases/{case}/deeds/{command}/{target}"]["post"]
    command = next(p for p in deed["parameters"] if p["name"] == "command")
    assert set(command["schema"]["enum"]) == set(WAYS)
    for kind, way in WAYS.items():
        named = set(getattr(commands, kind).__dataclass_fields__)
        given = {way.target, *way.values, *way.texts} - {""}
        assert given | ({"answers" if "answers" in named else "fields"} if way.form else set()) == named


@pytest.mark.requirement("BEY-27")
def test_every_deed_that_any_role_is_offered_can_be_done_on_a_page_and_in_one_request(house: Installation) -> None:
    """The table of roles by deeds, from the core's own list, against the routes."""
    directory, pathway = load(current_version()), latest_edition(PATHWAY)
    cases = [house.open(), house.sent(), house.accepted()]
    table = set()
    for case in cases:
        for staff in ROLES:
            shown = {(d["command"], d["target"]): d for d in Caller.of(staff).get(f"cases/{case.id[5:]}")["deeds"]}
            deeds = what_can_be_done(case.state, pathway, directory, staff, house.now)
            assert {(deed.command, deed.target) for deed in deeds} == set(shown)
            for deed in deeds:
                line = shown[deed.command, deed.target]
                assert line["allowed"] == deed.allowed and (deed.refusal is None) == (line["refusal"] is None)
                assert deed.command in WAYS and bool(deed.target) == bool(WAYS[deed.command].target)
                table.add((staff, deed.command, deed.target.partition("#")[0], deed.allowed))
                _page(case.id[5:], deed.command, deed.target)
    assert {command for _, command, _, allowed in table if allowed} >= {
        *("TakeStep", "FillPacket", "NameRole", "Meet", "RaiseTier", "MoveHolder"),
    }


def _page(case: str, command: str, target: str) -> None:
    names = {"command": command, "target": target} if target else {"command": command}
    for kwargs in ({"case": case, **names}, {"case": case, "command": command, "target": target or "-"}):
        try:
            assert reverse("deed", kwargs=kwargs).startswith("/cases/")
        except NoReverseMatch:
            continue
        return
    pytest.fail(f"no page for {command} {target}")


def test_the_description_in_the_reference_is_the_one_that_is_served(house: Installation) -> None:
    kept = Path(__file__).parents[2] / PLACE
    assert kept.read_text("utf-8") == pages()[PLACE]
    served = Caller.of(SENDER).client.get("/api/v1/openapi.json")
    assert served.status_code == 200 and json.loads(served.content)["paths"].keys() == paths().keys()


def test_each_change_asks_for_a_key_and_each_operation_lists_its_problems() -> None:
    for path, operations in paths().items():
        for method, operation in operations.items():
            assert "application/problem+json" in operation["responses"]["404"]["content"], path
            names = {p["name"] for p in operation.get("parameters", ()) if p.get("required")}
            if method == "post" and not path.endswith("/find"):
                assert "Idempotency-Key" in names, path
            assert ("If-Match" in names) == ("/deeds/" in path or "/telephone/" in path), path
