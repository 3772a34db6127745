"""Forms: when it happened, why, and whether what was filled in is what was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, Answer, instant_of
from holdfast.core.conditions import Facts, holds
from holdfast.core.pathway import Field
from holdfast.core.refusals import Missing, Refusal
from holdfast.core.spans import elapsed
from holdfast.core.work import Refused, Work

#: Clocks of phones and servers differ by this much before "in the future" is refused.
CLOCK_SKEW = timedelta(seconds=30)
#: A date and time further away than this is a slip of the keyboard, and would be a clock that never goes.
FARTHEST = timedelta(days=3_653)
_BLANK = Answer(BLANK)


def check_occurred(work: Work, reason: Answer | None) -> bool:
    """Whether it is written up late; refuses the future, and the distant past without a reason (CON-07)."""
    if work.occurred > work.now + CLOCK_SKEW:
        raise Refused(Refusal("in_the_future", "It cannot have happened later than now. Check the date and time."))
    limit = elapsed(work.pathway.late_after)
    late = limit is not None and work.now - work.occurred > limit
    if late and (reason is None or reason.how != GIVEN):
        says = f"This happened more than {work.pathway.late_after.text} ago. Say why it is written up only now."
        raise Refused(Refusal("late_reason_missing", says, (Missing("late_reason", "Why it is written up only now"),)))
    return late


def check_reason(reason: Answer) -> None:
    """A blank is not a reason."""
    if reason.how != GIVEN:
        raise Refused(Refusal("reason_missing", "Say why, in a sentence.", (Missing("reason", "A reason", "you"),)))


def whole(work: Work, fields: Iterable[Field], answers: Mapping[str, Answer]) -> Mapping[str, Answer]:
    """The form as one whole: what is left out this time is blank, and no answer of an earlier time stands in for it."""
    stale = {f.id: _BLANK for f in fields if f.id not in answers and f.id in work.state.step_answers}
    return {**stale, **answers} if stale else answers


def check_answers(
    work: Work, fields: Iterable[Field], answers: Mapping[str, Answer], closing: str = ""
) -> Mapping[str, Answer]:
    """The form as one whole. Refuses unknown fields, answers that are not offered, and needed ones left out."""
    fields = tuple(fields)
    known = {field.id: field for field in fields}
    stray = [id for id in answers if id not in known]
    if stray:
        raise Refused(Refusal("unknown_field", f"This form has no field called {', '.join(sorted(stray))}."))
    answers = whole(work, fields, answers)
    facts: Facts = work.facts(answers, closing)
    missing = []
    for field in fields:
        answer = answers.get(field.id)
        given = answer is not None and answer.counts
        if answer is not None:
            check_answer(work, field, answer)
        if not given and holds(field.needed, facts):
            missing.append(Missing(field.id, field.ask, "you"))
    if missing:
        raise Refused(Refusal("incomplete", "Not yet complete. " + listed(missing), tuple(missing)))
    return answers


def check_answer(work: Work, field: Field, answer: Answer) -> None:
    """Refuses a code that is not offered, "none known" where it is no answer, and an instant that cannot be meant."""
    allowed = {GIVEN: True, BLANK: True, NONE_KNOWN: field.none_known, NOT_DISCLOSED: field.not_disclosed}
    codes = {option.code for option in field.options}
    offered = allowed.get(answer.how, False)
    if answer.how == GIVEN and codes:
        among = answer.value if field.kind == "codes" and isinstance(answer.value, tuple) else (answer.value,)
        offered = set(among) <= codes
    if not offered:
        choose = f"choose one of {', '.join(o.label for o in field.options)}." if codes else "this is no answer here."
        raise Refused(Refusal("not_offered", f"{field.ask}: {choose}", (Missing(field.id, field.ask, "you"),)))
    if field.kind == "instant" and answer.how == GIVEN:
        at = instant_of(answer.value)
        if at is None or abs(at - work.now) > FARTHEST:
            says = f"{field.ask}: give a date and time with its zone, within ten years. Check the year."
            raise Refused(Refusal("not_an_instant", says, (Missing(field.id, field.ask, "you"),)))


def check_role(work: Work, staff: str, role: str, ask: str, duty: str = "") -> None:
    """Refuses a person who is unknown, no longer active, or without the role, in the party's team when a duty is meant (OWN-09)."""
    person = work.directory.staff.get(staff)
    if person is None or not person.active:
        raise Refused(Refusal("not_a_person", f"{ask}: name one active person, not a team or a closed account."))
    team = work.state.parties.get(duty.partition(".")[0])
    places = (team,) if team else ()
    if role and not work.directory.has_role(staff, role, places):
        where = f" in {work.directory.teams[team].name}" if team else ""
        raise Refused(Refusal("without_authority", f"{ask}: {person.name} does not hold the role {role}{where}."))


def listed(missing: Iterable[Missing]) -> str:
    return "Still needed: " + "; ".join(item.says for item in missing) + "."
