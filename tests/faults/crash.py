"""A child process does one thing and is killed on the way; the parent looks at what the database kept."""

from __future__ import annotations

import json
import os
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connections

from holdfast.desk import points

#: Where a child can be killed: the desk's own points, and after the caller had its answer.
POINTS = (*points.NAMES, "acknowledged")
#: The same, and between two streams of one deed.
SEVERAL = (*points.NAMES, *points.ASIDE, "acknowledged")


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended: whether it acknowledged, whether it was killed, what it said went wrong, and what it was answered."""

    acknowledged: bool
    killed: bool
    fault: str
    answer: str


def in_child(deed: Callable[[], object], die_at: str = "", on_time: int = 1) -> Ended:
    """Run ``deed`` in a forked child that kills itself (SIGKILL) when it passes ``die_at`` for the ``on_time``-th time.

    ``deed`` gives something true when it was answered with success: only then the child acknowledges, and tells it.
    """
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_the_child(deed, die_at, on_time, reading, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    lines = [json.loads(line) for line in said.splitlines()]
    fault = next((line["fault"] for line in lines if "fault" in line), "")
    answer = next((line["acknowledged"] for line in lines if "acknowledged" in line), "")
    return Ended(bool(answer), killed, fault, answer)


def held_in_child(deed: Callable[[], object], at: str) -> int:
    """Run ``deed`` in a forked child that stays at the point ``at``, with all the locks it has there; gives its process id when
    it has come to it. The caller kills it."""
    connections.close_all()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)

        def passing(point: str) -> None:
            if point == at:
                os.write(writing, b"here")
                signal.pause()

        points.passing = passing
        try:
            deed()
        finally:
            os._exit(1)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        if pipe.read(4) != b"here":
            raise AssertionError(f"the child never came to {at}")
    return child


def _be_the_child(deed: Callable[[], object], die_at: str, on_time: int, reading: int, writing: int) -> None:
    os.close(reading)
    left = [on_time]

    def passing(point: str) -> None:
        if point == die_at:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    points.passing = passing
    try:
        if answer := deed():
            os.write(writing, json.dumps({"acknowledged": str(answer)}).encode() + b"\n")
            passing("acknowledged")
        os.close(writing)
        os._exit(0)
    except BaseException:
        os.write(writing, json.dumps({"fault": traceback.format_exc()[-2000:]}).encode() + b"\n")
        os._exit(1)
