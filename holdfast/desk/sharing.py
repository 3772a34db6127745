"""Whether a case may be shown outside now, asked of its head as it stands: for doors and workers that hold no rules (INF-01)."""

from __future__ import annotations

from holdfast.core.parties import Directory
from holdfast.core.sharing import may_share, own_team
from holdfast.ledger.models import Head
from holdfast.ledger.refold import folded
from holdfast.ledger.store import StoredHead
from holdfast.pathways.editions import get_edition


def shared_now(stream: str, team: str, directory: Directory) -> bool:
    """Whether ``team`` may be sent or shown this stream now. What is no case has nothing to withhold."""
    head = Head.objects.filter(stream=stream, kind="case").first()
    if head is None:
        return True
    state = folded(
        stream, StoredHead(head.number, head.digest, head.recorded_at, head.edition, head.engine, head.state)
    )
    pathway = get_edition(head.edition)
    return team == own_team(state, pathway) or may_share(state, pathway, directory)
