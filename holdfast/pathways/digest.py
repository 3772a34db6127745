"""The canonical form of a pathway, the digest that names an edition, and the way back to the pathway."""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache

import rfc8785

from holdfast.core.pathway import Pathway
from holdfast.pathways.build import build
from holdfast.pathways.expansion import expand
from holdfast.pathways.pieces import CANONICAL
from holdfast.pathways.reading import read_shape
from holdfast.pathways.shape import PathwayShape


def canonical_form(shape: PathwayShape) -> bytes:
    """What was written, as RFC 8785 JSON: no comments, layout or short forms; order is kept where people see it."""
    return rfc8785.dumps(shape.model_dump(mode="json", by_alias=True, exclude_unset=True))


@lru_cache(maxsize=8)
def canonical_bytes(text: str) -> bytes:
    """The canonical form of a pathway file: what the database keeps of an edition, with its blocks written out. Raises PathwayFaults.

    Kept for the texts read last, as reading one takes a good part of a second.
    """
    return canonical_form(read_shape(expand(text).text).shape)


def digest_of(canonical: bytes) -> str:
    """SHA-256 (hex) of a canonical form: the name of the edition."""
    return hashlib.sha256(canonical).hexdigest()


def load_canonical(canonical: bytes) -> Pathway:
    """The pathway of an edition that was published.

    It is not checked again: it was when it was published, and what a later version would ask must not stop open cases.
    """
    shape = PathwayShape.model_validate(json.loads(canonical), context=CANONICAL)
    return build(shape, digest_of(canonical))
