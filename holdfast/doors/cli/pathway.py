"""`holdfast pathway`: tell a pathway in words, print the schema of the file, check a file, publish it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway, questions
from holdfast.pathways.picture import diagram
from holdfast.pathways.reference import schema_text
from holdfast.pathways.words import in_words


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `pathway show|schema|check|publish`."""
    parser = subparsers.add_parser("pathway", help="show, check or publish a pathway, or print the schema of the file")
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    show = actions.add_parser("show", help="tell a pathway in plain language")
    show.add_argument("pathway", help="the id of a shipped pathway, or a file")
    show.add_argument("--picture", action="store_true", help="draw it as a Mermaid flow chart instead")
    show.set_defaults(run=_show, needs_django=False)
    schema = actions.add_parser("schema", help="print the JSON Schema of a pathway file")
    schema.set_defaults(run=_schema, needs_django=False)
    check = actions.add_parser("check", help="say what is wrong with a pathway, line by line")
    check.add_argument("pathways", nargs="*", metavar="pathway", help="ids or files; all shipped ones if none is given")
    check.set_defaults(run=_check, needs_django=False)
    publish = actions.add_parser("publish", help="publish a pathway as a new edition, on which new cases then start")
    publish.add_argument("pathway", help="the id of a shipped pathway, or a file")
    publish.add_argument("--by", required=True, metavar="STAFF", help="who answers for it: an id of the directory")
    publish.set_defaults(run=_publish)


def _show(arguments: argparse.Namespace) -> int:
    for name, text in _texts([arguments.pathway]):
        if text is None:
            return 2
        try:
            pathway = load_pathway(text)
        except PathwayFaults as faults:
            _print(name, faults)
            return 1
        print(diagram(pathway) if arguments.picture else in_words(pathway), end="")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Exit 0 if all can be used (questions do not count), 1 if one has faults, 2 if one cannot be read."""
    status = 0
    for name, text in _texts(arguments.pathways or sorted(shipped())):
        if text is None:
            status = 2
            continue
        try:
            asked = questions(text)
        except PathwayFaults as faults:
            _print(name, faults)
            status = max(status, 1)
        else:
            _print(name, PathwayFaults(asked))
            print(f"{name}: can be used{f', with {len(asked)} to look at' if asked else ''}.")
    return status


def _publish(arguments: argparse.Namespace) -> int:
    """Exit 0 if it is published now or was before, 1 if it may not be, 2 if it cannot be read."""
    from holdfast.desk.office import the_desk
    from holdfast.desk.publishing import publish_edition
    from holdfast.directory.snapshot import current_version, load

    person = load(current_version()).staff.get(arguments.by)
    if person is None or not person.active:
        print(
            f"{arguments.by} is not an active member of staff of the directory: nothing was published.", file=sys.stderr
        )
        return 1
    for name, text in _texts([arguments.pathway]):
        if text is None:
            return 2
        try:
            outcome = publish_edition(the_desk(), text, arguments.by, "cli")
        except PathwayFaults as faults:
            _print(name, faults)
            return 1
        if outcome.refusal is not None:
            print(f"{name}: {outcome.refusal.says}", file=sys.stderr)
            return 1
        print(
            f"{name}: published already; nothing changed." if outcome.again else f"{name}: published by {person.name}."
        )
    return 0


def _texts(wanted: list[str]) -> Iterator[tuple[str, str | None]]:
    library = shipped()
    for name in wanted:
        try:
            yield name, library[name] if name in library else Path(name).read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            known = ", ".join(sorted(library))
            print(f"{name}: not a file of text that can be read, nor one of {known}.", file=sys.stderr)
            yield name, None


def _print(name: str, found: PathwayFaults) -> None:
    for fault in found.faults:
        mark = "question: " if fault.kind == "question" else ""
        print(f"{name}:{fault.line}: {mark}{fault.says} {fault.remedy}".rstrip())
