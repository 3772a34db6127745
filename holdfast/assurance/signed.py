"""The signed evidence file of one case: its entries, chosen values and proofs, to be verified without this system (AUD-01)."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.assurance.witnessed import Witness, read_witness
from holdfast.ledger.bundle import BundledEntry, build_bundle
from holdfast.ledger.checkpoint import load_or_make_signing_key
from holdfast.ledger.disclosure import Disclosed
from holdfast.ledger.log import entry_leaf
from holdfast.ledger.models import Entry, Head, Leaf
from holdfast.ledger.places import signing_key_file
from holdfast.people.vault import Opened, Vault

NOTICE = (
    "Given out for the purpose it was asked for. It is about one person's health care: do not pass it on without that"
    " person's consent or another lawful ground."
)


def signed_file(
    case: str,
    vault: Vault,
    now: datetime,
    disclose: Collection[str] | None = None,
    notice: str = NOTICE,
    key: Ed25519PrivateKey | None = None,
    witness: Witness | None = None,
) -> str:
    """The file's text. Whoever calls this has asked who looks, and what the person agreed to share.

    ``disclose`` names the fields (and ``reason``, ``override``, ``late_reason``) whose sealed values are shown; None shows all that
    can still be read, () none: then the entries prove that and when, not what. Proved up to the last outside checkpoint
    that fits this record; later entries are in the file as exposed. Raises LookupError for no such case.
    """
    rows = list(Entry.objects.filter(stream=case).order_by("number").values_list("number", "body"))
    head = Head.objects.filter(stream=case, kind="case").exists()
    if not rows or not head:
        raise LookupError(f"there is no case {case}")
    places = dict(Leaf.objects.filter(stream=case).values_list("number", "index"))
    signing = key or load_or_make_signing_key(signing_key_file())
    outside = witness or read_witness([signing.public_key()])
    logged = Leaf.objects.count()
    last = next((one for one in reversed(outside.genuine) if one.checkpoint.size <= logged), None)
    leaves: list[bytes] = []
    if last is not None:
        digests = Leaf.objects.filter(index__lt=last.checkpoint.size).order_by("index").values_list("digest", flat=True)
        leaves = [entry_leaf(digest) for digest in digests.iterator(chunk_size=10_000)]
    return build_bundle(
        case=case,
        entries=[BundledEntry(bytes(body), places.get(number)) for number, body in rows],
        disclosed=_disclosed(case, vault, disclose),
        leaves=leaves,
        checkpoint=(last.line, last.key) if last is not None else None,
        notice=notice,
        sealed_at=now,
        private_key=signing,
    )


def disclosable(case: str, vault: Vault) -> list[str]:
    """The fields of a case whose sealed values can still be read, in order of their names."""
    return sorted({_path(one.place) for one in _opened(case, vault).values()})


def _disclosed(case: str, vault: Vault, disclose: Collection[str] | None) -> list[Disclosed]:
    found = []
    for opened in _opened(case, vault).values():
        path = _path(opened.place)
        if disclose is None or path in disclose:
            number = opened.place.split(":")[-2]
            found.append(Disclosed(f"entry {number}/{path}", opened.plain, opened.salt, opened.commitment))
    return sorted(found, key=lambda one: (int(one.place.split("/")[0].removeprefix("entry ")), one.place))


def _opened(case: str, vault: Vault) -> dict[str, Opened]:
    state = Head.objects.filter(stream=case).values_list("state", flat=True).first()
    return vault.read(str(json.loads(state)["subject"]), case) if state else {}


def _path(place: str) -> str:
    """A place is ``stream:number:path``; a stream has a colon of its own, a path has none."""
    return place.rpartition(":")[2]
