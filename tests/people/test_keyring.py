"""The keyring: a wrong key is refused, a key file others can read is refused, and a rotation loses nobody."""

import base64
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from holdfast.people.keyring import (
    ENV_NAME,
    Keyring,
    NoMasterKey,
    UnsafeKeyFile,
    WrongKey,
    key_id,
    load_keyring,
    lookup_tag,
    write_private_file,
)

OLD, NEW, PERSON_KEY = b"1" * 32, b"2" * 32, b"p" * 32


def ring(*keys: bytes) -> Keyring:
    return Keyring({key_id(key): key for key in keys}, key_id(keys[0]))


def text(key: bytes) -> str:
    return base64.b64encode(key).decode()


def test_a_key_comes_back_for_its_person_alone() -> None:
    wrapped = ring(OLD).wrap(PERSON_KEY, "person-1")
    assert ring(OLD).unwrap(wrapped, "person-1") == PERSON_KEY
    assert PERSON_KEY not in wrapped
    with pytest.raises(WrongKey):
        ring(OLD).unwrap(wrapped, "person-2")


def test_a_wrong_master_key_is_refused() -> None:
    wrapped = ring(OLD).wrap(PERSON_KEY, "person-1")
    with pytest.raises(WrongKey):
        ring(NEW).unwrap(wrapped, "person-1")
    with pytest.raises(WrongKey):
        ring(NEW).require([wrapped])
    ring(NEW, OLD).require([wrapped])
    with pytest.raises(WrongKey):
        Keyring({key_id(OLD): NEW}, key_id(OLD))


@pytest.mark.parametrize(
    "change", [lambda w: w[:-1], lambda w: w + b"x", lambda w: w[:8], lambda w: b"", lambda w: w[:-1] + b"\0"]
)
def test_an_altered_wrap_is_refused(change: Callable[[bytes], bytes]) -> None:
    with pytest.raises(WrongKey):
        ring(OLD).unwrap(change(ring(OLD).wrap(PERSON_KEY, "person-1")), "person-1")


def test_a_rotation_rewraps_under_the_new_key() -> None:
    wrapped = ring(OLD).wrap(PERSON_KEY, "person-1")
    again = ring(NEW, OLD).rewrap(wrapped, "person-1")
    assert again[:8].decode() == key_id(NEW)
    assert ring(NEW).unwrap(again, "person-1") == PERSON_KEY


def test_no_key_is_shown_when_the_ring_is_printed() -> None:
    assert "1111" not in repr(ring(OLD))


def test_a_tag_finds_one_value_of_one_kind_under_one_key() -> None:
    tags = {
        lookup_tag(OLD, "nhs", "943 476 5919"),
        lookup_tag(OLD, "nhs", "9434765919"),
        lookup_tag(OLD, "mrn", "9434765919"),
        lookup_tag(NEW, "nhs", "9434765919"),
        lookup_tag(OLD, "nh", "s9434765919"),
    }
    assert len(tags) == 5
    assert ring(NEW, OLD).tags("nhs", "1") == [lookup_tag(NEW, "nhs", "1"), lookup_tag(OLD, "nhs", "1")]


def test_the_environment_comes_first_and_its_first_key_is_current(tmp_path: Path) -> None:
    keyring, warning = load_keyring({ENV_NAME: f"{text(NEW)},{text(OLD)}"}, tmp_path / "key", make=True)
    assert (keyring.current, warning) == (key_id(NEW), "")
    assert not (tmp_path / "key").exists()
    assert keyring.unwrap(ring(OLD).wrap(PERSON_KEY, "p"), "p") == PERSON_KEY


def test_a_key_is_made_once_for_the_owner_alone_and_the_operator_is_told(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master"
    keyring, warning = load_keyring({}, path, make=True)
    assert path.stat().st_mode & 0o777 == 0o600
    assert "Back it up apart" in warning
    again, quiet = load_keyring({}, path, make=True)
    assert (again.current, quiet) == (keyring.current, "")
    assert os.listdir(path.parent) == ["master"]


def test_a_key_beside_the_data_is_warned_of_each_time(tmp_path: Path) -> None:
    load_keyring({}, tmp_path / "data" / "master", make=True)
    _, warning = load_keyring({}, tmp_path / "data" / "master", make=False, database_folder=tmp_path / "data")
    assert "lies in the database's folder" in warning
    _, quiet = load_keyring({}, tmp_path / "data" / "master", make=False, database_folder=tmp_path / "other")
    assert quiet == ""


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    load_keyring({}, tmp_path / "master", make=True)
    (tmp_path / "master").chmod(mode)
    with pytest.raises(UnsafeKeyFile):
        load_keyring({}, tmp_path / "master", make=True)


@pytest.mark.parametrize("content", ["", "\n", "not base64!", "c2hvcnQ="])
def test_what_is_no_key_is_refused(tmp_path: Path, content: str) -> None:
    write_private_file(tmp_path / "master", content.encode())
    with pytest.raises(NoMasterKey):
        load_keyring({}, tmp_path / "master", make=False)
    if content.strip():
        with pytest.raises(NoMasterKey):
            load_keyring({ENV_NAME: content}, tmp_path / "none", make=False)


def test_without_a_key_and_without_leave_to_make_one_it_refuses(tmp_path: Path) -> None:
    with pytest.raises(NoMasterKey):
        load_keyring({}, tmp_path / "master", make=False)
    assert not (tmp_path / "master").exists()


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    assert write_private_file(tmp_path / "key", b"first")
    assert not write_private_file(tmp_path / "key", b"second")
    assert (tmp_path / "key").read_bytes() == b"first"
