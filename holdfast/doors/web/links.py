"""Addresses of a case and its deeds: the hex of its pseudonym, and the pathway's own ids, nothing about the person."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import reverse

STREAM = "case:"


def hex_of(case: str) -> str:
    """What stands in an address for this stream."""
    return case.removeprefix(STREAM)


def case_url(case: str) -> str:
    """The page of one case."""
    return reverse("case", kwargs={"case": hex_of(case)})


def deed_url(case: str, command: str, target: str, about: str = "") -> str:
    """The form of one deed; ``about`` is the promise it answers, where the step answers one."""
    address = reverse("deed", kwargs={"case": hex_of(case), "command": command, "target": target})
    return f"{address}?{urlencode({'about': about})}" if about else address
