"""The files of the local mailbox: one per message, readable by the owner alone."""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """One message as it would have left. `at` is aware; `text` and `html` are the two forms of the body."""

    id: str
    at: datetime
    to_address: str
    subject: str
    text: str
    html: str
    raw: bytes


def id_of(key: str) -> str:
    """The id, and file name, of the message with this idempotency key: 32 hex digits."""
    return hashlib.sha256(key.encode()).hexdigest()[:32]


def list_messages(folder: Path) -> tuple[StoredMessage, ...]:
    """All messages in the folder, newest first; empty if there is no folder yet."""
    messages = [read_message(folder, path.stem) for path in folder.glob("*.eml") if _ID.fullmatch(path.stem)]
    return tuple(sorted(messages, key=lambda message: (message.at, message.id), reverse=True))


def read_message(folder: Path, message_id: str) -> StoredMessage:
    """One message by its id. KeyError if there is none, or the id is not one."""
    if not _ID.fullmatch(message_id):
        raise KeyError("not the id of a message")
    try:
        raw = (folder / f"{message_id}.eml").read_bytes()
    except FileNotFoundError:
        raise KeyError("there is no such message") from None
    mail = message_from_bytes(raw, policy=default)
    return StoredMessage(
        id=message_id,
        at=parsedate_to_datetime(str(mail["Date"])),
        to_address=str(mail["To"]),
        subject=str(mail["Subject"]),
        text=_body(mail, "plain"),
        html=_body(mail, "html"),
        raw=raw,
    )


def write_private(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)


def _body(mail: EmailMessage, subtype: str) -> str:
    part = mail.get_body((subtype,))
    return str(part.get_content()) if part is not None else ""
