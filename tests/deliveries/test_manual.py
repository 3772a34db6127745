"""Telephone, fax and portal: a person carries the notice, and nothing claims that it went."""

from collections.abc import Iterable

import pytest

from holdfast.deliveries.channels.channel import ByHand, Channel
from holdfast.deliveries.channels.manual import CHANNEL
from tests.deliveries.conformance import AT, ChannelConformance, notice_to


class ManualConformance(ChannelConformance):
    folder = "manual"

    def left(self, channel: Channel) -> Iterable[bytes]:
        return []


class TestPhone(ManualConformance):
    address = "+44 20 7946 0000"
    bad_addresses = ("", "ask for Sam", "12", "+44 20 7946 0000 ext Sam", "٠١٢٣٤٥٦٧")

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL("phone")

    def test_a_call_is_asked_for_and_never_counted_as_sent(self, channel: Channel) -> None:
        attempt = channel.send(notice_to(self.address), AT)
        assert isinstance(attempt, ByHand)
        assert "log the call" in attempt.says
        assert self.address not in attempt.says


class TestFax(ManualConformance):
    address = "020 7946 0001"
    bad_addresses = ("", "fax@partner.example")

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL("fax")


class TestPortal(ManualConformance):
    address = "https://portal.partner.example/referrals"
    bad_addresses = ("", "http://portal.partner.example/", "https://user:pw@portal.partner.example/", "the portal")

    @pytest.fixture
    def channel(self) -> Channel:
        return CHANNEL("portal")
