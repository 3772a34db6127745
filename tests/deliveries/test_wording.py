"""The sentences that leave: fixed, plain, and open to nothing but a time, a code and a declared name."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.deliveries.channels.wording import WORDINGS, objection, open_by_words, sentences
from tests.deliveries.conformance import notice_to

ZONES = sorted(available_timezones())


@given(st.datetimes(min_value=datetime(2020, 1, 1), max_value=datetime(2060, 1, 1)), st.sampled_from(ZONES))  # noqa: DTZ001
def test_every_time_in_every_zone_may_leave(moment: datetime, zone: str) -> None:
    notice = notice_to("a@partner.example")
    assert objection(replace(notice, words={"open_by": open_by_words(moment.replace(tzinfo=UTC), zone)})) is None


@pytest.mark.parametrize(
    "time", ["by noon tomorrow", "Tue 24 Nov 2026, 12:00 GMT", "2026-11-24 12:00 +01:00", "12.30 pm"]
)
def test_other_plain_times_may_leave(time: str) -> None:
    assert objection(replace(notice_to("a@partner.example"), words={"open_by": time})) is None


@pytest.mark.parametrize("time", ["", "12:00 HIV", "Risk/High", "noon (suicide watch)", "1" * 5, "12:00  ward"])
def test_anything_else_is_not_a_time(time: str) -> None:
    refused = objection(replace(notice_to("a@partner.example"), words={"open_by": time}))
    assert refused is not None and refused.code == "bad_time"


@pytest.mark.requirement("BEY-12")
@pytest.mark.parametrize("kind", WORDINGS)
def test_no_sentence_says_what_the_house_is_for(kind: str) -> None:
    subject, paragraphs = sentences(notice_to("a@partner.example", kind), frozenset())
    said = " ".join((subject, *paragraphs)).lower()
    for telling in (
        "patient",
        "health",
        "clinic",
        "crisis",
        "discharge",
        "referral",
        "mental",
        "care",
        "packet",
        "northgate",
    ):
        assert telling not in said
    assert "482913" not in subject


def test_a_link_keeps_its_fragment_and_loses_no_character() -> None:
    notice = replace(notice_to("a@partner.example"), link="http://127.0.0.1:8000/h/#Zk_9-x~")
    assert objection(notice) is None
    assert notice.link in sentences(notice, frozenset())[1]


def test_a_needed_word_must_be_there() -> None:
    refused = objection(replace(notice_to("a@partner.example"), words={}))
    assert refused is not None and refused.code == "word_missing"
