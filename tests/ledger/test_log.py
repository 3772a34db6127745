"""The Merkle log: the classic vectors of Certificate Transparency, and proofs against a plain reading of RFC 9162."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdfast.ledger.log import (
    EMPTY_ROOT,
    Frontier,
    Tree,
    consistency_proof,
    entry_leaf,
    inclusion_proof,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)

DATA = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(data)) for data in DATA]
MANY = [leaf_hash(str(place).encode()) for place in range(130)]


def split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def mth(leaves: Sequence[bytes]) -> bytes:
    """The root as RFC 9162, 2.1.1 words it."""
    if not leaves:
        return EMPTY_ROOT
    if len(leaves) == 1:
        return leaves[0]
    k = split(len(leaves))
    return node_hash(mth(leaves[:k]), mth(leaves[k:]))


def path(m: int, leaves: Sequence[bytes]) -> list[bytes]:
    """The inclusion proof as RFC 9162, 2.1.3.1 words it."""
    if len(leaves) == 1:
        return []
    k = split(len(leaves))
    if m < k:
        return [*path(m, leaves[:k]), mth(leaves[k:])]
    return [*path(m - k, leaves[k:]), mth(leaves[:k])]


def subproof(m: int, leaves: Sequence[bytes], whole: bool) -> list[bytes]:
    """The consistency proof as RFC 9162, 2.1.4.1 words it."""
    if m == len(leaves):
        return [] if whole else [mth(leaves)]
    k = split(len(leaves))
    if m <= k:
        return [*subproof(m, leaves[:k], whole), mth(leaves[k:])]
    return [*subproof(m - k, leaves[k:], False), mth(leaves[:k])]


def test_the_classic_vectors() -> None:
    frontier = Frontier()
    assert frontier.root() == EMPTY_ROOT == Tree([]).root()
    for size, expected in enumerate(ROOTS):
        assert Tree(LEAVES[:size]).root().hex() == expected
        assert frontier.root().hex() == expected
        if size < len(LEAVES):
            frontier.append(LEAVES[size])


def test_roots_and_proofs_are_those_of_the_standard() -> None:
    for size in range(1, 70):
        tree = Tree(MANY[:size])
        assert tree.root() == mth(MANY[:size])
        for index in range(size):
            assert tree.inclusion_proof(index) == path(index, MANY[:size])
        for first in range(1, size + 1):
            assert tree.consistency_proof(first) == subproof(first, MANY[:size], True)


def test_the_log_of_an_entry_is_over_the_bytes_of_its_digest() -> None:
    digest = hashlib.sha256(b"entry").hexdigest()
    assert entry_leaf(digest) == hashlib.sha256(b"\x00" + bytes.fromhex(digest)).digest()
    with pytest.raises(ValueError, match="64 hex"):
        entry_leaf("00")


@given(st.integers(0, 130), st.integers(0, 130))
def test_a_frontier_goes_on_from_its_json(first: int, more: int) -> None:
    frontier = Frontier()
    for leaf in MANY[:first]:
        frontier.append(leaf)
    again = Frontier.from_json(frontier.to_json())
    for leaf in MANY[first : first + more]:
        again.append(leaf)
    assert again.size == len(MANY[: first + more])
    assert again.root() == mth(MANY[: first + more])


@pytest.mark.parametrize(
    "text", ["[]", "{}", '{"size":1,"peaks":[]}', '{"size":-1,"peaks":[]}', '{"size":1,"peaks":["0"]}']
)
def test_a_damaged_frontier_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        Frontier.from_json(text)


@st.composite
def tampered(draw: st.DrawFn, proof: list[bytes]) -> list[bytes]:
    """A proof with a flipped bit, or a node put in or taken out."""
    ways = ["insert"] + (["flip", "remove"] if proof else [])
    way, changed = draw(st.sampled_from(ways)), list(proof)
    if way == "insert":
        node = draw(st.sampled_from([*MANY[:3], *proof, bytes(32)]))
        changed.insert(draw(st.integers(0, len(proof))), node)
        return changed
    place = draw(st.integers(0, len(proof) - 1))
    if way == "remove":
        del changed[place]
    else:
        bit = draw(st.integers(0, 255))
        changed[place] = (int.from_bytes(changed[place], "big") ^ (1 << bit)).to_bytes(32, "big")
    return changed


@given(st.data())
def test_inclusion_holds_for_its_leaf_alone(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 130))
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-2, 140))
    leaves, root = MANY[:size], Tree(MANY[:size]).root()
    proof = inclusion_proof(leaves, index)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    if other != index:
        assert not verify_inclusion(leaves[index], other, size, proof, root)
        assert not verify_inclusion(MANY[other % 130], index, size, proof, root) or MANY[other % 130] == leaves[index]
    assert not verify_inclusion(leaves[index], index, size, proof, EMPTY_ROOT)
    assert not verify_inclusion(leaves[index], index, index, proof, root)
    assert not verify_inclusion(leaves[index], index, size, data.draw(tampered(proof)), root)


@given(st.data())
def test_consistency_holds_for_its_beginning_alone(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 130))
    first, other = data.draw(st.integers(0, second)), data.draw(st.integers(-1, 131))
    old, new = Tree(MANY[:first]).root(), Tree(MANY[:second]).root()
    proof = consistency_proof(MANY[:second], first)
    assert verify_consistency(first, second, old, new, proof)
    assert not verify_consistency(first, second, leaf_hash(b"other"), new, proof)
    if first:
        assert not verify_consistency(first, second, old, leaf_hash(b"other"), proof)
    if other != first:
        assert not verify_consistency(other, second, old, new, proof)
    if first < second:
        assert not verify_consistency(second, first, new, old, proof)
        removed = [*MANY[1:second], leaf_hash(b"late")]  # another log of the same size
        if first:
            assert not verify_consistency(first, second, old, Tree(removed).root(), consistency_proof(removed, first))
    assert not verify_consistency(first, second, old, new, data.draw(tampered(proof)))


def test_a_proof_is_asked_for_inside_the_log_only() -> None:
    with pytest.raises(IndexError):
        inclusion_proof(LEAVES, 8)
    with pytest.raises(IndexError):
        consistency_proof(LEAVES, 9)
