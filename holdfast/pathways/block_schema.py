"""What a file may write to take parts from shared blocks, added to the JSON Schema of a pathway."""

from __future__ import annotations

from typing import Any

_NAME = {"type": "string", "pattern": "^[a-z0-9]+([.-][a-z0-9]+)*$", "maxLength": 80}
_NAMES = {"anyOf": [_NAME, {"type": "array", "items": _NAME, "minItems": 1}]}
_FROM = {"$ref": "#/$defs/FromBlock"}


def with_blocks(schema: dict[str, Any]) -> dict[str, Any]:
    """The same schema, in which whatever a block can bring may be left out, named with `from`, and varied."""
    defs = schema["$defs"]
    for part in (schema, *defs.values()):
        for value in part.get("properties", {}).values():
            _loosen(value)
    defs["FromBlock"] = {
        "title": "FromBlock",
        "description": "A thing of a block, with what is otherwise here; or, in a list, the things of a block by name.",
        "type": "object",
        "properties": {"from": _NAME},
        "anyOf": [{"required": ["from"]}, {"minProperties": 1, "maxProperties": 1}],
        "patternProperties": {"^from [a-z0-9]": _NAMES},
    }
    schema["properties"]["uses"] = {**_NAMES, "title": "Uses", "description": "The shared blocks that this file takes."}
    always = ["pathway", "title"]
    rest = [key for key in schema["required"] if key not in always]
    schema["required"] = always
    schema["anyOf"] = [{"required": rest}, {"required": ["uses"]}]
    return schema


def _loosen(value: dict[str, Any]) -> None:
    """Things by id, and lists of questions, tiers or validations."""
    for pattern, held in value.get("patternProperties", {}).items():
        if "$ref" in held:
            value["patternProperties"][pattern] = {"anyOf": [held, _FROM]}
    items = value.get("items", {})
    refs = [one.get("$ref", "") for one in items.get("oneOf", [items])]
    if any(ref.endswith(("FieldShape", "TierShape", "ValidationShape")) for ref in refs):
        value["items"] = {"anyOf": [items, _FROM]}
