"""A command whose output is cut short, as by `head`, ends without a trace of its insides."""

import subprocess
import sys


def test_a_reader_who_has_seen_enough_is_no_fault() -> None:
    command = [sys.executable, "-m", "holdfast.config.console", "pathway", "schema"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode()
    assert process.wait(60) == 0, said
    assert "Traceback" not in said and "BrokenPipe" not in said
