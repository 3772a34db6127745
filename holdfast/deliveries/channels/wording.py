"""The only sentences that leave the house, by kind of notice, and the closed list of words that may stand in them."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

from holdfast.deliveries.channels.channel import Notice, Refused


@dataclass(frozen=True, slots=True)
class Wording:
    """`opening` may hold {from_whom}; `needs` and `allows` are keys of `Notice.words`."""

    subject: str
    opening: str
    needs: frozenset[str] = frozenset()
    allows: frozenset[str] = frozenset({"organisation", "open_by"})
    has_link: bool = True


_ANSWER_BY = frozenset({"open_by"})

WORDINGS: Mapping[str, Wording] = {
    "packet-link": Wording(
        "A message is waiting for you", "A message is waiting for you in Holdfast{from_whom}.", _ANSWER_BY
    ),
    "second-attempt": Wording(
        "A message is still waiting for you", "A message is still waiting for you in Holdfast{from_whom}.", _ANSWER_BY
    ),
    "rung": Wording("Something needs you now", "Something in Holdfast has passed its time and needs you now."),
    "closure": Wording("A message is waiting for you", "Something you took part in has reached its end in Holdfast."),
    "amended": Wording("A message has changed", "A message you were sent in Holdfast{from_whom} has changed."),
    "news": Wording("A message is waiting for you", "A message is waiting for you in Holdfast{from_whom}."),
    "withdrawn": Wording(
        "Nothing more is asked of you",
        "What you were asked in Holdfast{from_whom} has been taken on by others. Nothing more is asked of you.",
        allows=frozenset({"organisation"}),
        has_link=False,
    ),
    "awaiting": Wording("An answer is awaited", "An answer is still awaited in Holdfast."),
    "sign-in-code": Wording(
        "Your sign-in code",
        "Your sign-in code for Holdfast is {code}. Nobody will ever ask you for it.",
        needs=frozenset({"code"}),
        allows=frozenset({"code"}),
        has_link=False,
    ),
}

_KEY = re.compile(r"(?=.{1,100}\Z)[A-Za-z0-9_-]+(?:[.:][A-Za-z0-9_-]+)*", re.ASCII)
# No query: a query is where content ends up in a URL. A fragment may carry a token, it never reaches a server log.
_LINK = re.compile(
    r"https?://(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~-]+)*/?(?:#[A-Za-z0-9._~-]+)?",
    re.ASCII,
)
_CODE = re.compile(r"[0-9]{4,10}", re.ASCII)
_FIGURES = re.compile(
    r"[0-9]{1,4}(?:st|nd|rd|th)?|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[:.][0-9]{2}|[+-][0-9]{2}:?[0-9]{2}", re.ASCII
)
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_OTHERS = "at on by noon midnight today tomorrow am pm UTC GMT BST CET CEST EST EDT CST CDT MST MDT PST PDT"
_TIME_WORDS = frozenset(
    {*_DAYS, *(day[:3] for day in _DAYS), *_MONTHS, *(month[:3] for month in _MONTHS), *_OTHERS.split()}
)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def open_by_words(instant: datetime, zone: str) -> str:
    """An aware instant as the `open_by` word: "12:00 on Tuesday 24 November 2026 (Europe/London)"."""
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a zone")
    local = instant.astimezone(ZoneInfo(zone))
    return f"{local:%H:%M} on {_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year} ({zone})"


def objection(notice: Notice) -> Refused | None:
    """Why this notice may not leave by any channel, or None (BEY-12). The sentence repeats nothing it was given."""
    wording = WORDINGS.get(notice.kind)
    if wording is None:
        return Refused("unknown_kind", "There is no agreed wording for this kind of notice.", permanent=True)
    if not _KEY.fullmatch(notice.key):
        return Refused("bad_key", "The key of the notice has characters that a key may not have.", permanent=True)
    if not notice.reply_token:
        return Refused("no_reply_token", "The notice has no token by which a bounce could find it.", permanent=True)
    if not set(notice.words) <= wording.allows:
        return Refused("word_not_allowed", "The notice carries a word that may not leave the house.", permanent=True)
    if not wording.needs <= set(notice.words):
        return Refused("word_missing", "The notice lacks a word that its wording needs.", permanent=True)
    if "code" in notice.words and not _CODE.fullmatch(notice.words["code"]):
        return Refused("bad_code", "A sign-in code is 4 to 10 digits.", permanent=True)
    if "open_by" in notice.words and not _is_time(notice.words["open_by"]):
        return Refused("bad_time", "The time to answer by may hold only a date, a time and a zone.", permanent=True)
    if wording.has_link and not (len(notice.link) <= 500 and _LINK.fullmatch(notice.link)):
        return Refused("bad_link", "The link is not a plain web address without a query.", permanent=True)
    if not wording.has_link and notice.link:
        return Refused("bad_link", "This kind of notice carries no link.", permanent=True)
    return None


def sentences(notice: Notice, safe_names: Collection[str]) -> tuple[str, tuple[str, ...]]:
    """Subject and paragraphs of a notice that met no objection; the link stands alone in its paragraph.

    An organisation is named only if it stands in `safe_names`, the names declared fit to be read by anyone; any other
    is left out rather than refused, so that a telling name never delays a message.
    """
    wording = WORDINGS[notice.kind]
    organisation = notice.words.get("organisation", "")
    from_whom = f" from {organisation}" if organisation in safe_names else ""
    paragraphs = [wording.opening.format(from_whom=from_whom, code=notice.words.get("code", ""))]
    if wording.has_link:
        paragraphs += ["Open it here:", notice.link]
    if "open_by" in notice.words:
        paragraphs.append(f"Please answer by {notice.words['open_by']}.")
    if wording.has_link:
        paragraphs.append("A reply to this message is not an answer: only the link is read.")
    return wording.subject, tuple(paragraphs)


def _is_time(text: str) -> bool:
    tokens = [token.strip(",()") for token in text.split(" ")]
    return 0 < len(tokens) <= 12 and all(
        token in _TIME_WORDS or _FIGURES.fullmatch(token) is not None or token in _zones() for token in tokens
    )
