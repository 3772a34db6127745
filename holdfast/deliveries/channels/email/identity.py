"""Who a mail says it is from, and the marks on it by which a bounce is matched to its notice."""

import hashlib
import re
from dataclasses import dataclass

from holdfast.deliveries.channels.channel import Notice

_ADDRESS = re.compile(
    r"(?=.{3,254}\Z)(?=[^@]{1,64}@)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?",
    re.ASCII,
)
_NAME = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\"<>]{1,80}")
_MESSAGE_ID = re.compile(r"<hf\.([A-Za-z0-9_=.-]{1,100})@[^<>@\s]+>", re.ASCII)
_RETURN = re.compile(r"\+([0-9a-f]{16})(?:\.([a-z0-9_.-]{1,46}))?@", re.ASCII | re.IGNORECASE)
# Servers may fold the case of a return address, so only a key without capitals may ride in it.
_RETURN_KEY = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*", re.ASCII)
_LOCAL_PART_LIMIT = 64


@dataclass(frozen=True, slots=True)
class MailIdentity:
    """`return_address` is where bounces go, with room for a tag: `box@host` becomes `box+tag.key@host`.

    `safe_names` are the organisation names declared fit to be read by anyone (BEY-12). ValueError for a bad address.
    """

    from_address: str
    return_address: str
    from_name: str = "Holdfast"
    safe_names: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not (is_address(self.from_address) and is_address(self.return_address)):
            raise ValueError("the sender and the return address must be plain mail addresses")
        if len(self.return_address.partition("@")[0]) > 40:
            raise ValueError("the return address must leave room for a tag: at most 40 characters before the @")
        if not all(_NAME.fullmatch(name) for name in (self.from_name, *self.safe_names)):
            raise ValueError("a name on a mail is one line of at most 80 characters")

    @property
    def domain(self) -> str:
        return self.from_address.partition("@")[2]


def is_address(text: str) -> bool:
    """Whether this is one bare ASCII mail address: no display name, no comment, no line break."""
    return _ADDRESS.fullmatch(text) is not None


def message_id(key: str, identity: MailIdentity) -> str:
    """The Message-ID of a key: always the same, so that a retry is recognised as the same mail."""
    return f"<hf.{key.replace(':', '=')}@{identity.domain}>"


def return_tag(reply_token: str) -> str:
    """Sixteen hex digits that stand for a reply token in a return address."""
    return hashlib.sha256(b"holdfast return tag\x00" + reply_token.encode()).hexdigest()[:16]


def envelope_sender(notice: Notice, identity: MailIdentity) -> str:
    """The return address of one notice: its tag, and its key where that fits and survives a change of case."""
    local, _, domain = identity.return_address.partition("@")
    tagged = f"{local}+{return_tag(notice.reply_token)}"
    with_key = f"{tagged}.{notice.key}"
    if _RETURN_KEY.fullmatch(notice.key) and len(with_key) <= _LOCAL_PART_LIMIT:
        tagged = with_key
    return f"{tagged}@{domain}"


def key_in_message_id(text: str) -> str | None:
    """The key of the last of our Message-IDs in a header value, if there is one."""
    found = _MESSAGE_ID.findall(text)
    return found[-1].replace("=", ":") if found else None


def marks_in_address(text: str) -> tuple[str | None, str | None]:
    """Tag and key in a header value that holds one of our return addresses; None for what is not there."""
    found = _RETURN.search(text)
    if found is None:
        return None, None
    return found[1].lower(), found[2].lower() if found[2] else None
