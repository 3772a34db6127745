"""What comes back by telephone, fax or portal is for a person to read."""

import hashlib

from holdfast.deliveries.channels.channel import Reply


def read_reply(raw: bytes) -> Reply:
    """Always unknown: a fax machine's "OK" means that paper moved, not that anybody answered (HZ-02)."""
    return Reply("unknown", None, False, "A person must look at what came back.", hashlib.sha256(raw).hexdigest())
