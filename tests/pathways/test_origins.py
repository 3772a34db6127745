"""Where each part stands in the file, with the notes beside it."""

from holdfast.pathways.expansion import Expanded
from holdfast.pathways.origins import origins
from tests.pathways.toy import TOY, changed, line_of


def test_each_part_has_its_line_and_its_notes() -> None:
    text = changed("  chase:\n", "  # S1, third example\n  chase:   # ends with a person\n")
    table = origins(Expanded(text))
    line = line_of(text, "  chase:")
    assert f"| Ladder | `chase` | {line} | S1, third example; ends with a person |" in table.splitlines()
    assert f"| Ladder | `bell` | {line_of(text, '  bell:')} |  |" in table.splitlines()


def test_every_step_and_obligation_is_in_the_table() -> None:
    table = origins(Expanded(TOY))
    for id in ("delivered", "bell", "chase"):
        assert f"`{id}`" in table
