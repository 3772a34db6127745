"""Names that FHIR gives to a definition: its canonical url, a name for programs, and the codes of an answer."""

from __future__ import annotations

import re

from holdfast.core.pathway import Pathway

_PART = re.compile(r"[A-Za-z0-9]+")


def url_of(pathway: Pathway, what: str) -> str:
    """``urn:holdfast:pathway:team-transfer:questionnaire``: a urn, as no server has to be there for it to mean something."""
    return f"urn:holdfast:pathway:{pathway.id}:{what}"


def name_of(pathway: Pathway, what: str) -> str:
    """A name that a program can use: letters and digits, a capital first (FHIR R4 que-0, pdf-0)."""
    return "Pathway" + "".join(part.capitalize() for part in _PART.findall(pathway.id)) + what


def header(pathway: Pathway, kind: str, what: str) -> dict[str, object]:
    """What both definitions begin with. The version is the edition's digest, so that the same edition is the same bytes."""
    return {
        "resourceType": kind,
        "url": url_of(pathway, what),
        "version": pathway.digest,
        "name": name_of(pathway, kind),
        "title": pathway.title,
        "status": "draft",
        "experimental": False,
    }
