"""The commands `intake`, `accounts` and `pathway publish`, as somebody at a prompt meets them."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from holdfast.config.console import main
from holdfast.desk.proposals import list_proposals
from holdfast.directory.items import Route
from holdfast.directory.models import Account
from holdfast.doors.api.models import Token
from holdfast.doors.api.tokens import find_staff
from holdfast.pathways.library import shipped
from holdfast.pathways.models import Edition
from holdfast.worklists.models import CaseRow
from tests.doors.api_client import Caller, use
from tests.installation import GOVERNANCE, PATHWAY, SECOND_GOVERNANCE, SENDER, Installation

NOTICE = (
    "MSH|^~\\&|App|Fac|||20260302080000+0000||ADT^A03|{0}|P|2.5\rEVN|A03|20260302080000+0000\r"
    "PID|1||{0}^^^W^MR||Vale^Robin||19800402||||||555-0142\rPV1|1|I\rZZZ|1\r"
)


@pytest.fixture
def house(db: None, monkeypatch: pytest.MonkeyPatch) -> Installation:
    return use(Installation().set_up(), monkeypatch)


def run(*arguments: str) -> int:
    return main(arguments)


def test_intake_says_what_became_of_each_message_and_what_was_not_used(
    house: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "notice.hl7"
    file.write_text(NOTICE.format("1"), newline="")
    assert run("intake", str(file)) == 1
    waits = capsys.readouterr().out
    assert "waits for somebody" in waits and "No route is set" in waits and "waits for: nia" in waits
    house.change_directory(Route("*", PATHWAY, "ward", "north", SENDER))
    file.write_text(NOTICE.format("2"), newline="")
    assert run("intake", str(file), "--as", SENDER) == 0
    used = capsys.readouterr().out
    assert f"case: {CaseRow.objects.get().case[5:]}" in used
    assert "used, each to be confirmed: discharge.at, contact.phone" in used and "not used: ZZZ" in used
    assert "Vale" not in used and "555-0142" not in used
    assert run("intake", str(file)) == 0
    assert "came before" in capsys.readouterr().out and CaseRow.objects.count() == 1


def test_intake_of_what_is_not_there_takes_in_nothing(
    house: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    assert run("intake", str(tmp_path / "absent")) == 2
    assert run("intake", str(empty), "--as", "nobody") == 2
    assert run("intake", str(empty), "--zone", "Nowhere/At all") == 2
    assert "not a time zone" in capsys.readouterr().err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"neither")))
    assert run("intake", "-") == 1
    assert "cannot be read" in capsys.readouterr().out


def test_a_token_is_printed_once_and_opens_the_api_until_it_is_revoked(
    house: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("accounts", "token", SENDER, "--name", "feed", "--days", "1") == 0
    secret = capsys.readouterr().out.strip()
    assert find_staff(secret, datetime.now(UTC)) == SENDER
    caller = Caller(SENDER, {"Authorization": f"Bearer {secret}"})
    assert caller.get("me")["staff"]["id"] == SENDER
    assert run("accounts", "list") == 0 and "token feed: cora" in capsys.readouterr().out
    assert run("accounts", "revoke", SENDER) == 0
    assert caller.get("me", 401)
    assert run("accounts", "token", "nobody") == 1 and run("accounts", "token", SENDER, "--days", "9999") == 1
    assert Token.objects.count() == 1


def test_an_account_is_made_with_a_good_password_and_closed_only_without_responsibility(
    house: Installation, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for password, status in (("short", 1), ("a long pass phrase", 0), ("a long pass phrase", 1)):
        monkeypatch.setattr(sys, "stdin", io.StringIO(f"{password}\n"))
        assert run("accounts", "add", SENDER, "--username", "cora.bell") == status
    account = Account.objects.get()
    assert account.check_password("a long pass phrase") and account.staff == SENDER
    house.open()
    assert run("accounts", "close", SENDER) == 1
    assert "still has 1 open case" in capsys.readouterr().err
    assert run("accounts", "close", GOVERNANCE) == 0
    assert run("accounts", "add", "nobody") == 1


def test_a_pathway_is_published_by_somebody_who_answers_for_it(
    house: Installation, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("pathway", "publish", PATHWAY, "--by", "system") == 0
    assert "published already" in capsys.readouterr().out
    changed = tmp_path / "changed.yaml"
    changed.write_text(shipped()[PATHWAY].replace("window: 30 d", "window: 31 d"), "utf-8")
    house.open()
    assert run("pathway", "publish", str(changed), "--by", "system") == 1, "alone, with cases open"
    assert run("pathway", "publish", str(changed), "--by", GOVERNANCE) == 1, "alone"
    assert run("pathway", "publish", str(changed), "--by", GOVERNANCE, "--approved-by", GOVERNANCE) == 1
    assert run("pathway", "publish", str(changed), "--by", GOVERNANCE, "--approved-by", SENDER) == 1
    assert run("pathway", "publish", str(changed), "--by", "nobody", "--approved-by", GOVERNANCE) == 1
    assert Edition.objects.count() == 1 and not list_proposals()
    assert run("pathway", "publish", str(changed), "--by", SENDER, "--approved-by", GOVERNANCE) == 1
    assert run("pathway", "publish", str(changed), "--by", SECOND_GOVERNANCE, "--approved-by", GOVERNANCE) == 0
    assert Edition.objects.count() == 2
    changed.write_text("pathway: [", "utf-8")
    assert run("pathway", "publish", str(changed), "--by", GOVERNANCE) == 1
    assert run("pathway", "publish", str(tmp_path / "absent"), "--by", GOVERNANCE) == 2


def test_the_commands_are_listed_without_waking_the_database() -> None:
    told = subprocess.run(
        [sys.executable, "-m", "holdfast.config.console", "--help"], capture_output=True, text=True, check=True
    )
    assert "intake" in told.stdout and "accounts" in told.stdout
