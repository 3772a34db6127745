"""Whether one resource keeps to FHIR, asked resource by resource so that a single bad one does not cost the rest."""

from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.encounter import Encounter
from fhir.resources.R4B.medicationrequest import MedicationRequest
from fhir.resources.R4B.medicationstatement import MedicationStatement
from pydantic import BaseModel

from holdfast.core.arrivals import Tally
from holdfast.doors.fhir.shapes import Json

# R4B has the shape of R4 for these four types.
_MODELS: dict[str, type[BaseModel]] = {
    "Condition": Condition,
    "Encounter": Encounter,
    "MedicationRequest": MedicationRequest,
    "MedicationStatement": MedicationStatement,
}
CHECKS_AT_MOST = 1_000  # a second or two of work at the very worst, so that a hostile file cannot hold a worker


class Validity:
    """Checks resources of one file, up to a bound, and counts those that fail."""

    def __init__(self, tally: Tally) -> None:
        self._tally = tally
        self._left = CHECKS_AT_MOST
        self._known: dict[int, bool] = {}

    def passes(self, resource: Json) -> bool:
        """Whether `resource` (one of the four types above) is valid; counted as unused where it is not."""
        if id(resource) not in self._known:
            self._known[id(resource)] = self._check(resource)
        return self._known[id(resource)]

    def _check(self, resource: Json) -> bool:
        kind = str(resource["resourceType"])
        if self._left == 0:
            self._tally.add(kind, f"is beyond the {CHECKS_AT_MOST} resources that are checked in one file")
            return False
        self._left -= 1
        try:
            _MODELS[kind].model_validate(resource)
        except Exception:  # the library raises many kinds, with the values in them
            self._tally.add(kind, "is not valid FHIR R4")
            return False
        return True
