"""A change of the directory that was rolled back is never seen, though its number is used again."""

import pytest
from django.db import transaction

from holdfast.core.parties import Organisation
from holdfast.directory import snapshot
from holdfast.directory.items import item_to_plain
from holdfast.directory.writing import put_items
from tests.directory.entries import items


def renamed(name: str) -> tuple[str, str, dict[str, object]]:
    return item_to_plain(Organisation("harbour", name, "ingrid"))


def test_a_change_undone_is_never_seen_again(clean_database):
    """Two transactions may give one number to different entries; only the one that was committed counts."""
    put_items(items(), 1)
    with pytest.raises(RuntimeError), transaction.atomic():
        put_items([renamed("Harbour Care")], 2)
        assert snapshot.load(2).organisations["harbour"].name == "Harbour Care"
        raise RuntimeError
    put_items([renamed("Harbour Trust")], 2)
    assert snapshot.load(2).organisations["harbour"].name == "Harbour Trust"
    assert snapshot.load(2) is snapshot.load(2), "a committed version is kept"
