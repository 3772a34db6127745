"""`holdfast pathway questionnaire|plan`: a pathway as FHIR R4 definitions, for systems that read those."""

from __future__ import annotations

import argparse
import json

from holdfast.doors.cli.pathway_files import read_pathway
from holdfast.pathways.fhir.plan import plan
from holdfast.pathways.fhir.questionnaire import questionnaire


def add_actions(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `questionnaire` and `plan`."""
    for name, says, make in (
        ("questionnaire", "print the packet and every form as a FHIR R4 Questionnaire", questionnaire),
        ("plan", "print the steps, what is owed and the ends as a FHIR R4 PlanDefinition", plan),
    ):
        parser = actions.add_parser(name, help=says)
        parser.add_argument("pathway", help="the id of a shipped pathway, or a file")
        parser.set_defaults(run=_print, make=make, needs_django=False)


def _print(arguments: argparse.Namespace) -> int:
    pathway = read_pathway(arguments.pathway)
    if isinstance(pathway, int):
        return pathway
    print(json.dumps(arguments.make(pathway), indent=2, ensure_ascii=False))
    return 0
