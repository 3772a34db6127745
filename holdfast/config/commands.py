"""The reference page of the `holdfast` command, made from the parser itself so that it cannot fall behind."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

from holdfast.config.console import build_parser

_INTRODUCTION = """# Commands

Generated from the `holdfast` command by `script/generated`. The exit status is 0 for done, 1 for a plain no, 2 for what cannot be used.
"""


def pages() -> dict[str, str]:
    """The reference page, {path from the root: text}."""
    return {"docs/reference/commands.md": "\n".join([_INTRODUCTION, *_sections(build_parser(), "holdfast", 2)])}


def _sections(parser: argparse.ArgumentParser, name: str, depth: int) -> Iterator[str]:
    for says, command in _commands(parser):
        inner = parser_of(parser, command)
        called = f"{name} {command}"
        yield f"{'#' * depth} {called}\n\n{says[:1].upper()}{says[1:]}.\n"
        rows = [f"| `{_written(action)}` | {_says(action)} |" for action in inner._actions if _shown(action)]
        if rows:
            yield "\n".join(["| argument | what it is |", "|---|---|", *rows, ""])
        yield from _sections(inner, called, depth + 1)


def _commands(parser: argparse.ArgumentParser) -> list[tuple[str, str]]:
    """What the commands of a parser do, and their names, by name."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    listed = [(one.help or "", one.dest) for action in found for one in action._choices_actions]
    return sorted(listed, key=lambda pair: pair[1])


def parser_of(parser: argparse.ArgumentParser, command: str) -> argparse.ArgumentParser:
    """The parser of one command. Raises KeyError."""
    found = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    inner: argparse.ArgumentParser = found[0].choices[command]
    return inner


def _shown(action: argparse.Action) -> bool:
    return not isinstance(action, argparse._SubParsersAction | argparse._HelpAction)


def _written(action: argparse.Action) -> str:
    """`--by STAFF`, `FILE`, `[FOLDER]`, `--reason asked/error`."""
    choices = "/".join(str(choice) for choice in action.choices or ())
    value = choices or str(action.metavar or action.dest).upper()
    if not action.option_strings:
        return f"[{value}]" if action.nargs == "?" else value
    return action.option_strings[0] if action.nargs == 0 else f"{action.option_strings[0]} {value}"


def _says(action: argparse.Action) -> str:
    needed = "needed; " if action.option_strings and action.required else ""
    return (needed + (action.help or "")).strip("; ").replace("|", "\\|")
