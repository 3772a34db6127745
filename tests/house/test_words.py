"""The one who is cared for is a person; other words stay at the doors whose standard uses them."""

import re

from tests.house.repository import texts

# Standards that say "patient", the words of files from outside, and what others wrote.
ALLOWED = ("holdfast/doors/fhir/", "holdfast/doors/hl7v2/", "holdfast/doors/web/static/")
WORD = re.compile(r"\bpatients?\b", re.IGNORECASE)


def test_the_person_is_called_a_person():
    found = {
        f"{path}:{text.count(chr(10), 0, match.start()) + 1}"
        for path, text in texts(".py", ".html", ".yaml")
        if str(path).startswith("holdfast/") and not str(path).startswith(ALLOWED)
        for match in WORD.finditer(text)
    }
    assert not found
