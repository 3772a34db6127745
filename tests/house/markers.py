"""Which requirements and hazards the tests name in their markers."""

import ast
from collections import defaultdict
from pathlib import Path

from tests.house.repository import python_files, tree


def marked(marker: str, under: str = "tests") -> dict[str, list[str]]:
    """From each id that `@pytest.mark.<marker>(...)` names below the folder `under` to the tests that name it."""
    named: dict[str, list[str]] = defaultdict(list)
    for path in python_files("tests"):
        if not path.is_relative_to(Path(under)):
            continue
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                for decorator in node.decorator_list:
                    for identifier in _ids(decorator, marker):
                        named[identifier].append(f"{path}::{node.name}")
            elif isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == "pytestmark" for target in node.targets
            ):
                for part in ast.walk(node.value):
                    for identifier in _ids(part, marker):
                        named[identifier].append(str(path))
    return dict(named)


def unpaired(controls: set[str], tests: dict[str, list[str]], twins: dict[str, list[str]]) -> list[str]:
    """One sentence for each hazard that lacks its test or the twin with the control taken out.

    `controls` are the hazards that the hazard log lists as controlled; `tests` and `twins` come from `marked`.
    """
    says = []
    for hazard in sorted(controls | set(tests) | set(twins)):
        if hazard not in tests:
            says.append(f"{hazard}: no test drives its control")
        if hazard not in twins:
            says.append(f"{hazard}: no twin shows that its test fails when the control is out")
        if hazard not in controls:
            says.append(f"{hazard}: the hazard log does not list its control")
    return says


def _ids(node: ast.AST, marker: str) -> list[str]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == marker:
        return [part.value for part in node.args if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return []
