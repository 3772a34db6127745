"""Shared blocks: what a file takes from them, in which order, what it may vary, and what is said when something is wrong."""

from pathlib import Path

import pytest

from holdfast.config.console import main
from holdfast.pathways.blocks import Blocks
from holdfast.pathways.digest import canonical_bytes
from holdfast.pathways.expansion import Expanded, expand
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.library import shipped
from holdfast.pathways.load import load_pathway
from tests.pathways.toy import TOY

LIBRARY = Path(__file__).parents[2] / "holdfast/pathways/library"
LADDER = TOY[TOY.index("  chase:\n") :].split("\n\n")[0].split("\n  bell:")[0].rstrip()
BLOCK = f"""block: chasing
title: What is late is chased
questions:
  - {{ id: extra.one, kind: text, ask: One }}
  - id: extra.two
    kind: text
    ask: Two
ladders:
{LADDER}
"""
assert LADDER in TOY
FILE = TOY.replace("pathway: toy-parcel\n", "pathway: toy-parcel\nuses: [chasing]\n").replace(
    LADDER, "  from chasing: chase"
)


def whole(text: str = FILE, block: str = BLOCK) -> Expanded:
    return expand(text, Blocks((("chasing", block),)))


def faults(text: str = FILE, block: str = BLOCK) -> list[str]:
    with pytest.raises(PathwayFaults) as found:
        file = whole(text, block)
        try:
            load_pathway(file.text)
        except PathwayFaults as later:
            raise PathwayFaults(file.placed(later.faults)) from None
    return [str(fault) for fault in found.value.faults]


def place(text: str, beginning: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if line.startswith(beginning))


def test_a_file_with_a_block_is_the_pathway_that_it_is_when_written_out() -> None:
    assert load_pathway(whole().text) == load_pathway(TOY)
    assert load_pathway(whole().text).digest == load_pathway(TOY).digest
    assert whole().taken == {"chasing": (("ladders", "chase"),)}
    assert whole().titles == {"chasing": "What is late is chased"}


def test_written_out_it_uses_no_block_and_stays_as_it_is_when_the_block_changes() -> None:
    before = whole()
    after = whole(block=BLOCK.replace("then-every: 12 h", "then-every: 6 h"))
    assert expand(before.text).text == before.text
    assert canonical_bytes(before.text) == canonical_bytes(TOY)
    assert after.text != before.text


def test_each_line_knows_where_it_was_written() -> None:
    file = whole()
    for number, text in enumerate(file.text.splitlines(), 1):
        block, line = file.place(number)
        written = (BLOCK if block else FILE).splitlines()[line - 1]
        assert text.startswith(("  # from the block chasing", "# Written out whole")) or text in (written, "")


def test_what_a_file_does_not_place_comes_last() -> None:
    text = FILE.replace("  from chasing: chase\n", "")
    assert [ladder.id for ladder in load_pathway(whole(text).text).ladders][-1] == "chase"
    assert [ladder.id for ladder in load_pathway(whole().text).ladders] == [
        ladder.id for ladder in load_pathway(TOY).ladders
    ]


def test_a_file_varies_a_thing_of_a_block_key_by_key() -> None:
    step = "steps:\n  knock:\n    title: Knock      # at the door\n    by: [holder]\n    emits: [knocked]\n"
    text = FILE.replace("\nsteps:\n", "\nsteps:\n  knock: { from: chasing, by: anyone }\n", 1)
    made = load_pathway(whole(text, BLOCK + step).text).find_step("knock")
    assert (made.title, made.by, made.emits[0].moment) == ("Knock", ("anyone",), "knocked")


def test_questions_of_a_block_are_taken_by_name_and_varied() -> None:
    text = FILE.replace(
        "\nsteps:\n",
        "\nsteps:\n  knock:\n    title: Knock\n    by: [holder]\n    emits: [knocked]\n    records:\n"
        '      - from chasing: extra.two\n      - { id: extra.one, from: chasing, ask: "Other, one" }\n',
        1,
    )
    records = load_pathway(whole(text).text).find_step("knock").records
    assert [(one.id, one.ask) for one in records] == [("extra.two", "Two"), ("extra.one", "Other, one")]


def test_the_same_id_in_the_file_and_in_a_block_is_refused_with_both_places() -> None:
    text = FILE.replace("  from chasing: chase\n", LADDER + "\n")
    [said] = faults(text)
    assert said.startswith(f"line {place(text, '  chase:')} (ladders.chase):")
    assert f"also in the block chasing (line {place(BLOCK, '  chase:')})" in said
    assert "Take it out here" in said


def test_two_blocks_with_the_same_id_are_refused_with_both_places() -> None:
    other = BLOCK.replace("title: What", "# another\ntitle: What")
    text = FILE.replace("uses: [chasing]", "uses: [chasing, running]")
    with pytest.raises(PathwayFaults) as found:
        expand(text, Blocks((("chasing", BLOCK), ("running", other))))
    says = [str(fault) for fault in found.value.faults]
    assert any(
        one.startswith(f"block running, line {place(other, '  chase:')} (ladders.chase):")
        and f"the block chasing (line {place(BLOCK, '  chase:')})" in one
        for one in says
    )


def test_an_unknown_block_is_named_with_the_line_and_the_nearest() -> None:
    text = FILE.replace("uses: [chasing]", "uses: [chasin]")
    [said] = faults(text)
    assert said.startswith(f"line {place(text, 'uses:')} (uses.0): There is no block 'chasin'.")
    assert said.endswith("Did you mean 'chasing'?")


def test_a_block_that_is_not_used_or_has_no_such_thing_is_said() -> None:
    assert "is not among the blocks used. Add other to uses." in faults(FILE.replace("from chasing:", "from other:"))[0]
    assert (
        "The block chasing has no 'chas' under ladders." in faults(FILE.replace("chasing: chase", "chasing: chas"))[0]
    )
    assert (
        "'chase' is taken from the block chasing twice."
        in faults(FILE.replace("from chasing: chase", "from chasing: [chase, chase]"))[0]
    )


def test_what_is_wrong_in_a_block_has_its_line_in_the_block() -> None:
    wrong = BLOCK.replace("tell:", "tel:", 1)
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "tel:" in text)
    assert any(said.startswith(f"block chasing, line {line} ") for said in faults(block=wrong))
    unread = BLOCK.replace("title: What", "title: {What")
    assert faults(block=unread)[0].startswith("block chasing, line ")
    unknown = BLOCK + "steppes:\n  a: b\n"
    said = faults(block=unknown)[0]
    assert said.startswith(f"block chasing, line {place(unknown, 'steppes')} (steppes):")


def test_what_is_wrong_in_the_file_has_its_line_in_the_file() -> None:
    text = FILE.replace("window:", "windoww:", 1)
    assert any(said.startswith(f"line {place(text, 'windoww')} ") for said in faults(text))


def beside(folder: Path, text: str = FILE, block: str = BLOCK) -> str:
    (folder / "blocks").mkdir()
    (folder / "blocks" / "chasing.yaml").write_text(block, "utf-8")
    file = folder / "ours.yaml"
    file.write_text(text, "utf-8")
    return str(file)


def test_a_newcomer_keeps_blocks_beside_the_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = beside(tmp_path)
    assert main(["pathway", "show", file]) == 0
    assert "- **chasing** (What is late is chased): ladders chase." in capsys.readouterr().out
    assert main(["pathway", "expand", file]) == 0
    printed = capsys.readouterr().out
    assert load_pathway(printed) == load_pathway(TOY)
    (tmp_path / "whole.yaml").write_text(printed, "utf-8")
    assert main(["pathway", "expand", str(tmp_path / "whole.yaml")]) == 0
    assert capsys.readouterr().out == printed


def test_the_command_names_the_block_and_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = BLOCK.replace("tell:", "tel:", 1)
    line = next(n for n, text in enumerate(wrong.splitlines(), 1) if "tel:" in text)
    file = beside(tmp_path, block=wrong)
    assert main(["pathway", "check", file]) == 1
    assert f"{file}: block chasing:{line}: " in capsys.readouterr().out


def test_a_shipped_file_is_read_where_it_lies_beside_the_shipped_blocks(capsys: pytest.CaptureFixture[str]) -> None:
    for file in sorted(LIBRARY.glob("*.yaml")):
        assert main(["pathway", "expand", str(file)]) == 0, capsys.readouterr().err
        assert capsys.readouterr().out == shipped()[file.stem]


def test_a_block_beside_the_file_with_the_name_of_a_shipped_one_is_refused_when_it_says_something_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "blocks").mkdir()
    shadow = (LIBRARY / "blocks" / "emergency.yaml").read_text("utf-8") + "# ours\n"
    (tmp_path / "blocks" / "emergency.yaml").write_text(shadow, "utf-8")
    file = tmp_path / "ours.yaml"
    file.write_text(next(iter(LIBRARY.glob("*.yaml"))).read_text("utf-8"), "utf-8")
    assert main(["pathway", "expand", str(file)]) == 1
    assert "Give yours another name" in capsys.readouterr().out


@pytest.mark.parametrize(
    "odd", ['pathway: a\ntitle: "x\nuses: y"\n', "pathway: a\rtitle: b\nuses: [consent]\nsteps:\n  from consent: all\n"]
)
def test_strange_lines_are_faults_and_nothing_breaks(odd: str) -> None:
    with pytest.raises(PathwayFaults):
        load_pathway(odd)


def test_a_hidden_line_end_is_named_with_its_line() -> None:
    assert "hidden line end" in faults(FILE.replace("title: ", "title: a\u2028b ", 1))[0]


PAGE = (Path(__file__).parents[2] / "docs/how-to/write-a-pathway.md").read_text("utf-8")
CALL = PAGE.partition("```yaml\n")[2].partition("```\n")[0]


@pytest.mark.parametrize(
    ("block", "says", "remedy"),
    [
        ("change-of-worker", "'team.holder'", "Your file must have a party 'team' with the duty 'holder'"),
        ("risk-signals", "in this case 'decision-maker'", "Your file must have decision-maker: { ask, role } under named"),
        ("risk-signals", "no ladder 'clinical'", "obligations: clinical-response: { from: risk-signals, ladder: ... }."),
        ("risk-signals", "has no time", "obligations: clinical-response: { from: risk-signals, due: ... }"),
        ("checklist", "no time for urgent or usual", "write in your file obligations: checklist: { from: checklist, due: ... }"),
        ("appointments", "no moment 'appointment-booked'", "a step that emits 'appointment-booked', its own or of another block"),
        ("touchpoint", "no fact 'touchpoint.by'", "Your file must have the question 'touchpoint.by' in its packet."),
    ],
)  # fmt: skip
def test_what_a_block_speaks_of_and_the_file_has_not_is_asked_of_the_file(block: str, says: str, remedy: str) -> None:
    """A shipped block is not for whoever uses it to change, so no remedy asks for that."""
    with pytest.raises(PathwayFaults) as found:
        load_pathway(CALL.replace("kind: transition", f"uses: [{block}]\nkind: transition", 1))
    told = [fault for fault in found.value.faults if says in fault.says]
    assert told and all(remedy in fault.remedy and "Did you mean" not in fault.remedy for fault in told)
    assert {fault.block for fault in told} == {block}


def test_a_duty_that_a_block_speaks_of_is_asked_of_the_party() -> None:
    """A block of one's own, beside the file, may as well be misspelt itself."""
    rungs = "    - { at: due, tell: receiver.duty-clinican }\n    - { then-every: 4 h, tell: last-resort }\n"
    block = f"block: own\ntitle: Own\nladders:\n  calls:\n{rungs}"
    file = expand(CALL.replace("kind: transition", "uses: [own]\nkind: transition", 1), Blocks((("own", block),)))
    with pytest.raises(PathwayFaults) as found:
        load_pathway(file.text)
    [told] = [one for one in file.placed(found.value.faults) if one.kind == "fault"]
    assert (told.block, told.line) == ("own", 5)
    assert "Your file must have duty-clinican: ROLE among the duties of the party 'receiver'" in told.remedy
    assert "Or, in the block: Did you mean 'receiver.duty-clinician'?" in told.remedy  # this block is one's own
