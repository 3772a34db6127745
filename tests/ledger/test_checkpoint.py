"""Checkpoints: what was signed verifies, and nothing else does."""

import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.checkpoint import (
    Checkpoint,
    ForgedCheckpoint,
    UnusableSigningKey,
    digest_of,
    key_id,
    load_or_make_signing_key,
    public_text,
    read_public_key,
    sign,
    verify,
)
from holdfast.people.keyring import UnsafeKeyFile, write_private_file

from .stored import INTRUDER, SIGNER

PUBLIC = SIGNER.public_key()
ONE = Checkpoint(
    origin="clinic",
    size=12,
    root="ab" * 32,
    at=datetime(2026, 3, 1, 8, 0, 1, 5, tzinfo=UTC),
    key_id=key_id(PUBLIC),
    erasures=("person-1", "person-2"),
)
LINE = sign(ONE, SIGNER)


def test_a_signed_line_is_read_back() -> None:
    assert verify(LINE, [INTRUDER.public_key(), PUBLIC]) == ONE
    assert verify(LINE + "\n", [PUBLIC]) == ONE
    assert "\n" not in LINE


def test_another_key_signs_in_vain() -> None:
    own = sign(replace(ONE, key_id=key_id(INTRUDER.public_key())), INTRUDER)
    for line in [own, own.replace(key_id(INTRUDER.public_key()), key_id(PUBLIC))]:
        with pytest.raises(ForgedCheckpoint):
            verify(line, [PUBLIC])
    with pytest.raises(ForgedCheckpoint):
        verify(LINE, [])
    with pytest.raises(ValueError, match="another key"):
        sign(ONE, INTRUDER)


@given(st.integers(0, len(LINE.encode()) * 8 - 1))
def test_one_flipped_bit_is_noticed(bit: int) -> None:
    changed = bytearray(LINE.encode())
    changed[bit // 8] ^= 1 << bit % 8
    text = changed.decode("utf-8", "replace")
    if text.strip() != LINE:
        with pytest.raises(ForgedCheckpoint):
            verify(text, [PUBLIC])


@given(st.text())
def test_any_other_text_is_refused_and_never_fails_otherwise(text: str) -> None:
    with pytest.raises(ForgedCheckpoint):
        verify(text, [PUBLIC])


@pytest.mark.parametrize("text", ["", "{}", "[]", LINE[:-20], LINE.replace(",", ", "), LINE + LINE, "\ud800"])
def test_a_torn_or_laid_out_line_is_refused(text: str) -> None:
    with pytest.raises(ForgedCheckpoint):
        verify(text, [PUBLIC])


def test_nothing_is_signed_that_would_not_verify() -> None:
    naive = ONE.at.replace(tzinfo=None)
    for wrong in [
        replace(ONE, size=-1),
        replace(ONE, root="AB" * 32),
        replace(ONE, previous="0"),
        replace(ONE, at=naive),
    ]:
        with pytest.raises(ValueError, match="checkpoint's"):
            sign(wrong, SIGNER)


def test_the_digest_names_the_checkpoint_and_all_in_it() -> None:
    assert digest_of(verify(LINE, [PUBLIC])) == digest_of(ONE)
    assert len({digest_of(ONE), digest_of(replace(ONE, size=13)), digest_of(replace(ONE, erasures=()))}) == 3


def test_a_signing_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "signing.pem"
    made = load_or_make_signing_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert public_text(load_or_make_signing_key(path).public_key()) == public_text(made.public_key())
    path.chmod(0o644)
    with pytest.raises(UnsafeKeyFile):
        load_or_make_signing_key(path)


def test_a_file_without_such_a_key_is_refused_and_kept(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for name, content in [("text", b"not a key"), ("other", other), ("empty", b"")]:
        write_private_file(tmp_path / name, content)
        with pytest.raises(UnusableSigningKey):
            load_or_make_signing_key(tmp_path / name)
        assert (tmp_path / name).read_bytes() == content


def test_a_public_key_travels_as_text() -> None:
    assert public_text(read_public_key(public_text(PUBLIC) + "\n")) == public_text(PUBLIC)
    for text in ["", "!", "AAAA"]:
        with pytest.raises(ValueError, match=r".+"):
            read_public_key(text)
