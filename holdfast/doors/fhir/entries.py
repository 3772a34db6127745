"""The entries of a Bundle: whose record it is, and what points to what."""

import re

from holdfast.core.arrivals import ReadError, Tally
from holdfast.doors.fhir.shapes import Json, part, parts, word

ENTRIES_AT_MOST = 20_000
READ_KINDS = frozenset({"transaction", "collection", "message", "document", "searchset"})
# Types that are read for their names alone, so they are neither taken over nor left out.
_LOOKED_UP = frozenset({"Patient", "MessageHeader", "Medication", "Organization", "Location"})
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,39}")
_VERSION = re.compile(r"/_history/[^/]*$")


class Entries:
    """The resources of one Bundle about exactly one person.

    Raises ReadError where the object is no Bundle of a kind that is read, or does not hold exactly one Patient.
    """

    def __init__(self, bundle: Json, tally: Tally) -> None:
        _check_kind(bundle)
        entries = parts(bundle, "entry")
        if len(entries) > ENTRIES_AT_MOST:
            raise ReadError(
                f"The Bundle has more than {ENTRIES_AT_MOST} entries. Ask the sender for a smaller extract."
            )
        self.bundle = bundle
        self._tally = tally
        self._resources: list[Json] = []
        self._by_reference: dict[str, Json] = {}
        for entry in entries:
            self._take(entry)
        people = [r for r in self._resources if r["resourceType"] == "Patient"]
        if len(people) != 1:
            found = "no Patient" if not people else f"{len(people)} Patients"
            raise ReadError(f"The Bundle holds {found}, and exactly one is needed. Ask for a file about one person.")
        self.patient = people[0]
        self._own_identifiers = {(word(i, "system"), word(i, "value")) for i in parts(self.patient, "identifier")}

    def of(self, kind: str) -> list[Json]:
        """All resources of one type that are about the person; the others are counted as unused."""
        return [r for r in self._resources if r["resourceType"] == kind and self._is_about_them(r, kind)]

    def header(self) -> Json:
        """The MessageHeader, or an empty object."""
        return next((r for r in self._resources if r["resourceType"] == "MessageHeader"), {})

    def target(self, reference: Json, owner: Json | None = None) -> Json:
        """What a Reference points to in this Bundle, or within `owner`; an empty object if it is not here."""
        text = word(reference, "reference")
        if text.startswith("#"):
            return next((r for r in parts(owner, "contained") if word(r, "id") == text[1:]), {})
        return self._by_reference.get(_VERSION.sub("", text), {}) if text else {}

    def count_unread(self, read: frozenset[str]) -> None:
        """Count the resources of all types that nobody reads."""
        for resource in self._resources:
            kind = str(resource["resourceType"])
            if kind not in read | _LOOKED_UP:
                self._tally.add(kind, "this type of resource is not read")

    def _take(self, entry: Json) -> None:
        resource = part(entry, "resource")
        kind = word(resource, "resourceType")
        if not resource:
            self._tally.add("entry", "holds no resource")
        elif not _TYPE.fullmatch(kind):
            self._tally.add("entry", "holds a resource without a proper type")
        elif word(part(entry, "request"), "method") in ("DELETE", "GET", "HEAD"):
            self._tally.add(kind, "is asked for or deleted, not sent")
        else:
            self._resources.append(resource | {"resourceType": kind})
            for name in (word(entry, "fullUrl"), f"{kind}/{word(resource, 'id')}"):
                if name and not name.endswith("/"):
                    self._by_reference.setdefault(name, self._resources[-1])

    def _is_about_them(self, resource: Json, kind: str) -> bool:
        if resource.get("modifierExtension") or resource.get("implicitRules"):
            # FHIR: whoever does not know a modifier may not use what it modifies, for it can turn a yes into a no.
            self._tally.add(kind, "carries a modifier that is not understood")
            return False
        subject = part(resource, "subject")
        if not subject:
            self._tally.add(kind, "does not say whom it is about")
            return False
        who = part(subject, "identifier")
        if self.target(subject, resource) is self.patient:
            return True
        own = (word(who, "system"), word(who, "value")) in self._own_identifiers
        if own and word(who, "value") and not word(subject, "reference"):
            return True
        self._tally.add(kind, "is about another person")
        return False


def _check_kind(bundle: Json) -> None:
    kind = word(bundle, "resourceType")
    if kind != "Bundle":
        found = f"one {kind}" if _TYPE.fullmatch(kind) else "no FHIR resource"
        raise ReadError(f"The file holds {found}, not a Bundle. Ask the sender for a Bundle with the person's record.")
    if word(bundle, "type") not in READ_KINDS:
        raise ReadError(
            "The Bundle is of a type that is not read. Ask for one of type " + ", ".join(sorted(READ_KINDS)) + "."
        )
