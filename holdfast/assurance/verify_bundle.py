"""Checks a signed Holdfast evidence file with Python 3.9 or newer and nothing else: python verify_bundle.py FILE [--key KEY]."""

from __future__ import annotations

import base64
import hashlib
import json
import sys
from datetime import datetime
from typing import Any

# What is checked, in order: the file's signature (Ed25519, RFC 8032); the chain of entries; the checkpoint's signature;
# each entry's place in the log under the checkpoint (Merkle tree, RFC 9162); each disclosed value against its commitment.
# Without --key it says by which key the file is signed: compare that key with the one you were given by another way.

FILE, CHECKPOINT = "holdfast evidence 1", "holdfast checkpoint 1"
FIRST = "0" * 64


class Wrong(Exception):
    """The file cannot be read as an evidence file."""


# --- RFC 8785 canonical JSON, for texts, whole numbers, true, false, null, lists and objects


def canonical(value: Any) -> bytes:
    return _written(value).encode("utf-8")


def _written(value: Any) -> str:
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > 2**53 - 1:
            raise Wrong("a number is too large to mean the same everywhere")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(_written(item) for item in value) + "]"
    if isinstance(value, dict):
        order = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(_written(key) + ":" + _written(value[key]) for key in order) + "}"
    raise Wrong("a number with a fraction has no place in the record")


def parse(text: str) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            raise Wrong("an object repeats a key")
        return found

    def refuse(name: str) -> Any:
        raise Wrong(f"{name} is not JSON")

    return json.loads(text, object_pairs_hook=once, parse_constant=refuse)


# --- Ed25519 signatures (RFC 8032, 5.1.7), checked without secrets, so plain arithmetic will do

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
Point = tuple[int, int, int, int]  # (X, Y, Z, T) with x = X/Z, y = Y/Z, x*y = T/Z


def _add(a: Point, b: Point) -> Point:
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return (i * j % P, k * m % P, j * k % P, i * m % P)


def _times(number: int, point: Point) -> Point:
    total: Point = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point, number = _add(point, point), number >> 1
    return total


def _same(a: Point, b: Point) -> bool:
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


_BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed(key: bytes, message: bytes, signature: bytes) -> bool:
    if len(key) != 32 or len(signature) != 64 or _BASE is None:
        return False
    public, random = _point(key), _point(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if public is None or random is None or scalar >= ORDER:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % ORDER
    return _same(_times(scalar, _BASE), _add(random, _times(challenge, public)))


# --- the record's own hashes


def entry_digest(body: bytes) -> str:
    return hashlib.sha256(b"\x02holdfast entry\x00" + body).hexdigest()


def commitment(value: bytes, salt: bytes) -> str:
    return hashlib.sha256(b"\x03holdfast value\x00" + len(salt).to_bytes(4, "big") + salt + value).hexdigest()


def leads_to(digest: str, index: int, size: int, proof: list[str]) -> str:
    """The root that the proof leads to (RFC 9162, 2.1.3.2), "" for a proof of the wrong shape."""
    if not 0 <= index < size:
        return ""
    fn, sn, found = index, size - 1, hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()
    for step in map(bytes.fromhex, proof):
        if sn == 0:
            return ""
        if fn & 1 or fn == sn:
            found = hashlib.sha256(b"\x01" + step + found).digest()
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = hashlib.sha256(b"\x01" + found + step).digest()
        fn, sn = fn >> 1, sn >> 1
    return found.hex() if sn == 0 else ""


def holds(value: Any, names: set[str], wanted: str, named: bool = False) -> bool:
    """Whether a commitment stands in an entry at the place it is shown for."""
    if isinstance(value, str):
        return named and value == wanted
    if isinstance(value, dict):
        beside = named or any(isinstance(item, str) and item in names for item in value.values())
        return any(holds(item, names, wanted, beside or key in names) for key, item in value.items())
    return isinstance(value, list) and any(holds(item, names, wanted, named) for item in value)


# --- the file


def check(text: str, trusted: list[str]) -> tuple[list[str], list[str]]:
    """(what is wrong, what is proved), each in sentences; nothing is wrong when the first is empty."""
    fields = parse(text)
    if not isinstance(fields, dict) or fields.get("kind") != FILE:
        raise Wrong("this is not an evidence file")
    signature, key = fields.pop("signature"), fields["key"]
    wrong: list[str] = []
    says = [f"Signed by key {key}" + (", which you trust." if key in trusted else "; know this key from elsewhere.")]
    if trusted and key not in trusted:
        wrong.append("it is signed by a key that you do not trust")
    sealed = b"holdfast evidence\x00" + canonical(fields)
    if not signed(_bytes(key), sealed, _bytes(signature)):
        wrong.append("its signature does not hold: it was altered after it was sealed")
    bodies, digests = _chain(fields, wrong)
    size, root, at = _checkpoint(fields, trusted, wrong)
    exposed = _places(fields, digests, size, root, wrong)
    for one in fields["disclosed"]:
        place, salt = one["place"], bytes.fromhex(one["salt"])
        if len(salt) < 16 or commitment(one["value"].encode(), salt) != one["commitment"]:
            wrong.append(f"the value shown for {place} is not the one committed to")
        elif not any(holds(body, {place, place.rsplit("/", 1)[-1]}, one["commitment"]) for body in bodies):
            wrong.append(f"no entry commits to a value at {place} like the one shown")
    says.append(f"{fields['case']}: {len(bodies)} entries, {len(fields['disclosed'])} values shown.")
    if len(exposed) < len(bodies):
        says.append(f"Proved up to the checkpoint of {at}, which covers {size} entries of that record.")
    if exposed:
        says.append(f"Under no checkpoint, so vouched for by the signing key alone: entries {exposed}.")
    return wrong, says


def _chain(fields: dict[str, Any], wrong: list[str]) -> tuple[list[dict[str, Any]], list[str]]:
    bodies: list[dict[str, Any]] = []
    digests: list[str] = []
    before, last = FIRST, ""
    for number, entry in enumerate(fields["entries"], start=1):
        raw = entry["body"].encode()
        body = parse(entry["body"])
        if canonical(body) != raw:
            wrong.append(f"entry {number} is not in canonical form")
        if (body.get("stream"), body.get("number")) != (fields["case"], number) or body["number"] is True:
            wrong.append(f"entry {number} is missing, out of order or of another case")
        if body.get("prev") != before:
            wrong.append(f"entry {number} does not follow the entry before it")
        if last and datetime.fromisoformat(body["recorded"]) < datetime.fromisoformat(last):
            wrong.append(f"entry {number} was recorded before the entry it follows")
        before, last = entry_digest(raw), body["recorded"]
        bodies.append(body)
        digests.append(before)
    if not bodies:
        wrong.append("it holds no entry")
    return bodies, digests


def _checkpoint(fields: dict[str, Any], trusted: list[str], wrong: list[str]) -> tuple[int, str, str]:
    line, key = fields["checkpoint"], fields["checkpoint_key"]
    if line is None:
        return 0, "", ""
    said = parse(line)
    signature = said.pop("signature")
    shaped = said.get("kind") == CHECKPOINT and canonical({**said, "signature": signature}) == line.strip().encode()
    named = hashlib.sha256(_bytes(key)).hexdigest()[:16] == said.get("key")
    if not (shaped and named and signed(_bytes(key), b"holdfast checkpoint\x00" + canonical(said), _bytes(signature))):
        wrong.append("its checkpoint was not signed by the key it names")
        return 0, "", ""
    if trusted and key not in trusted:
        wrong.append("its checkpoint is signed by a key that you do not trust")
    return said["size"], said["root"], said["at"]


def _places(fields: dict[str, Any], digests: list[str], size: int, root: str, wrong: list[str]) -> list[int]:
    exposed: list[int] = []
    last = -1
    for number, (entry, digest) in enumerate(zip(fields["entries"], digests), start=1):  # noqa: B905
        index = entry["index"]
        if not root or index is None:
            exposed.append(number)
            continue
        if type(index) is not int:
            raise Wrong("an index is a whole number")
        if leads_to(digest, index, size, entry["proof"]) != root:
            wrong.append(f"entry {number} is not in the log under the checkpoint")
        elif exposed or index <= last:
            wrong.append(f"entry {number} is not in the log in its order")
        last = index
    return exposed


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def main(arguments: list[str]) -> int:
    """0 when the file holds, 1 when it does not, 2 when it was not told what to check."""
    trusted: list[str] = []
    while "--key" in arguments[:-1]:
        place = arguments.index("--key")
        trusted.append(arguments[place + 1].strip())
        del arguments[place : place + 2]
    if len(arguments) != 1:
        sys.stderr.write("python verify_bundle.py FILE [--key KEY]\n")
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:  # noqa: PTH123
            wrong, says = check(file.read(), trusted)
    except (Wrong, KeyError, TypeError, ValueError, AttributeError, RecursionError) as fault:
        wrong, says = [f"it cannot be read ({type(fault).__name__})"], []
    for line in says if not wrong else []:
        sys.stdout.write(line + "\n")
    for line in wrong:
        sys.stdout.write(f"BROKEN: {line}\n")
    sys.stdout.write("The file does not hold.\n" if wrong else "The file holds.\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
