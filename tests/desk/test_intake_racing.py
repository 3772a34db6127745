"""Several messages about one new person at the same moment."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from holdfast.worklists.models import CaseRow
from tests.desk.test_intake import ROUTES, discharge, take
from tests.installation import Installation


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite has one writer at a time")
def test_two_at_once_about_one_new_person_open_one_case(clean_database: object) -> None:
    house = Installation().set_up()
    house.change_directory(*ROUTES)

    def one(number: int) -> str:
        try:
            return take(house, discharge(f"m{number}")).status
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(one, range(8)))
    assert statuses == ["used"] * 8 and CaseRow.objects.count() == 1
