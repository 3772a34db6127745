"""Says what a person has to do where no machine carries the notice."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from holdfast.deliveries.channels.channel import Attempt, ByHand, Notice, Refused
from holdfast.deliveries.channels.wording import objection

Medium = Literal["phone", "fax", "portal"]

_NUMBER = re.compile(r"\+?[0-9](?:[ ()-]{0,2}[0-9]){4,18}", re.ASCII)
_PORTAL = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?", re.ASCII)

# The sentence names no number: the screen that shows it also shows the agreed contact, to those who may see it.
_DEEDS: Mapping[Medium, tuple[re.Pattern[str], str]] = {
    "phone": (_NUMBER, "Ring the agreed number, say only that a message is waiting in Holdfast, and log the call."),
    "fax": (_NUMBER, "Fax the agreed number a cover sheet saying that a message is waiting in Holdfast, and log it."),
    "portal": (_PORTAL, "Leave word on the agreed portal that a message is waiting in Holdfast, and log it."),
}


def send(medium: Medium, notice: Notice, at: datetime) -> Attempt:
    """`ByHand` with the deed in one sentence, or why the notice may not be passed on at all. Never `Sent`."""
    refused = objection(notice)
    if refused is not None:
        return refused
    form, deed = _DEEDS[medium]
    if not form.fullmatch(notice.to_address):
        return Refused("bad_address", "The agreed number or portal address is not well formed.", permanent=True)
    return ByHand(deed, at)
