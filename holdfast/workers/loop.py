"""The loop: each duty in a thread of its own, so that a slow mail server never keeps a clock waiting."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import close_old_connections, connection

from holdfast.clocks.heartbeat import BEATS_EVERY, beat
from holdfast.workers.duty import Duty, log, where

Now = Callable[[], datetime]
#: Seconds to wait after a step that failed: the database may be away.
AFTER_FAILURE = 5.0


def worker_name() -> str:
    """Who beats: machine, process and a part of chance, because processes are numbered again."""
    return f"{socket.gethostname()[:40]}-{os.getpid()}-{secrets.token_hex(3)}"


def run(duties: Sequence[Duty], now: Now, stop: threading.Event, name: str) -> None:
    """Run until ``stop`` is set; each duty finishes the step it is in."""
    threads = [
        threading.Thread(target=go_on, args=(duty, now, stop, f"{name}.{duty.name}"), name=duty.name) for duty in duties
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def once(duties: Sequence[Duty], now: Now, name: str = "once") -> None:
    """Everything there is to do now, duty by duty, then come back."""
    for duty in duties:
        started = now()
        while duty.step(now()):
            pass
        beat(f"{name}.{duty.name}", duty.name, started, now(), duty.late_ms())


def go_on(duty: Duty, now: Now, stop: threading.Event, name: str) -> None:
    """One duty, step after step. It beats after a step that went well, and while it rests; a step that hangs or fails is silent."""
    pulse = _Pulse(duty, name)
    try:
        while not stop.is_set():
            try:
                close_old_connections()
                if duty.step(now()):
                    pulse.beat(now())
                    continue
                _rest(duty.pause, now, stop, pulse)
            except Exception as error:
                log.error("the duty %s failed and will try again: %s", duty.name, where(error))
                connection.close()
                stop.wait(AFTER_FAILURE)
    finally:
        connection.close()


def _rest(seconds: float, now: Now, stop: threading.Event, pulse: _Pulse) -> None:
    left = seconds
    while True:
        pulse.beat(now())
        part = min(left, BEATS_EVERY.total_seconds() - 1)
        left -= part
        if stop.wait(part) or left <= 0:
            return


class _Pulse:
    """Beats no oftener than is needed: a beat is a write."""

    def __init__(self, duty: Duty, name: str) -> None:
        self.duty, self.name = duty, name
        self.started: datetime | None = None
        self.last: datetime | None = None

    def beat(self, now: datetime) -> None:
        self.started = self.started or now
        if self.last is None or now - self.last >= BEATS_EVERY * 0.75:
            beat(self.name, self.duty.name, self.started, now, self.duty.late_ms())
            self.last = now
