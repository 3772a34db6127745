"""The evidence file of one case: its entries, chosen values and proofs in one signed text that stands by itself."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from holdfast.ledger.canonical import NotCanonical, canonical, parse, read
from holdfast.ledger.chain import Fault, FaultKind, check_stream, digest
from holdfast.ledger.checkpoint import Checkpoint, ForgedCheckpoint, public_text, read_public_key, verify
from holdfast.ledger.disclosure import Disclosed, doubt
from holdfast.ledger.log import Tree, entry_leaf, verify_inclusion
from holdfast.ledger.proof import ProvedUpTo

KIND = "holdfast evidence 1"
_TAG = b"holdfast evidence\x00"


@dataclass(frozen=True, slots=True)
class BundledEntry:
    """One entry's body (canonical bytes) and the index of its leaf in the log (None: not in the log yet)."""

    body: bytes
    index: int | None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an evidence file is worth: `exposed` are the numbers of the entries that no checkpoint covers."""

    ok: bool
    case: str
    proved_to: ProvedUpTo | None
    faults: list[Fault]
    exposed: list[int]
    says: str


def build_bundle(
    *,
    case: str,
    entries: Sequence[BundledEntry],
    disclosed: Iterable[Disclosed],
    leaves: Sequence[bytes],
    checkpoint: tuple[str, Ed25519PublicKey] | None,
    notice: str,
    sealed_at: datetime,
    private_key: Ed25519PrivateKey,
) -> str:
    """Give the evidence file's text.

    `case` is the stream, `entries` all of it from number 1; `leaves` are the log's leaf hashes from the first, at least
    up to the checkpoint's size. `checkpoint` is a line that was kept outside and the key that signed it; without one
    nothing is proved and every entry is exposed. `notice` is the consent notice that goes with the disclosure.

    Raises ValueError, naming the fault, rather than make a file that would not check; ForgedCheckpoint.
    """
    if sealed_at.tzinfo is None:
        raise ValueError("the time of sealing is aware")
    tree = _tree_under(checkpoint, leaves)
    fields: dict[str, object] = {
        "kind": KIND,
        "case": case,
        "entries": [_entry_fields(entry, tree) for entry in entries],
        "disclosed": [one.fields() for one in disclosed],
        "checkpoint": checkpoint[0].strip() if checkpoint else None,
        "checkpoint_key": public_text(checkpoint[1]) if checkpoint else None,
        "notice": notice,
        "sealed_at": sealed_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "key": public_text(private_key.public_key()),
    }
    signature = base64.b64encode(private_key.sign(_TAG + canonical(fields))).decode()
    # Laid out for a person to read; the signature is over the canonical form, so the layout may change on the way.
    text = json.dumps({**fields, "signature": signature}, indent=1, ensure_ascii=False) + "\n"
    if faults := check_bundle(text).faults:
        raise ValueError(faults[0].says)
    return text


def check_bundle(text: str, trusted_keys: Iterable[Ed25519PublicKey] | None = None) -> Verdict:
    """Check an evidence file with nothing but itself and, when given, the public keys its reader trusts.

    Checks the signature, the chain, each entry's place in the log under the checkpoint, and the disclosed values.
    Never raises for what the text says: a text that cannot be read is a verdict with a fault.
    """
    try:
        return _File(text).verdict(trusted_keys)
    except (NotCanonical, KeyError, TypeError, ValueError, RecursionError):
        fault = Fault("", 0, "bad-file", "this is not an evidence file, or it is damaged")
        return Verdict(False, "", None, [fault], [], fault.says)


class _File:
    """An evidence file as read; whatever has the wrong shape raises here."""

    def __init__(self, text: str) -> None:
        fields = parse(text)
        if not isinstance(fields, dict) or fields["kind"] != KIND:
            raise ValueError("not an evidence file")
        self._signature = base64.b64decode(_text(fields.pop("signature")), validate=True)
        self._signed = _TAG + canonical(fields)
        self._case = _text(fields["case"])
        self._key = read_public_key(_text(fields["key"]))
        self._line, self._line_key = fields["checkpoint"], fields["checkpoint_key"]
        self._sealed_at = datetime.fromisoformat(_text(fields["sealed_at"]))
        self._disclosed = [
            Disclosed(
                _text(one["place"]),
                _text(one["value"]).encode(),
                bytes.fromhex(_text(one["salt"])),
                _text(one["commitment"]),
            )
            for one in fields["disclosed"]
        ]
        self._entries = [(_text(one["body"]).encode(), one["index"], one["proof"]) for one in fields["entries"]]
        _text(fields["notice"])
        self._faults: list[Fault] = []

    def verdict(self, trusted_keys: Iterable[Ed25519PublicKey] | None) -> Verdict:
        try:
            self._key.verify(self._signature, self._signed)
        except InvalidSignature:
            self._fault(0, "bad-signature", "the file's signature does not hold: it was altered after it was sealed")
        trusted = None if trusted_keys is None else {public_text(key) for key in trusted_keys}
        says = self._trust(trusted)
        bodies = self._check_chain()
        checkpoint = self._checkpoint(trusted)
        exposed = self._check_inclusion(checkpoint, bodies)
        for one in self._disclosed:
            if wrong := doubt(one, list(bodies.values())):
                self._fault(0, "bad-disclosure", wrong)
        proved = None
        if checkpoint is not None and len(exposed) < len(self._entries):
            proved = ProvedUpTo(checkpoint.size, checkpoint.at)
        return Verdict(not self._faults, self._case, proved, self._faults, exposed, says)

    def _fault(self, number: int, kind: FaultKind, says: str) -> None:
        self._faults.append(Fault(self._case, number, kind, says))

    def _trust(self, trusted: set[str] | None) -> str:
        name = public_text(self._key)
        if trusted is None:
            other = f" (its checkpoint by key {self._line_key})" if self._line_key not in (None, name) else ""
            return f"signed by key {name}{other}; you must know this key from elsewhere"
        if name not in trusted:
            self._fault(0, "untrusted-key", f"signed by key {name}, which is not one that you trust")
            return f"signed by key {name}, which is not one that you trust"
        return f"signed by key {name}, which you trust"

    def _check_chain(self) -> dict[int, dict[str, object]]:
        """Check the entries against one another; give the readable ones by their place in the file."""
        bodies: dict[int, dict[str, object]] = {}
        rows = []
        for place, (body, _, _) in enumerate(self._entries):
            number: object = None
            try:
                bodies[place] = read(body)
                number = bodies[place].get("number")
            except NotCanonical:
                pass  # check_stream says so, with the entry's number
            rows.append((number if type(number) is int else place + 1, digest(body), body))
        if not rows:
            self._fault(0, "bad-file", "the file holds no entry")
        self._faults.extend(check_stream(self._case, rows))
        return bodies

    def _checkpoint(self, trusted: set[str] | None) -> Checkpoint | None:
        if self._line is None:
            return None
        name = _text(self._line_key)
        if trusted is not None and name not in trusted:
            self._fault(0, "untrusted-key", f"the checkpoint is signed by key {name}, which is not one that you trust")
        try:
            return verify(_text(self._line), [read_public_key(name)])
        except ForgedCheckpoint as error:
            self._fault(0, "forged-checkpoint", str(error))
            return None

    def _check_inclusion(self, checkpoint: Checkpoint | None, bodies: dict[int, dict[str, object]]) -> list[int]:
        exposed: list[int] = []
        last = -1
        for place, (body, index, proof) in enumerate(self._entries):
            number = bodies.get(place, {}).get("number")
            named = number if type(number) is int else place + 1
            if checkpoint is None or index is None:
                exposed.append(named)
                continue
            if type(index) is not int:
                raise ValueError("an index is a number")
            steps = [bytes.fromhex(_text(step)) for step in proof]
            leaf, root = entry_leaf(digest(body)), bytes.fromhex(checkpoint.root)
            if not verify_inclusion(leaf, index, checkpoint.size, steps, root):
                self._fault(named, "bad-inclusion", f"entry {named} is not in the log under the checkpoint")
            elif exposed or index <= last:
                self._fault(named, "bad-inclusion", f"entry {named} is not in the log in its order")
            last = index
        return exposed


def _tree_under(checkpoint: tuple[str, Ed25519PublicKey] | None, leaves: Sequence[bytes]) -> Tree | None:
    if checkpoint is None:
        return None
    found = verify(checkpoint[0], [checkpoint[1]])
    tree = Tree(leaves[: found.size])
    if tree.size != found.size or tree.root().hex() != found.root:
        raise ValueError("the leaves do not give the checkpoint's root")
    return tree


def _entry_fields(entry: BundledEntry, tree: Tree | None) -> dict[str, object]:
    fields: dict[str, object] = {"body": entry.body.decode(), "index": None, "proof": None}
    if tree is not None and entry.index is not None and entry.index < tree.size:
        fields["index"] = entry.index
        fields["proof"] = [step.hex() for step in tree.inclusion_proof(entry.index)]
    return fields


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("a text is needed here")
    return value
