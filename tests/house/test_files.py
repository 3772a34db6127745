"""Files are small, named for what they hold, say what they are for, and name no place outside the repository."""

import ast
import re
import statistics
import tomllib

from tests.house.repository import ROOT, python_files, texts, tracked, tree

LONGEST = 400
SAYS_NOTHING = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers"}

# Written in pieces, so that this file does not name them itself.
ELSEWHERE = re.compile(
    "|".join(
        (
            "pypi" + r"\.org",
            "python" + r"hosted\.org",
            "npm" + r"js\.(org|com)",
            "yarn" + r"pkg\.com",
            "deb" + r"ian\.org/debian",
            r"(?<![\w.])/wo" + r"rk/(main|shared|brief|\.library)\b",
            r"(?<![\w.])/ro" + r"ot/\.",
            r"(?<![\w.])/op" + r"t/(pypi|wheels)",
            r"(?<![\w.])/ho" + r"me/\w+/",
        )
    )
)
UNFINISHED = re.compile("TO" + r"DO\b|FIX" + r"ME\b|X" + r"XX\b")


def lines(path) -> int:
    return (ROOT / path).read_text(encoding="utf-8").count("\n")


def test_no_python_file_is_longer_than_a_reader_will_read():
    too_long = {str(path): lines(path) for path in python_files() if lines(path) > LONGEST}
    assert not too_long


def test_the_usual_file_is_short():
    assert statistics.median(lines(path) for path in python_files("holdfast")) <= 90


def test_every_file_is_named_for_what_it_holds():
    drawers = [str(path) for path in tracked() if path.stem in SAYS_NOTHING and path.suffix in {".py", ".js"}]
    assert not drawers


def test_every_module_says_in_one_sentence_what_it_is_for():
    silent = []
    for path in python_files():
        words = ast.get_docstring(tree(path)) or ""
        first = words.split("\n\n")[0]
        if not first.strip() or len(first) > 240:
            silent.append(str(path))
    assert not silent


def test_every_room_is_a_package():
    folders = {path.parent for path in python_files("holdfast")}
    assert not [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").is_file()]


def test_no_file_names_a_place_outside_the_repository():
    found = {
        f"{path}: {match.group()}"
        for path, text in texts()
        for match in ELSEWHERE.finditer(text)
        if "LICENSE" not in path.name.upper()
    }
    assert not found


def test_nothing_is_left_unfinished():
    # Only what we write: compiled styles and fonts' licences are somebody else's words.
    found = {
        f"{path}: {match.group()}"
        for path, text in texts(".py", ".yaml", ".html", ".toml")
        for match in UNFINISHED.finditer(text)
    }
    assert not found


def test_scripts_can_be_started():
    scripts = [path for path in tracked() if path.parts[0] in {"script", ".ci"}]
    assert scripts
    assert not [str(path) for path in scripts if not (ROOT / path).stat().st_mode & 0o100]


def test_requirements_are_hashed_and_name_no_host():
    for name in ("runtime", "test"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8")
        pinned = re.findall(r"^[A-Za-z0-9._-]+(?:\[[a-z,]+\])?==", text, re.MULTILINE)
        assert len(pinned) > 20
        assert "://" not in text
        assert "index-url" not in text
        assert len(re.split(r"^\S+==", text, flags=re.MULTILINE)) - 1 == len(pinned)
        for block in re.split(r"(?m)^(?=\S+==)", text)[1:]:
            assert "--hash=sha256:" in block


def test_the_package_and_the_requirements_name_the_same_libraries():
    def names(entries):
        return {re.split(r"[<>=\[ ;]", entry)[0] for entry in entries if entry and not entry.startswith(("#", "-r"))}

    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = names((ROOT / "requirements" / "runtime.in").read_text(encoding="utf-8").splitlines())
    assert names(project["dependencies"]) == listed - {"hatchling", "editables"}
