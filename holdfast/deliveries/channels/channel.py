"""The shape every channel has: a notice goes out, an attempt comes back, and later perhaps a reply."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

ReplyKind = Literal["bounce", "auto-reply", "delivered-report", "unknown"]

# There is no kind for a receipt: what a machine answers never confirms anything (HZ-02).
REPLY_KINDS: frozenset[str] = frozenset({"bounce", "auto-reply", "delivered-report", "unknown"})


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one address, already stripped of everything but where to look (BEY-12).

    `key` is the idempotency key (letters, digits, `_ - . :`, at most 100): the same key is the same message, however
    often it is sent. `kind` is a key of `wording.WORDINGS`, and `words` holds only what that kind allows. `reply_token`
    is never sent: only its digest travels, so that a bounce finds its way home.
    """

    key: str
    to_address: str
    kind: str
    link: str
    words: Mapping[str, str]
    reply_token: str


@dataclass(frozen=True, slots=True)
class Sent:
    """The next carrier took the notice at `at` (aware). It says nothing about anybody having read it."""

    provider_id: str | None
    at: datetime

    def __post_init__(self) -> None:
        _demand_zone(self.at)


@dataclass(frozen=True, slots=True)
class ByHand:
    """Nothing has left: a person must do what `says` asks and log it. `at` (aware) is when the house asked."""

    says: str
    at: datetime

    def __post_init__(self) -> None:
        _demand_zone(self.at)


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing was taken. `says` is our own sentence, without address or content; `permanent`: not again like this."""

    code: str
    says: str
    permanent: bool


Attempt = Sent | ByHand | Refused


@dataclass(frozen=True, slots=True)
class Reply:
    """What a machine, or an unknown hand, answered. `key` is None when nothing in it points to one notice only.

    `return_tag` is `return_tag(notice.reply_token)` as found in the address the reply came to, or None. `raw_digest` is
    the SHA-256 of the raw bytes in hex. `says` never quotes the reply, which may hold anything.
    """

    kind: ReplyKind
    key: str | None
    permanent: bool
    says: str
    raw_digest: str
    return_tag: str | None = None

    def __post_init__(self) -> None:
        if self.kind not in REPLY_KINDS:
            raise ValueError("a reply is a bounce, an auto-reply, a delivered-report or unknown, never a receipt")


class Channel(Protocol):
    """A way out. Neither method raises for what the world does: refusal and rubbish are values (REC-01)."""

    @property
    def name(self) -> str: ...

    def send(self, notice: Notice, at: datetime) -> Attempt: ...

    def read_reply(self, raw: bytes) -> Reply: ...


def _demand_zone(at: datetime) -> None:
    if at.utcoffset() is None:
        raise ValueError("the time of an attempt needs a zone")
