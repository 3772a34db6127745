"""The demonstration as people start it: one command, served within a minute, the same people the second time."""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

from holdfast.rehearsal.premises import begin, standing_of

ROOT = Path(__file__).resolve().parents[2]
#: Seconds, on a machine that has nothing else to do; a busy one gets as much longer as it is busy.
READY_WITHIN = 60.0
#: As Ctrl-C does; what a shell puts in the background has that one taken away, and is stopped as a service is.
STOP = signal.SIGTERM if signal.getsignal(signal.SIGINT) is signal.SIG_IGN else signal.SIGINT

alone = pytest.mark.skipif(
    os.environ.get("HOLDFAST_TEST_DATABASE") == "postgres", reason="the demonstration brings its own SQLite database"
)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_command() -> list[str]:
    """`script/run` where it would install nothing; else what it ends in, so that no test fetches packages."""
    mark = ROOT / ".venv" / "holdfast-test"
    wanted = (ROOT / "requirements" / "test.txt").read_bytes() + (ROOT / "pyproject.toml").read_bytes()
    prepared = mark.is_file() and mark.read_text().strip() == hashlib.sha256(wanted).hexdigest()
    return [str(ROOT / "script" / "run")] if prepared else [sys.executable, "-m", "holdfast.config.console", "demo"]


@contextmanager
def demo(port: int, data: Path):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("HOLDFAST_") and k != "DJANGO_SETTINGS_MODULE"}
    command = [*start_command(), "--port", str(port), "--data", str(data), "--no-browser"]
    process = subprocess.Popen(command, env=clean, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        process.send_signal(STOP)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        process.stdout.close()


def status(address: str) -> int:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return 0


def ready(port: int) -> bool:
    busy = max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))
    until = time.monotonic() + READY_WITHIN * busy
    while time.monotonic() < until:
        if status(f"http://127.0.0.1:{port}/health") == 200:
            return True
        time.sleep(0.25)
    return False


@alone
def test_one_command_serves_the_demo_and_the_second_start_finds_it_again(tmp_path):
    port, data = free_port(), tmp_path / "data"
    with demo(port, data) as process:
        assert ready(port)
        assert status(f"http://127.0.0.1:{port}/sign-in") == 200
    assert process.returncode == 0
    people = json.loads((data / "demo-people.json").read_text())
    assert {"name", "role", "sees", "username", "password"} == set(people[0])
    assert standing_of(data) == "ready"
    made = (data / "demo-people.json").stat().st_mtime_ns
    with demo(port, data):
        assert ready(port)
    assert (data / "demo-people.json").stat().st_mtime_ns == made
    with pytest.raises(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        pass  # nothing is left running


@alone
def test_a_real_installation_is_never_taken_for_a_demo(tmp_path):
    (tmp_path / "holdfast.sqlite3").write_bytes(b"")
    with demo(free_port(), tmp_path) as process:
        assert process.wait(timeout=60) == 2
        assert "is no demonstration" in process.stdout.read()


def test_a_setting_up_that_was_broken_off_is_begun_anew(tmp_path):
    begin(tmp_path)
    (tmp_path / "holdfast.sqlite3").write_bytes(b"half")
    assert standing_of(tmp_path) == "unfinished"
    begin(tmp_path)
    assert not (tmp_path / "holdfast.sqlite3").exists()
