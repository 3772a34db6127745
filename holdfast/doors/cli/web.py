"""`holdfast web`: serve the pages and the API."""

from __future__ import annotations

import argparse
import os
import sys


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `web`."""
    parser = subparsers.add_parser("web", help="serve the pages and the API")
    parser.add_argument("--bind", default="127.0.0.1:8000", metavar="HOST:PORT", help="default: 127.0.0.1:8000")
    parser.add_argument("--workers", type=int, default=2, help="processes (default: 2; on SQLite 1 is best)")
    parser.add_argument("--threads", type=int, default=8, help="threads of each process (default: 8)")
    parser.set_defaults(run=_run)


def server_command(bind: str, workers: int = 1, threads: int = 8) -> list[str]:
    """The command line of the web server: no request is logged, for addresses say which case was looked at."""
    options = {"bind": bind, "worker-class": "gthread", "workers": str(workers), "threads": str(threads)}
    given = [
        f"--{name}={value}" for name, value in {**options, "log-level": "warning", "graceful-timeout": "20"}.items()
    ]
    return [sys.executable, "-m", "gunicorn", *given, "holdfast.config.wsgi:application"]


def _run(arguments: argparse.Namespace) -> int:
    """Becomes the server; the settings were read already, so what is wrong with them has been said in plain words."""
    command = server_command(arguments.bind, arguments.workers, arguments.threads)
    print(f"Serving http://{arguments.bind}/", flush=True)
    os.execv(command[0], command)  # noqa: S606 - the same interpreter, with arguments made here
    return 0
