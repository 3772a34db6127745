"""`holdfast pathway`: tell a pathway in words, print the schema of the file, check a file, publish it."""

from __future__ import annotations

import argparse
from time import perf_counter

from holdfast.core.checker.verdict import PROPERTIES, QUESTIONED
from holdfast.doors.cli import comparing, editions, exporting, moving, trying
from holdfast.doors.cli.pathway_files import place_of, print_faults, read_pathway, read_whole
from holdfast.pathways.blocks import blocks_in_words
from holdfast.pathways.drawing import svg
from holdfast.pathways.expansion import Expanded
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.flow import flow_in_words
from holdfast.pathways.library import shipped
from holdfast.pathways.load import questions
from holdfast.pathways.origins import taken_in_words
from holdfast.pathways.picture import diagram
from holdfast.pathways.proving import prove
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
    expanded = actions.add_parser(
        "expand", help="print a pathway with its shared blocks written out: what is published"
    )
    expanded.add_argument("pathway", help="the id of a shipped pathway, or a file")
    expanded.set_defaults(run=_expand, needs_django=False)
    blocks = actions.add_parser("blocks", help="list the shared blocks that a file may use, and what each gives")
    blocks.set_defaults(run=_blocks, needs_django=False)
    schema = actions.add_parser("schema", help="print the JSON Schema of a pathway file")
    schema.set_defaults(run=_schema, needs_django=False)
    check = actions.add_parser("check", help="prove a pathway, or say line by line what is wrong with it")
    check.add_argument("pathways", nargs="*", metavar="pathway", help="ids or files; all shipped ones if none is given")
    check.set_defaults(run=_check, needs_django=False)
    drawn = actions.add_parser("diagram", help="draw a pathway as SVG, or tell the same flow in words")
    drawn.add_argument("pathway", help="the id of a shipped pathway, or a file")
    drawn.add_argument("--text", action="store_true", help="in words instead")
    drawn.set_defaults(run=_diagram, needs_django=False)
    comparing.add_actions(actions)
    exporting.add_actions(actions)
    trying.add_actions(actions)
    editions.add_actions(actions)
    moving.add_actions(actions)


def _show(arguments: argparse.Namespace) -> int:
    pathway, file = read_pathway(arguments.pathway), read_whole(arguments.pathway)
    if isinstance(pathway, int) or isinstance(file, int):
        return pathway if isinstance(pathway, int) else 2
    print(diagram(pathway) if arguments.picture else in_words(pathway) + taken_in_words(file), end="")
    return 0


def _expand(arguments: argparse.Namespace) -> int:
    """Exit 0, or 1 if a block is unknown or stands in the way of another, 2 if it cannot be read."""
    file = read_whole(arguments.pathway)
    if isinstance(file, int):
        return file
    print(file.text, end="")
    return 0


def _blocks(arguments: argparse.Namespace) -> int:
    for line in blocks_in_words():
        print(line)
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
    """Exit 0 if all are proved (questions do not count), 1 if one has faults, or is refuted or unknown, 2 if one cannot be read."""
    status = 0
    for name in arguments.pathways or sorted(shipped()):
        file = read_whole(name)
        if isinstance(file, int):
            status = max(status, file)
            continue
        try:
            asked = questions(file.text)
        except PathwayFaults as found:
            print_faults(name, file.placed(found.faults))
            status = max(status, 1)
        else:
            print_faults(name, file.placed(asked))
            status = max(status, _proof(name, file, len(asked)))
    return status


def _proof(name: str, file: Expanded, asked: int) -> int:
    """What the checker makes of a file without faults: every property, with the states it took, and how long it all was."""
    began = perf_counter()
    proof = prove(file.text)
    seconds = perf_counter() - began
    verdict = proof.verdict
    for property, title in PROPERTIES.items():
        word, states = verdict.word(property), verdict.states.get(property, 0)
        print(f"{name}: {property} {title}: {word} ({states:,} {'state' if states == 1 else 'states'}).")
        for finding, (_, line) in zip(verdict.findings, proof.places, strict=True):
            if finding.property == property:
                print(f"{place_of(name, *file.place(line))}: {finding.word}: {finding.says} {finding.remedy}".rstrip())
                print(*(f"    {step}" for step in finding.trace), sep="\n", end="\n" if finding.trace else "")
    asked += sum(finding.word == QUESTIONED for finding in verdict.findings)
    look = f", with {asked} to look at" if asked else ""
    says = f"can be used{look}" if verdict.stands else "cannot be published"
    print(f"{name}: {says} ({verdict.explored:,} states in {seconds:.1f} seconds).")
    return 0 if verdict.stands else 1
