"""`holdfast pathway try`: run a new file with invented people in a throw-away database, to each of its ends."""

from __future__ import annotations

import argparse
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from holdfast.core.pathway import Pathway
from holdfast.doors.cli.pathway_files import print_faults, read_pathway, read_whole
from holdfast.doors.cli.rehearse import FIRST, wake
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped

if TYPE_CHECKING:
    from holdfast.rehearsal.trial import Trial
    from holdfast.rehearsal.walk import Walk


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `try`."""
    trial = actions.add_parser(
        "try", help="run a file with invented people, to each of its ends, and print what happens"
    )
    trial.add_argument("pathway", help="the id of a shipped pathway, or a file")
    trial.add_argument("--end", action="append", metavar="ENDPOINT", help="only this end (can be given again)")
    trial.add_argument("--tier", default="", help="raise the case to this tier first (default: what the answers give)")
    trial.add_argument("--clocks", type=int, default=6, help="how many clocks run out when nobody acts (default: 6)")
    trial.add_argument("--quiet", action="store_true", help="say only which ends were reached")
    trial.set_defaults(run=_run, needs_django=False)


def _run(arguments: argparse.Namespace) -> int:
    """Exit 0 when every end was reached, 1 when one was not or the file has faults, 2 when it cannot be read."""
    pathway, file = read_pathway(arguments.pathway), read_whole(arguments.pathway)
    if isinstance(pathway, int) or isinstance(file, int):
        return pathway if isinstance(pathway, int) else 2
    unknown = set(arguments.end or ()) - {end.id for end in pathway.endpoints}
    if unknown:
        known = ", ".join(end.id for end in pathway.endpoints)
        print(f"There is no end called {', '.join(sorted(unknown))}. There is: {known}.", file=sys.stderr)
        return 2
    if arguments.tier and arguments.tier not in {tier.id for tier in pathway.tiers}:
        known = ", ".join(tier.id for tier in pathway.tiers)
        print(f"There is no tier called {arguments.tier}. There is: {known}.", file=sys.stderr)
        return 2
    _tell_of_slots(pathway)
    with tempfile.TemporaryDirectory(prefix="holdfast-trial-") as folder:
        wake(Path(folder))
        from holdfast.rehearsal.fault import StoryFault
        from holdfast.rehearsal.trial import begun_by, set_trial
        from holdfast.rehearsal.walk import Walk

        library = shipped()
        begun = [id for id in begun_by(pathway) if id != pathway.id]
        _tell_of_unknown([id for id in begun if id not in library])
        try:
            trial = set_trial(
                file.text,
                pathway,
                datetime.fromisoformat(f"{FIRST}T09:00:00").replace(tzinfo=UTC),
                next_texts=[library[id] for id in begun if id in library],
            )
            missed = 0
            for end in pathway.endpoints:
                if arguments.end and end.id not in arguments.end:
                    continue
                walk = Walk(trial)
                walk.open(arguments.tier)
                reached = walk.reach(end)
                missed += not reached
                print(f"# {end.title} ({end.id}): {'reached' if reached else f'NOT reached: {walk.stopped}'}")
                _tell(trial, walk, arguments.quiet)
            if arguments.clocks > 0 and not arguments.quiet:
                idle = Walk(trial)
                idle.open(arguments.tier)
                idle.waits(arguments.clocks)
                print("# If nobody does anything")
                _tell(trial, idle, arguments.quiet)
        except PathwayFaults as found:
            # What only the proof finds: the file can be read, but not published.
            print_faults(arguments.pathway, file.placed(found.faults))
            return 1
        except StoryFault as fault:
            print(fault.says, file=sys.stderr)
            return 1
    return 1 if missed else 0


def _tell_of_slots(pathway: Pathway) -> None:
    asked = [one for step in pathway.steps for one in step.records if one.kind == "slot"]
    waits = [step.title for step in pathway.steps if step.waits_for is not None]
    if asked or waits:
        named = "; ".join(dict.fromkeys([*(f"“{one.ask}”" for one in asked), *(f"“{title}”" for title in waits)]))
        print(
            f"# Free times: nobody holds any here, so none can be booked and who waits goes on waiting. Not tried: {named}."
        )
        print()


def _tell_of_unknown(ids: list[str]) -> None:
    if ids:
        print(
            f"# Not shipped: {', '.join(ids)}. Only your file and shipped ones are here, so what begins a case of it stops there."
        )
        print()


def _tell(trial: Trial, walk: Walk, quiet: bool) -> None:
    from holdfast.core.deeds import what_can_be_done
    from holdfast.rehearsal.chronicle import chronicle
    from holdfast.rehearsal.timeline import tell
    from holdfast.worklists.casefile import entries_of

    if quiet:
        return
    for line in tell(chronicle(entries_of(walk.case)), trial.pathway, trial.directory):
        print(f"{line.at:%a %d %b %H:%M}  {line.who}: {line.what[0] if line.what else 'nothing changed'}")
        for more in line.what[1:]:
            print(f"{'':20}{more}")
        due = f"; next due {line.due_at:%a %d %b %H:%M}: {line.due}" if line.due_at else ""
        print(f"{'':20}[{line.accountable} is accountable{due}]")
    state = walk.state
    if state.status == "open":
        deeds = what_can_be_done(state, trial.pathway, trial.directory, state.holder, walk.now)
        possible = [deed.title for deed in deeds if deed.allowed]
        print(f"{'':20}{trial.directory.staff[state.holder].name} could now: {'; '.join(possible)}")
    print()
