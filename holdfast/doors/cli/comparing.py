"""`holdfast pathway diff`: what would change between two files, or between what is published and what is proposed."""

from __future__ import annotations

import argparse
import os
import re
import sys
from pathlib import Path

from holdfast.core.pathway import Pathway
from holdfast.doors.cli.pathway_files import read_pathway
from holdfast.pathways.comparison import in_words
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from holdfast.pathways.words import in_words as words

_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_PROPOSAL = re.compile(r"([a-z0-9.-]+):([0-9]{1,9})")
LATEST = "latest"


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `diff`."""
    diff = actions.add_parser("diff", help="tell the difference between two editions in plain words")
    named = "a file, a shipped id, 'latest' (what new cases start on), the digest of a published edition, or ID:NUMBER for a proposal"
    diff.add_argument("before", help=named)
    diff.add_argument("after", help="the same")
    diff.set_defaults(run=_diff, needs_django=False)


def _diff(arguments: argparse.Namespace) -> int:
    """Exit 0 when it could be told, 1 when one has faults, 2 when one cannot be found."""
    wanted = [arguments.before, arguments.after]
    found: list[Pathway | int] = [read_edition(name) if name != LATEST else 2 for name in wanted]
    for place, name in enumerate(wanted):
        other = found[1 - place]
        if name == LATEST and isinstance(other, Pathway):
            latest = _latest(other.id)
            if place == 0 and latest is None:
                print(f"New: no edition of {other.id} is published here. All of it in words:\n\n{words(other)}", end="")
                return 0
            found[place] = latest or 2
            if latest is None:
                print(f"no edition of {other.id} is published here; run: holdfast pathway publish", file=sys.stderr)
    before, after = found
    if isinstance(before, Pathway) and isinstance(after, Pathway):
        print(in_words(before, after), end="")
        return 0
    if wanted == [LATEST, LATEST]:
        print("One of the two must name a pathway.", file=sys.stderr)
    return max(one for one in found if isinstance(one, int))


def read_edition(name: str) -> Pathway | int:
    """A file, a shipped id, a published edition or a proposal; or the exit status, with a line on standard error."""
    if name not in shipped() and not Path(name).exists():
        if found := _PROPOSAL.fullmatch(name):
            return _proposed(found[1], int(found[2]))
        if _DIGEST.fullmatch(name):
            return _published(name)
    return read_pathway(name)


def _published(digest: str) -> Pathway | int:
    _wake()
    from holdfast.pathways.editions import find_editions, get_edition

    found = find_editions(digest)
    if len(found) == 1:
        return get_edition(found[0])
    print(
        f"{digest}: {'more than one edition begins' if found else 'no published edition begins'} so.", file=sys.stderr
    )
    return 2


def _latest(pathway: str) -> Pathway | None:
    """None for a pathway that is not published yet."""
    _wake()
    from holdfast.pathways.editions import UnknownEdition, latest_edition

    try:
        return latest_edition(pathway)
    except UnknownEdition:
        return None


def _proposed(pathway: str, number: int) -> Pathway | int:
    _wake()
    from holdfast.desk.proposals import find_proposal, text_of

    if find_proposal(pathway, number) is None:
        print(f"There is no proposal {number} of {pathway}.", file=sys.stderr)
        return 2
    return load_pathway(text_of(pathway, number))


def _wake() -> None:
    """Two files are compared without a database; what is published is read from it."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "holdfast.config.settings")
    django.setup()
