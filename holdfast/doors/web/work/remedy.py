"""The one deed that settles a promise, found in its pathway."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from holdfast.core.pathway import Obligation, Pathway, Step
from holdfast.core.state import Promise
from holdfast.doors.web.links import case_url, deed_url


@dataclass(frozen=True, slots=True)
class Remedy:
    """Where one click leads, and what the button says."""

    url: str
    label: str


def remedy_for(case: str, promise: Promise, pathway: Pathway) -> Remedy:
    """The form that gives the evidence, the step that marks what was awaited, or the case where neither is one form."""
    spec = pathway.find_obligation(promise.kind)
    if spec is not None and spec.records:
        return Remedy(deed_url(case, "Meet", promise.id), _("Record that it is done"))
    step = _step_for(spec, pathway) if spec is not None else None
    if step is not None:
        return Remedy(deed_url(case, "TakeStep", step.id, promise.id if step.about else ""), step.title)
    return Remedy(case_url(case), _("Go to the case"))


def _step_for(spec: Obligation, pathway: Pathway) -> Step | None:
    settling = [step for step in pathway.steps if any(emission.moment in spec.met_by for emission in step.emits)]
    settling.sort(key=lambda step: step.about != spec.id)
    return next((step for step in settling if step.about in ("", spec.id)), None)
