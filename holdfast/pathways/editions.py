"""Editions kept in the record: found by digest, and the latest of each pathway."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Max

from holdfast.core.pathway import Pathway
from holdfast.pathways.load import load_canonical
from holdfast.pathways.models import Edition

_loaded: dict[str, Pathway] = {}


class UnknownEdition(LookupError):
    """No edition of that digest, or of that pathway, has been published here."""


def get_edition(digest: str) -> Pathway:
    """The pathway of this digest. An edition never changes, so a loaded one is kept for good."""
    pathway = _loaded.get(digest)
    if pathway is None:
        row = Edition.objects.filter(digest=digest).first()
        if row is None:
            raise UnknownEdition(f"no edition {digest[:12]} is published here")
        pathway = _loaded[digest] = load_canonical(bytes(row.body))
    return pathway


def canonical_of(digest: str) -> bytes:
    """The canonical form of an edition, as the record keeps it. Raises ``UnknownEdition``."""
    row = Edition.objects.filter(digest=digest).only("body").first()
    if row is None:
        raise UnknownEdition(f"no edition {digest[:12]} is published here")
    return bytes(row.body)


def find_edition(digest: str) -> Pathway | None:
    """The pathway of this digest, if it is published here."""
    try:
        return get_edition(digest)
    except UnknownEdition:
        return None


def latest_edition(pathway: str) -> Pathway:
    """The edition that new cases of this pathway start on. Raises ``UnknownEdition``."""
    row = Edition.objects.filter(pathway=pathway).order_by("-published_at", "-digest").only("digest").first()
    if row is None:
        raise UnknownEdition(f"no edition of {pathway} is published here; run: holdfast pathway publish")
    return get_edition(row.digest)


def list_latest() -> list[Pathway]:
    """The latest edition of each published pathway, by title."""
    ids = sorted(set(Edition.objects.values_list("pathway", flat=True)))
    return sorted((latest_edition(id) for id in ids), key=lambda pathway: pathway.title)


def find_editions(beginning: str) -> list[str]:
    """The digests of published editions that begin so."""
    return list(
        Edition.objects.filter(digest__startswith=beginning).order_by("digest").values_list("digest", flat=True)
    )


def list_editions(pathway: str) -> list[tuple[str, datetime, str]]:
    """Each edition of a pathway, the latest first: digest, when it was published and by whom."""
    found = Edition.objects.filter(pathway=pathway).order_by("-published_at", "-digest")
    return list(found.values_list("digest", "published_at", "published_by"))


def put_edition(digest: str, pathway: Pathway, body: bytes, at: datetime, by: str) -> None:
    """Keep an edition. Only the desk calls this, in the transaction that records its publishing.

    Recorded time may stand still (a clock set back); the latest must be one all the same, so it is always after the one before.
    """
    last = Edition.objects.filter(pathway=pathway.id).aggregate(last=Max("published_at"))["last"]
    at = at if last is None or at > last else last + timedelta(microseconds=1)
    Edition.objects.create(
        digest=digest, pathway=pathway.id, title=pathway.title, body=body, published_at=at, published_by=by
    )
