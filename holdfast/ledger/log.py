"""The RFC 9162 Merkle tree over all entries, with proofs that an entry is in it and that it only grew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence

EMPTY_ROOT = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """Hash one leaf (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two subtrees into one (RFC 9162, 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def entry_leaf(entry_digest: str) -> bytes:
    """Give the log's leaf hash for an entry: leaf_hash over the 32 bytes of its digest (64 hex).

    Raises ValueError when the digest is not 32 bytes of hex.
    """
    return leaf_hash(_hash_from(entry_digest))


class Frontier:
    """The log's right edge: all that is needed to append a leaf and to know the root, in O(log n) hashes."""

    def __init__(self) -> None:
        self.size = 0
        self._peaks: list[bytes] = []  # roots of the complete subtrees, largest first

    def append(self, leaf: bytes) -> None:
        """Append one leaf hash (32 bytes)."""
        node, carry = leaf, self.size
        while carry & 1:
            node = node_hash(self._peaks.pop(), node)
            carry >>= 1
        self._peaks.append(node)
        self.size += 1

    def root(self) -> bytes:
        """Give the root over all leaves appended so far (EMPTY_ROOT for none)."""
        if not self._peaks:
            return EMPTY_ROOT
        node = self._peaks[-1]
        for peak in reversed(self._peaks[:-1]):
            node = node_hash(peak, node)
        return node

    def to_json(self) -> str:
        """Give the frontier as JSON text: {"peaks": [hex, ...], "size": n}."""
        return json.dumps({"peaks": [peak.hex() for peak in self._peaks], "size": self.size})

    @classmethod
    def from_json(cls, text: str) -> Frontier:
        """Read what `to_json` wrote. Raises ValueError when it cannot be one."""
        found = json.loads(text)
        if not isinstance(found, dict) or set(found) != {"peaks", "size"}:
            raise ValueError("not a frontier")
        size, peaks = found["size"], found["peaks"]
        if type(size) is not int or size < 0 or not isinstance(peaks, list) or len(peaks) != size.bit_count():
            raise ValueError("not a frontier: its size and its peaks disagree")
        frontier = cls()
        frontier.size, frontier._peaks = size, [_hash_from(peak) for peak in peaks]
        return frontier


class Tree:
    """All nodes of a log, so that many proofs cost O(log n) each; memory is 2n hashes."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        level = list(leaves)
        self.size = len(level)
        # levels[k][i] is the root over leaves i*2**k up to (i+1)*2**k or the end: a last odd node moves up unchanged.
        self._levels = [level]
        while len(level) > 1:
            above = [node_hash(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
            if len(level) % 2:
                above.append(level[-1])
            self._levels.append(above)
            level = above

    def root(self) -> bytes:
        """Give the root (EMPTY_ROOT for no leaves)."""
        return self._levels[-1][0] if self.size else EMPTY_ROOT

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Give PATH(index) of RFC 9162, 2.1.3.1. Raises IndexError outside 0..size-1."""
        if not 0 <= index < self.size:
            raise IndexError(f"no leaf {index} in a log of {self.size}")
        proof = []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                proof.append(level[beside])
            index >>= 1
        return proof

    def consistency_proof(self, first: int) -> list[bytes]:
        """Give PROOF(first) of RFC 9162, 2.1.4.1; empty for 0 and for the whole. Raises IndexError outside 0..size."""
        if not 0 <= first <= self.size:
            raise IndexError(f"no first {first} of a log of {self.size}")
        if first in (0, self.size):
            return []
        # Go to the largest complete subtree that ends at `first`, then up along the siblings.
        level, index = 0, first - 1
        while index & 1:
            index >>= 1
            level += 1
        proof = [] if index == 0 else [self._levels[level][index]]
        for nodes in self._levels[level:-1]:
            beside = index ^ 1
            if beside < len(nodes):
                proof.append(nodes[beside])
            index >>= 1
        return proof


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Prove that leaf `index` is in the log of these leaf hashes. Raises IndexError."""
    return Tree(leaves).inclusion_proof(index)


def consistency_proof(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """Prove that the log of the first `first` leaf hashes is the beginning of this one. Raises IndexError."""
    return Tree(leaves).consistency_proof(first)


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Say whether the proof leads from the leaf hash at `index` to the root of a log of `size` (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    fn, sn, found = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            found = node_hash(step, found)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            found = node_hash(found, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and found == root


def verify_consistency(first: int, second: int, first_root: bytes, second_root: bytes, proof: Sequence[bytes]) -> bool:
    """Say whether the log of size `second` begins with the log of size `first` (RFC 9162, 2.1.4.2).

    The RFC leaves two cases open: an empty first log and equal sizes. Both take an empty proof and the right root.
    """
    if not 0 <= first <= second:
        return False
    if first == second:
        return not proof and first_root == second_root and (first > 0 or first_root == EMPTY_ROOT)
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if not proof:
        return False
    steps = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    old = new = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            old, new = node_hash(step, old), node_hash(step, new)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            new = node_hash(new, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and old == first_root and new == second_root


def _hash_from(text: object) -> bytes:
    if not isinstance(text, str) or len(text) != 64:
        raise ValueError("not a hash: 64 hex digits are needed")
    return bytes.fromhex(text)
