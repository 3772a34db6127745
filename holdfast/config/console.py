"""The `holdfast` command: each module in doors/cli adds its own subcommand, and Django wakes only when one needs it."""

import argparse
import importlib
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib.metadata import version


def build_parser() -> argparse.ArgumentParser:
    """The parser with every subcommand found in `holdfast.doors.cli`, and the worker's: modules that have `add(subparsers)`.

    A subcommand sets `run=function(arguments) -> int` with `set_defaults`, `needs_django=False` if it can do without,
    and `demo=True` if a secret key may be made for it.
    """
    parser = argparse.ArgumentParser(prog="holdfast", description="Handoffs between services that cannot get lost.")
    parser.add_argument("--version", action="version", version=f"holdfast {version('holdfast')}")
    subparsers = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    cli = importlib.import_module("holdfast.doors.cli")
    found = [f"{cli.__name__}.{module.name}" for module in pkgutil.iter_modules(cli.__path__)]
    # Doors and workers are rooms of one floor: only this one, above them, may start both.
    for name in sorted([*found, "holdfast.workers.command"], key=lambda name: name.rpartition(".")[2]):
        module = importlib.import_module(name)
        if hasattr(module, "add"):
            module.add(subparsers)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; the exit status is 0 for done, 1 for a plain no, 2 for what cannot be used."""
    from holdfast.config.environment import EnvironmentFault

    parsed = build_parser().parse_args(arguments)
    if getattr(parsed, "demo", False):
        # Read by the settings: in the demo a secret key is made where there is none.
        os.environ.setdefault("HOLDFAST_DEMO", "1")
    try:
        if getattr(parsed, "needs_django", True):
            wake_django()
        status = int(parsed.run(parsed) or 0)
        sys.stdout.flush()
        return status
    except BrokenPipeError:
        # Whoever read the output has seen enough: `holdfast verify | head` is no fault. Nothing may be flushed to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except EnvironmentFault as fault:
        print(fault, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def wake_django() -> None:
    """Set Django up with Holdfast's settings; calling it twice does no harm."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()


if __name__ == "__main__":
    sys.exit(main())
