"""The local mailbox bounces as real servers do, so its replies are read by the same rules as e-mail."""

from holdfast.deliveries.channels.email.read_reply import read_reply

__all__ = ["read_reply"]
