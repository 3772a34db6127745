"""What every channel must keep, whatever carries it: a channel's test class inherits this and says how to make one."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import holdfast.deliveries.channels
from holdfast.deliveries.channels.channel import REPLY_KINDS, ByHand, Channel, Notice, Refused, Reply, Sent
from holdfast.deliveries.channels.wording import WORDINGS, open_by_words

AT = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MARK = "XANTHIC-OVERDOSE-MARK"
WORDS = {"organisation": "Northgate", "open_by": open_by_words(AT + timedelta(hours=24), "Europe/London")}


def notice_to(address: str, kind: str = "packet-link", key: str = "d-17:1") -> Notice:
    """A notice that every channel may carry."""
    wording = WORDINGS[kind]
    words = {**WORDS, "code": "482913"}
    return Notice(
        key=key,
        to_address=address,
        kind=kind,
        link="https://sender.example/h/3fGk9" if wording.has_link else "",
        words={name: words[name] for name in wording.allows},
        reply_token="a-token-that-stays-inside",
    )


def fixtures_of(channel: str) -> dict[str, tuple[bytes, list[object]]]:
    """Raw examples of what comes back to a channel, with kind, key and permanence expected of each."""
    folder = Path(holdfast.deliveries.channels.__path__[0]) / channel / "fixtures"
    expected = json.loads((folder / "expected.json").read_text("utf-8"))
    stored = {path.name for path in folder.iterdir()} - {"expected.json"}
    assert stored == set(expected), "every fixture has its expectation"
    return {name: ((folder / name).read_bytes(), answer) for name, answer in expected.items()}


class ChannelConformance:
    """Subclasses give a `channel` fixture, `address`, `bad_addresses`, `folder` and `left`."""

    folder: str
    address: str
    bad_addresses: tuple[str, ...]

    def left(self, channel: Channel) -> Iterable[bytes]:
        """The bytes of everything that has left by this channel."""
        raise NotImplementedError

    def test_a_good_notice_is_taken_or_handed_to_a_person(self, channel: Channel) -> None:
        for number, kind in enumerate(WORDINGS):
            attempt = channel.send(notice_to(self.address, kind, f"kind-{number}"), AT)
            assert isinstance(attempt, Sent | ByHand), (kind, attempt)
            assert attempt.at == AT

    @pytest.mark.requirement("BEY-12")
    def test_a_marked_word_never_leaves(self, channel: Channel) -> None:
        good = notice_to(self.address)
        outcomes = [
            channel.send(replace(good, words={**good.words, "reason": MARK}), AT),
            channel.send(replace(good, words={**good.words, MARK: "x"}), AT),
            channel.send(replace(good, words={**good.words, "code": MARK}), AT),
            channel.send(replace(good, words={**good.words, "open_by": MARK}), AT),
            channel.send(replace(good, words={**good.words, "open_by": f"12:00 {MARK}"}), AT),
            channel.send(replace(good, link=f"https://sender.example/h/1?why={MARK}"), AT),
            channel.send(replace(good, link=f"javascript:{MARK}"), AT),
            channel.send(replace(good, kind=MARK), AT),
            channel.send(replace(good, key=f"{MARK} key"), AT),
            channel.send(replace(notice_to(self.address, "sign-in-code"), words={"code": MARK}), AT),
        ]
        for outcome in outcomes:
            assert isinstance(outcome, Refused) and outcome.permanent
            assert MARK not in outcome.says and MARK not in outcome.code
        assert list(self.left(channel)) == []

    @pytest.mark.requirement("BEY-12")
    def test_an_undeclared_organisation_is_not_named(self, channel: Channel) -> None:
        good = notice_to(self.address)
        attempt = channel.send(replace(good, words={**good.words, "organisation": MARK}), AT)
        assert isinstance(attempt, Sent | ByHand), "a telling name must not hold up the message"
        assert MARK not in str(attempt)
        assert all(MARK.encode() not in raw for raw in self.left(channel))

    def test_the_reply_token_stays_inside(self, channel: Channel) -> None:
        attempt = channel.send(notice_to(self.address), AT)
        assert "a-token-that-stays-inside" not in str(attempt)
        assert all(b"a-token-that-stays-inside" not in raw for raw in self.left(channel))

    def test_one_key_is_one_message(self, channel: Channel) -> None:
        first = channel.send(notice_to(self.address), AT)
        before = set(self.left(channel))
        again = channel.send(notice_to(self.address), AT)
        assert first == again
        assert set(self.left(channel)) == before, "a retry is the same bytes"

    def test_two_keys_are_two_messages(self, channel: Channel) -> None:
        first = channel.send(notice_to(self.address, key="d-17:1"), AT)
        second = channel.send(notice_to(self.address, key="d-17:2"), AT)
        if isinstance(first, Sent) and isinstance(second, Sent):
            assert first.provider_id != second.provider_id
            assert len(set(self.left(channel))) == 2

    def test_a_bad_address_is_refused_for_good(self, channel: Channel) -> None:
        for address in self.bad_addresses:
            attempt = channel.send(notice_to(address), AT)
            assert isinstance(attempt, Refused) and attempt.permanent, address
            assert attempt.code == "bad_address"
            assert not address or address not in attempt.says
        assert list(self.left(channel)) == []

    @pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\x85", "\u2028", "\x0b", "\x00"])
    def test_a_line_break_is_refused_wherever_it_hides(self, channel: Channel, line_break: str) -> None:
        good, hidden = notice_to(self.address), f"{line_break}Bcc: x@example.org"
        for bad in (
            replace(good, to_address=good.to_address + hidden),
            replace(good, to_address=good.to_address + line_break),
            replace(good, key=good.key + hidden),
            replace(good, key=good.key + line_break),
            replace(good, link=good.link + hidden),
            replace(good, link=good.link + line_break),
            replace(good, words={**good.words, "open_by": WORDS["open_by"] + line_break}),
        ):
            assert isinstance(channel.send(bad, AT), Refused)
        assert list(self.left(channel)) == []

    def test_a_time_without_a_zone_is_a_fault_of_the_caller(self, channel: Channel) -> None:
        with pytest.raises(ValueError, match="zone"):
            channel.send(notice_to(self.address), AT.replace(tzinfo=None))
        assert list(self.left(channel)) == []

    def test_every_fixture_reads_as_expected(self, channel: Channel) -> None:
        for name, (raw, expected) in fixtures_of(self.folder).items():
            for form in (raw, raw.replace(b"\n", b"\r\n")):
                reply = channel.read_reply(form)
                assert [reply.kind, reply.key, reply.permanent] == expected, name
                assert len(reply.raw_digest) == 64

    def test_a_reply_is_never_a_receipt_and_never_quoted(self, channel: Channel) -> None:
        for raw, _ in fixtures_of(self.folder).values():
            marked = raw + f"\n{MARK} accepted, received, reviewed, assigned\n".encode()
            reply = channel.read_reply(marked)
            assert reply.kind in REPLY_KINDS
            assert MARK not in reply.says
        with pytest.raises(ValueError, match="never a receipt"):
            Reply("receipt", None, False, "", "")  # type: ignore[arg-type]

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def test_rubbish_is_a_value_and_never_an_exception(self, channel: Channel, data: st.DataObject) -> None:
        raw = data.draw(st.binary(max_size=400))
        if data.draw(st.booleans()):
            whole = data.draw(st.sampled_from([raw for raw, _ in fixtures_of(self.folder).values()]))
            start = data.draw(st.integers(0, len(whole)))
            end = data.draw(st.integers(start, len(whole)))
            raw = whole[:start] + raw[:20] + whole[end:]
        reply = channel.read_reply(raw)
        assert reply.kind in REPLY_KINDS
        assert channel.read_reply(raw) == reply
