"""From values of the lower rooms to the shapes of the API."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote

from holdfast.core.answers import Answer
from holdfast.core.begun_events import Item
from holdfast.core.conditions import ALWAYS, NEVER
from holdfast.core.deeds import Deed, what_can_be_done
from holdfast.core.facts import missing_fields, scores_of
from holdfast.core.parties import Directory, Team
from holdfast.core.pathway import Field, Pathway
from holdfast.core.refusals import Refusal
from holdfast.core.state import Promise
from holdfast.desk.leads import find_lead
from holdfast.doors.api.beside import bare, item_out, kin_out
from holdfast.doors.api.caller import Caller
from holdfast.doors.web.cards import names_of
from holdfast.doors.web.casepages.everybody import everybody
from holdfast.doors.web.casepages.withheld import sharing_of
from holdfast.pathways.editions import get_edition
from holdfast.worklists.casefile import Casefile
from holdfast.worklists.following import came_after, came_before
from holdfast.worklists.kin import Kin, came_from, led_to
from holdfast.worklists.models import Called, CaseRow, Promised
from holdfast.worklists.owing import Owing
from holdfast.worklists.rows import stage_of

Plain = dict[str, Any]


def staff_out(id: str, directory: Directory) -> Plain:
    known = directory.staff.get(id)
    if known is None:
        return {"id": id, "name": id, "day": "", "night": ""}
    return {"id": id, "name": known.name, "day": known.day, "night": known.night}


def lead_out(person: str, directory: Directory) -> Plain | None:
    """The one plan holder of the person, while any of their cases is open."""
    lead = find_lead(person)
    return staff_out(lead.staff, directory) if lead is not None else None


def team_out(id: str, directory: Directory) -> Plain:
    known: Team | None = directory.teams.get(id)
    if known is None:
        return {"id": id, "name": id, "organisation": "", "external": False, "phone": "", "zone": "UTC"}
    organisation = directory.organisations[known.organisation].name
    return {
        "id": id,
        "name": known.name,
        "organisation": organisation,
        "external": known.external,
        "phone": known.phone,
        "zone": known.calendar.zone,
    }


def refusal_out(refusal: Refusal | None) -> Plain | None:
    if refusal is None:
        return None
    missing = [{"what": m.what, "says": m.says, "supplied_by": m.supplied_by} for m in refusal.missing]
    return {"code": refusal.code, "says": refusal.says, "missing": missing, "instead": list(refusal.instead)}


def question_out(field: Field) -> Plain:
    needed = "always" if field.needed == ALWAYS else "never" if field.needed == NEVER else "depends"
    return {
        "id": field.id,
        "kind": field.kind,
        "ask": field.ask,
        "hint": field.hint,
        "options": [{"code": o.code, "label": o.label} for o in field.options],
        "columns": [{"id": c.id, "label": c.label, "needed": c.needed} for c in field.columns],
        "none_known": field.none_known,
        "not_disclosed": field.not_disclosed,
        "role": field.role,
        "needed": needed,
    }


def answer_out(answer: Answer | None, file: Casefile) -> Plain | None:
    if answer is None:
        return None
    return {
        "how": answer.how,
        "value": file.value(answer),
        "true_at": answer.true_at,
        "by": answer.by,
        "unconfirmed": answer.unconfirmed,
        "source": answer.source,
        "erased": file.erased(answer),
        "damaged": file.damaged(answer),
    }


def packet_out(file: Casefile, directory: Directory) -> Plain:
    state = file.state
    missing = {field.id for field in missing_fields(state, file.pathway, directory)}
    fields = [
        {
            **question_out(field),
            "section": section.id,
            "missing": field.id in missing,
            "answer": answer_out(state.packet.get(field.id), file),
        }
        for section in file.pathway.packet
        for field in section.fields
    ]
    return {
        "version": state.packet_version,
        "complete": not missing,
        "changed": sorted(state.packet_changed),
        "fields": fields,
    }


def promise_out(promise: Promise, pathway: Pathway, items: Mapping[str, Item]) -> Plain:
    spec = pathway.find_obligation(promise.kind)
    names = ("id", "kind", "status", "owner", "owed_by", "started_by", "started", "due", "rule", "zone", "rings")
    more = ("rung", "tier", "about", "held_by", "breached", "ended")
    plain = {name: getattr(promise, name) for name in (*names, *more)}
    return {
        **plain,
        "owed": spec.owed if spec else promise.kind,
        "task": bool(spec and spec.task),
        "item": item_out(items.get(promise.about)),
    }


def deed_out(deed: Deed, file: Casefile) -> Plain:
    target = f"/{quote(deed.target, safe='')}" if deed.target else ""
    about = file.state.promises.get(deed.about)
    shown = {id: file.value(file.state.packet.get(id)) for id in deed.shows}
    return {
        "command": deed.command,
        "target": deed.target,
        "title": deed.title,
        "says": deed.says,
        "about": deed.about,
        "item": item_out(file.state.items.get(about.about) if about else None),
        "allowed": deed.allowed,
        "urgent": deed.urgent,
        "override": deed.override,
        "refusal": refusal_out(deed.refusal),
        "fields": [question_out(field) for field in deed.fields],
        "shows": shown,
        "href": f"/api/v1/cases/{bare(file.state.case)}/deeds/{deed.command}{target}",
    }


def case_out(file: Casefile, caller: Caller) -> Plain:
    state, pathway, directory = file.state, file.pathway, caller.directory
    owed = state.owed()
    deeds = what_can_be_done(state, pathway, directory, caller.staff, caller.now)
    looks = caller.viewer, directory, state, caller.now
    origin = came_from(*looks)
    return {
        "case": bare(state.case),
        "number": file.number,
        "pathway": pathway.id,
        "title": pathway.title,
        "edition": pathway.digest,
        "status": state.status,
        "stage": stage_of(state, pathway),
        "endpoint": state.endpoint,
        "tier": state.tier,
        "tier_by": state.tier_by,
        "person": {"id": state.subject, "name": names_of([state.subject])[state.subject]},
        "holder": staff_out(state.holder, directory),
        "lead": lead_out(state.subject, directory),
        "parties": {party: team_out(team, directory) for party, team in state.parties.items()},
        "offered": {party: dict(teams) for party, teams in state.offered.items()},
        "named": {
            n.id: staff_out(state.named[n.id], directory) if n.id in state.named else None for n in pathway.named
        },
        "everybody": [
            {"who": one.who, "does": one.does, "accountable": one.accountable} for one in everybody(file, directory)
        ],
        "opened": state.opened,
        "window_ends": state.window_ends,
        "states": [
            {"title": title, "moment": moment, "at": state.moments[moment].first if moment in state.moments else None}
            for title, moment in pathway.states.items()
        ],
        "next_due": promise_out(owed[0], pathway, state.items) if owed else None,
        "promises": [
            promise_out(p, pathway, state.items) for p in sorted(state.promises.values(), key=lambda p: (p.due, p.id))
        ],
        "deeds": [deed_out(deed, file) for deed in deeds],
        "packet": packet_out(file, directory),
        "scores": [{"title": title, "sum": total} for title, total in scores_of(state, pathway, directory)],
        "came_from": kin_out(origin) if origin else None,
        "led_to": [kin_out(one) for one in led_to(*looks)],
        "soon_after": [kin_out(Kin(row, get_edition(row.edition).title)) for row in came_before(*looks)],
        "soon_followed_by": [kin_out(one.kin) for one in came_after(*looks)],
        "sharing": sharing_of(state.case, state, pathway, directory),
        "emergency": pathway.emergency,
    }


def case_lines(rows: Iterable[CaseRow]) -> list[Plain]:
    rows = list(rows)
    names = names_of({row.subject for row in rows})
    return [
        {
            "case": bare(row.case),
            "pathway": row.pathway,
            "person": {"id": row.subject, "name": names[row.subject]},
            "status": row.status,
            "tier": row.tier,
            "stage": row.stage,
            "holder": row.holder,
            "endpoint": row.endpoint,
            "opened": row.opened_at,
            "window_ends": row.window_ends,
            "next_ring": row.next_ring,
        }
        for row in rows
    ]


def work_lines(rows: Iterable[Promised | Owing]) -> list[Plain]:
    """Three queries more than the rows, however many there are."""
    rows = list(rows)
    cases: Mapping[str, CaseRow] = CaseRow.objects.in_bulk([row.case for row in rows])
    names = names_of({case.subject for case in cases.values()})
    return [_work_line(row, cases[row.case], names) for row in rows if row.case in cases]


def call_lines(rows: Iterable[Called]) -> list[Plain]:
    """Each with the line of work it is about; one that was settled meanwhile is left out."""
    rows = list(rows)
    about = Promised.objects.filter(case__in={row.case for row in rows}, promise__in={row.promise for row in rows})
    owed = {(promised.case, promised.promise): promised for promised in about}
    found = [(row, owed[row.case, row.promise]) for row in rows if (row.case, row.promise) in owed]
    lines = work_lines(promised for _, promised in found)
    return [
        {"called": row.staff, "role": row.role, "because": row.because, "at": row.at, "work": line}
        for (row, _), line in zip(found, lines, strict=True)
    ]


def _work_line(row: Promised | Owing, case: CaseRow, names: Mapping[str, str]) -> Plain:
    spec = get_edition(case.edition).find_obligation(row.kind)
    return {
        "case": bare(row.case),
        "person": {"id": case.subject, "name": names[case.subject]},
        "promise": row.promise,
        "kind": row.kind,
        "owed": spec.owed if spec else row.kind,
        "status": row.status,
        "owner": row.owner,
        "team": row.team,
        "due": row.due_at,
        "rings": row.rings,
        "rung": row.rung,
        "tier": case.tier,
        "started_by": row.started_by,
        "task": row.task,
    }
