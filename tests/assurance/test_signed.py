"""The signed evidence file can be checked by anybody, with nothing but the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from holdfast.assurance import verify_bundle
from holdfast.assurance.signed import disclosable, signed_file
from holdfast.desk import persons
from holdfast.ledger.bundle import check_bundle
from holdfast.ledger.checkpoint import load_or_make_signing_key, public_text
from holdfast.ledger.checkpointer import Checkpointer
from holdfast.ledger.places import signing_key_file
from tests.assurance.conftest import witnessed
from tests.installation import GOVERNANCE, HIGH, SECOND_GOVERNANCE, Case, Installation

SCRIPT = Path(verify_bundle.__file__)


@pytest.fixture
def case(house: Installation, checkpointer: Checkpointer) -> Case:
    """A case of which the receipt is under a checkpoint and the contact is not yet."""
    house.accepted()
    made = house.accepted(**HIGH)
    witnessed(checkpointer, house)
    made.contact()
    return made


def text_of(case: Case, **how) -> str:
    return signed_file(case.id, case.at.desk.vault, case.at.now, **how)


def alone(tmp_path: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run in an empty folder, with no variable of ours and no database."""
    empty = tmp_path / "empty"
    empty.mkdir(exist_ok=True)
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8"}
    return subprocess.run(command, cwd=empty, env=env, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.requirement("AUD-01")
def test_a_third_party_verifies_it_without_the_system(case: Case, tmp_path: Path):
    file = tmp_path / "evidence.json"
    file.write_text(text_of(case), encoding="utf-8")
    key = public_text(load_or_make_signing_key(signing_key_file()).public_key())
    holdfast = str(Path(sys.executable).with_name("holdfast"))
    for command in (
        [holdfast, "verify", str(file), "--key", key],
        [sys.executable, "-I", "-S", str(SCRIPT), str(file), "--key", key],
    ):
        done = alone(tmp_path, *command)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "The file holds" in done.stdout
        assert "Proved up to" in done.stdout
        assert "alone: entries [" in done.stdout
        stranger = alone(
            tmp_path, *command[:-1], public_text(load_or_make_signing_key(tmp_path / "other.pem").public_key())
        )
        assert stranger.returncode == 1
        damaged = tmp_path / "damaged.json"
        damaged.write_bytes(file.read_bytes().replace(b"confirm-receipt", b"confirm-receipu", 1))
        assert alone(tmp_path, *[str(damaged) if part == str(file) else part for part in command]).returncode == 1


@pytest.mark.requirement("AUD-01", "AUD-03")
def test_one_flipped_byte_anywhere_fails_both_verifiers(case: Case):
    text = text_of(case)
    sound = text.encode()
    assert check_bundle(text).ok
    assert verify_bundle.check(text, [])[0] == []
    for place in range(7, len(sound), max(1, len(sound) // 60)):
        flipped = bytearray(sound)
        flipped[place] ^= 0x01
        try:
            broken = flipped.decode()
        except UnicodeDecodeError:
            continue
        same = _meaning(broken) == json.loads(text)  # white space between the parts carries no meaning
        assert check_bundle(broken).ok is same, place
        assert _stands(broken) is same, place


def _meaning(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _stands(text: str) -> bool:
    try:
        return verify_bundle.check(text, [])[0] == []
    except (verify_bundle.Wrong, KeyError, TypeError, ValueError, AttributeError):
        return False


def test_only_what_was_chosen_is_shown(case: Case):
    assert "risk.summary" in disclosable(case.id, case.at.desk.vault)
    chosen = json.loads(text_of(case, disclose=["risk.summary"]))
    assert [one["place"].split("/")[1] for one in chosen["disclosed"]] == ["risk.summary"]
    nothing = text_of(case, disclose=())
    assert check_bundle(nothing).ok
    assert "Passive thoughts" not in nothing
    assert "Passive thoughts" in text_of(case)


def test_a_value_cannot_be_shown_under_another_label(case: Case):
    bundle = json.loads(text_of(case, disclose=["risk.summary", "risk.triggers"]))
    first, second = bundle["disclosed"]
    first["place"], second["place"] = second["place"], first["place"]
    assert any("commits" in wrong for wrong in verify_bundle.check(json.dumps(bundle), [])[0])


def test_without_a_checkpoint_it_proves_nothing_and_says_so(house: Installation):
    made = house.sent()
    verdict = check_bundle(text_of(made))
    assert verdict.ok
    assert verdict.proved_to is None
    wrong, says = verify_bundle.check(text_of(made), [])
    assert not wrong
    assert any("Under no checkpoint" in line for line in says)


def test_once_erased_the_file_still_verifies_and_shows_nothing(case: Case):
    case.close()
    assert persons.erase(case.at.desk, case.person, "asked", GOVERNANCE, SECOND_GOVERNANCE, "test").accepted
    text = text_of(case)
    assert json.loads(text)["disclosed"] == []
    assert check_bundle(text).ok
    assert verify_bundle.check(text, [])[0] == []


def test_the_lone_verifier_reads_signatures_as_rfc_8032_does():
    for secret, message, signature in (
        (
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
        ),
        (
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        ),
    ):
        key, said, sign = bytes.fromhex(secret), bytes.fromhex(message), bytes.fromhex(signature)
        assert verify_bundle.signed(key, said, sign)
        assert not verify_bundle.signed(key, said + b"x", sign)
        higher = (int.from_bytes(sign[32:], "little") + verify_bundle.ORDER).to_bytes(32, "little")
        assert not verify_bundle.signed(key, said, sign[:32] + higher)


def test_the_lone_verifier_is_short_needs_nothing_and_stands_in_the_docs():
    source = SCRIPT.read_text("utf-8")
    assert source.count("\n") <= 300
    imports = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imports <= {"__future__", *sys.stdlib_module_names}
    page = SCRIPT.parents[2] / "docs" / "runbooks" / "verify-evidence.md"
    assert source in page.read_text("utf-8")
