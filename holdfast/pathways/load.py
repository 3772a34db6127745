"""Loads a pathway file: the pathway as the engine reads it, or all that is wrong with the file."""

from __future__ import annotations

from holdfast.core.pathway import Pathway
from holdfast.pathways.build import build
from holdfast.pathways.digest import canonical_form, digest_of
from holdfast.pathways.reading import read_shape


def load_pathway(text: str) -> Pathway:
    """The pathway that a file means, with its digest; raises PathwayFaults with all faults and questions."""
    shape = read_shape(text).shape
    return build(shape, digest_of(canonical_form(shape)))
