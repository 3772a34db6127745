"""Plain sentences for the status codes of RFC 3463, so that no foreign text needs to be repeated."""

import re

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])", re.ASCII)

_MEANINGS = {
    "1.0": "the address was not accepted",
    "1.1": "the mailbox does not exist",
    "1.2": "the mail domain does not exist",
    "1.3": "the address is not well formed",
    "1.6": "the mailbox has moved",
    "1.10": "the domain takes no mail",
    "2.1": "the mailbox is closed",
    "2.2": "the mailbox is full",
    "2.3": "the message is too long for the mailbox",
    "3.0": "the mail system has a fault",
    "4.1": "no answer from the mail system",
    "4.4": "the mail system could not be found",
    "4.7": "the mail system gave up after trying for a long time",
    "7.0": "refused by the rules of the mail system",
    "7.1": "refused by the rules of the mail system",
}


def status_in(text: str) -> str | None:
    """The first enhanced status code in a text, such as "5.1.1"."""
    found = _ENHANCED.search(text)
    return found[0] if found else None


def meaning_of(status: str | None) -> str:
    """What a status code says in plain words; "no reason given" for None or an unlisted one."""
    return _MEANINGS.get((status or "").partition(".")[2], "no reason given")
