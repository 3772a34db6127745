"""The script of the local mailbox: which address refuses, and which takes a mail and bounces it."""

import json
from pathlib import Path
from typing import Literal, cast

Deed = Literal["deliver", "refuse", "defer", "bounce"]

_DEEDS = frozenset({"refuse", "defer", "bounce"})


class RulesUnreadable(ValueError):
    """The script is not what `deed_for` describes."""


def deed_for(folder: Path, address: str, kind: str) -> Deed:
    """What `rules.json` in the folder says of this address and kind of notice; "deliver" where it says nothing.

    {"a@example.org": "refuse", "b@example.org": {"do": "bounce", "kinds": ["packet-link"]}}; `do` is refuse (for good),
    defer (for now) or bounce (taken, then returned); without `kinds` it holds for all. RulesUnreadable.
    """
    try:
        rules = json.loads((folder / "rules.json").read_text("utf-8"))
    except FileNotFoundError:
        return "deliver"
    except (OSError, ValueError, RecursionError) as error:
        raise RulesUnreadable("rules.json cannot be read") from error
    rule = rules.get(address) if isinstance(rules, dict) else rules
    if isinstance(rules, dict) and rule is None:
        return "deliver"
    if isinstance(rule, str):
        rule = {"do": rule}
    if not isinstance(rule, dict) or not set(rule) <= {"do", "kinds"} or not isinstance(rule.get("do"), str):
        raise RulesUnreadable("each address has a word, or an object with do and kinds")
    if rule["do"] not in _DEEDS or not isinstance(rule.get("kinds", []), list):
        raise RulesUnreadable("do is refuse, defer or bounce; kinds is a list")
    return cast(Deed, rule["do"]) if kind in rule.get("kinds", [kind]) else "deliver"
