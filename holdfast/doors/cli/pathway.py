"""`holdfast pathway`: tell a pathway in words, print the schema of the file, check a file, publish it."""

from __future__ import annotations

import argparse

from holdfast.doors.cli import comparing, editions, trying
from holdfast.doors.cli.pathway_files import print_faults, read_pathway, read_text
from holdfast.pathways.drawing import svg
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.flow import flow_in_words
from holdfast.pathways.library import shipped
from holdfast.pathways.load import questions
from holdfast.pathways.picture import diagram
from holdfast.pathways.reference import schema_text
from holdfast.pathways.words import in_words


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `pathway` with its actions."""
    parser = subparsers.add_parser(
        "pathway", help="show, check, propose or publish a pathway, and what else there is to do with one"
    )
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
    drawn = actions.add_parser("diagram", help="draw a pathway as SVG, or tell the same flow in words")
    drawn.add_argument("pathway", help="the id of a shipped pathway, or a file")
    drawn.add_argument("--text", action="store_true", help="in words instead")
    drawn.set_defaults(run=_diagram, needs_django=False)
    comparing.add_actions(actions)
    trying.add_actions(actions)
    editions.add_actions(actions)


def _show(arguments: argparse.Namespace) -> int:
    pathway = read_pathway(arguments.pathway)
    if isinstance(pathway, int):
        return pathway
    print(diagram(pathway) if arguments.picture else in_words(pathway), end="")
    return 0


def _diagram(arguments: argparse.Namespace) -> int:
    pathway = read_pathway(arguments.pathway)
    if isinstance(pathway, int):
        return pathway
    print(flow_in_words(pathway) if arguments.text else svg(pathway), end="")
    return 0


def _schema(arguments: argparse.Namespace) -> int:
    print(schema_text(), end="")
    return 0


def _check(arguments: argparse.Namespace) -> int:
    """Exit 0 if all can be used (questions do not count), 1 if one has faults, 2 if one cannot be read."""
    status = 0
    for name in arguments.pathways or sorted(shipped()):
        text = read_text(name)
        if text is None:
            status = 2
            continue
        try:
            asked = questions(text)
        except PathwayFaults as faults:
            print_faults(name, faults)
            status = max(status, 1)
        else:
            print_faults(name, PathwayFaults(asked))
            print(f"{name}: can be used{f', with {len(asked)} to look at' if asked else ''}.")
    return status
