"""The page on which anybody writes a new edition, has it proved, and proposes it."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.contrib import messages as notes
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_http_methods

from holdfast.core.pathway import Pathway
from holdfast.desk import office
from holdfast.desk.proposals import find_proposal, published_text, text_of
from holdfast.desk.proposing import NOT_TO_PROPOSE, propose_edition
from holdfast.doors.web.pathways.marked import marked
from holdfast.doors.web.pathways.proved import Found, Property, faults_found, proved_now
from holdfast.doors.web.pathways.shown import changes
from holdfast.doors.web.viewer import seen
from holdfast.pathways.editions import UnknownEdition, latest_edition
from holdfast.pathways.fault import PathwayFaults
from holdfast.pathways.load import questions
from holdfast.pathways.proving import IN_A_REQUEST, ProofBusy, prove
from holdfast.pathways.words import in_words

DOOR = "web"
BUSY = _lazy(
    "Another file is being checked now, and one is checked at a time. Nothing you wrote is lost: press it again in half a minute."
)
#: The largest file that is read, in bytes: some ten times the longest one that is shipped.
MOST = 500_000


@dataclass(slots=True)
class Checked:
    """What came of a text. ``faults`` stop it at once; without them ``proof`` says what holds, and ``changes`` what would change;
    ``words`` tells a pathway that is not published here yet."""

    faults: list[Found] = field(default_factory=list)
    asked: list[Found] = field(default_factory=list)
    proof: list[Property] = field(default_factory=list)
    stands: bool = False
    title: str = ""
    new: bool = False
    same: bool = False
    changes: list[tuple[str, list[str]]] = field(default_factory=list)
    words: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def propose(request: HttpRequest) -> HttpResponse:
    """GET begins with the text of what is there; POST checks it or proposes it, and nothing that was written is lost."""
    look, checked, error = seen(request), None, ""
    if not look.decides():
        raise PermissionDenied(NOT_TO_PROPOSE)
    if request.method == "POST":
        text, error = _sent(request)
        if not error and "propose" in request.POST:
            try:
                outcome = propose_edition(office.the_desk(), text, look.viewer.staff, DOOR, IN_A_REQUEST)
            except PathwayFaults:
                checked, error = _checked(text)
            except ProofBusy:
                error = str(BUSY)
            else:
                if outcome.refusal is None:
                    notes.success(request, _("Proposed. A second person now decides on it."))
                    return redirect("pathway-proposal", outcome.stream.partition(":")[2], outcome.number)
                checked, error = _checked(text)[0], outcome.refusal.says
        elif not error:
            checked, error = _checked(text)
    else:
        text = _beginning(request)
    context = {"text": text, "checked": checked, "error": error, "errors": _errors(checked, error)}
    return render(request, "pathways/propose.html", context, status=422 if context["errors"] else 200)


def _checked(text: str) -> tuple[Checked | None, str]:
    try:
        return check(text), ""
    except ProofBusy:
        return None, str(BUSY)


def check(text: str) -> Checked:
    """The faults of a text, or else its proof and what it would change. A proof takes seconds. Raises ``ProofBusy``."""
    try:
        asked = faults_found(questions(text), text)
        proof = prove(text, IN_A_REQUEST)
    except PathwayFaults as faults:
        return Checked(faults_found(faults.faults, text))
    pathway, before = proof.pathway, _current(proof.pathway.id)
    found = Checked([], asked, proved_now(proof, text), proof.verdict.stands, pathway.title)
    if before is None:
        found.new, found.words = True, marked(in_words(pathway), 1)
    else:
        found.same, found.changes = before.digest == pathway.digest, changes(before, pathway)
    return found


def _current(pathway: str) -> Pathway | None:
    try:
        return latest_edition(pathway)
    except UnknownEdition:
        return None


def _sent(request: HttpRequest) -> tuple[str, str]:
    """The text of the chosen file, or else what was written; and what is wrong with how it was sent."""
    written, chosen = request.POST.get("text", "").replace("\r\n", "\n"), request.FILES.get("file")
    if (chosen is not None and chosen.size and chosen.size > MOST) or len(written) > MOST:
        return written[:MOST], _("The file is too large: a pathway has no more than %(n)s bytes.") % {"n": MOST}
    if chosen is not None:
        try:
            return chosen.read().decode("utf-8-sig").replace("\r\n", "\n"), ""
        except UnicodeDecodeError:
            return written, _("The file is not text in UTF-8. Save it as plain text, or paste the text below.")
    return written, "" if written.strip() else _("Choose a file, or write or paste the text.")


def _errors(checked: Checked | None, error: str) -> list[dict[str, str]]:
    found = [{"id": "", "message": error}] if error else []
    if checked is not None and checked.faults:
        found.append({"id": "faults", "message": _("The file has faults. Nothing was proposed.")})
    elif checked is not None and not checked.stands:
        found.append({"id": "proof", "message": _("Not everything could be proved. Nothing was proposed.")})
    return found


def _beginning(request: HttpRequest) -> str:
    """The current text of a pathway, or that of an earlier proposal; nothing for a new one. Raises Http404."""
    pathway, number = request.GET.get("from", ""), request.GET.get("proposal", "")
    if not pathway:
        return ""
    if "\x00" in pathway:
        raise Http404
    if number:
        if not number.isdecimal() or len(number) > 9 or find_proposal(pathway, int(number)) is None:
            raise Http404
        return text_of(pathway, int(number))
    current = _current(pathway)
    if current is None:
        raise Http404
    return published_text(pathway, current.digest) or ""
