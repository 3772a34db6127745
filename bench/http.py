"""The desk through HTTP: a real server, real tokens, access and audit in the path, clients that keep their connection."""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

BODY = json.dumps({"answers": {"contact.method": "phone", "contact.with": "nobody"}})


@contextmanager
def server(url: str, workers: int) -> Iterator[int]:
    """gunicorn on a free port with the database at ``url``; gives the port."""
    from holdfast.doors.cli.web import server_command

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    import base64

    from tests.installation import KEY

    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "holdfast.config.settings",
        "HOLDFAST_DATABASE_URL": url,
        "HOLDFAST_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HOLDFAST_MASTER_KEY": base64.b64encode(KEY).decode(),
    }
    process = subprocess.Popen(server_command(f"127.0.0.1:{port}", workers, 8), env=environment)
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
        print(f"web workers: {', '.join(f'{mb:.0f} MB' for mb in _memory_of_children(process.pid))} at most")
    finally:
        process.terminate()
        process.wait(20)


def _memory_of_children(parent: int) -> list[float]:
    """The most memory that each child of ``parent`` has had, in MB; where the system does not tell, nothing."""
    found = []
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            told = dict(line.split(":", 1) for line in status.read_text().splitlines())
        except OSError:
            continue  # it ended meanwhile
        if told["PPid"].strip() == str(parent):
            found.append(int(told["VmHWM"].split()[0]) / 1024)
    return found


def token() -> str:
    """A token of the lead on whose cases the clients work."""
    from datetime import UTC, datetime, timedelta

    from holdfast.doors.api.tokens import make_token
    from tests.installation import LEAD

    return make_token(LEAD, "bench", datetime.now(UTC), timedelta(days=1))


def client(number: int, seconds: float, port: int, secret: str, cases: list[str], clients: int) -> int:
    """Deeds recorded by one client in ``seconds``."""
    mine = cases[number::clients]
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    done, end = -1, time.perf_counter() + seconds + 60
    while time.perf_counter() < end:
        case = mine[done % len(mine)].removeprefix("case:")
        line.request(
            "POST",
            f"/api/v1/cases/{case}/deeds/TakeStep/record-contact",
            BODY,
            {
                "Authorization": f"Bearer {secret}",
                "Content-Type": "application/json",
                "Idempotency-Key": f"h{number}-{time.time_ns()}",
                "If-Match": "*",
            },
        )
        answer = line.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{answer.status}: {said[:300]!r}")
        if done < 0:
            end = time.perf_counter() + seconds  # the first one warmed the server up
        done += 1
    return done
