"""What happened, in plain words: one table of sentences, one for each kind of event."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from holdfast.core import events as e
from holdfast.core.answers import Answer
from holdfast.core.phrases import listed, spaced
from holdfast.doors.web.casepages.naming import Naming
from holdfast.doors.web.templatetags.times import span_words

#: How many fields of a draft are named before the rest is counted.
FEW = 4


def _answers(say: Naming, answers: Mapping[str, Answer]) -> str:
    """The answers in the order of their form; what was left blank is left out."""
    order = {id: place for place, id in enumerate(say.phrases.answers)}
    given = sorted(answers.items(), key=lambda item: order.get(item[0], len(order)))
    fields = [(say.field(id), answer) for id, answer in given if answer.how != "blank"]
    return "; ".join(f"{field.ask}: {say.said(field, answer)}" for field, answer in fields if field is not None)


def _with(line: str, more: str) -> str:
    return f"{line}. {more}" if more else line


def _moved(x: e.HolderMoved, say: Naming) -> str:
    return _("%(who)s became accountable") % {"who": say.staff_at(x.to)}


def _filled(x: e.PacketFilled, say: Naming) -> str:
    names = [say.asked(id) for id in x.fields]
    rest = len(names) - FEW
    more = ngettext("%(n)d more answer", "%(n)d more answers", rest) % {"n": rest}
    shown = [*names[:FEW], more] if rest > 0 else names
    return _("Packet draft saved: %(what)s") % {"what": listed(shown)}


def _sent(x: e.PacketSent, say: Naming) -> str:
    line = _("Version %(n)d of the packet fixed for sending") % {"n": x.version}
    if x.changed and x.version > 1:
        line = _with(line, _("Changed: %(what)s") % {"what": listed([say.asked(id) for id in x.changed])})
    if x.missing:
        line = _with(line, _("Provisional: without %(what)s") % {"what": listed([say.asked(id) for id in x.missing])})
    return line


def _tier(x: e.TierSet, say: Naming) -> str:
    if x.by == "rule":
        why = listed([say.fact(line) for line in x.because]) or _("no rule for a more acute tier applies")
        return _("Tier %(tier)s, by rule: %(why)s") % {"tier": say.tier(x.tier), "why": why}
    words = {"tier": say.tier(x.tier), "was": say.tier(x.was), "who": say.staff(x.by), "why": say.text(x.reason)}
    return _("Tier changed from %(was)s to %(tier)s by %(who)s: %(why)s") % words


def _step(x: e.StepTaken, say: Naming) -> str:
    step = say.pathway.find_step(x.step)
    line = _with(step.title if step else spaced(x.step), _answers(say, x.answers))
    return _with(line, _("Why late: %(why)s") % {"why": say.text(x.late_reason)}) if x.late_reason else line


def _owed(x: e.ObligationOpened, say: Naming) -> str:
    words = {"what": say.owed(x.kind), "who": say.staff(x.owner), "due": say.at(x.due)}
    return _with(_("Now owed by %(who)s, due %(due)s: %(what)s") % words, _alarm(x.alarm))


def _alarm(alarm: str) -> str:
    return _("Alarm: %(what)s") % {"what": alarm} if alarm else ""


def _met(x: e.ObligationMet, say: Naming) -> str:
    ways = {
        "met": _("Met in time"),
        "met-late": _("Met %(late)s late") % {"late": span_words(timedelta(seconds=x.late_by))},
        "annulled": _("Met in time, and written up after the clock ran out"),
    }
    return _with(f"{ways.get(x.how, spaced(x.how))}: {say.promise(x.id)}", _answers(say, x.answers))


def _waived(x: e.ObligationWaived, say: Naming) -> str:
    way = _("Does not apply") if x.how == "not-applicable" else _("Signed off")
    return f"{way}: {say.promise(x.id)}. {say.text(x.reason)}"


def _breached(x: e.ObligationBreached, say: Naming) -> str:
    line = _("Not done by %(due)s: %(what)s") % {"due": say.at(x.due), "what": say.promise(x.id)}
    if not x.why_late:
        return line
    late = {"late": span_words(timedelta(seconds=x.late_by)), "why": x.why_late}
    return _with(line, _("Noticed %(late)s after that: %(why)s") % late)


def _rung(x: e.RungFired, say: Naming) -> str:
    words = {"who": say.staff_at(x.told), "what": say.promise(x.id), "why": say.moment(x.because)}
    line = _("%(who)s called on about “%(what)s”: %(why)s") % words
    return _with(line, _alarm(x.alarm))


def _held(x: e.LadderHeld, say: Naming) -> str:
    words = {"who": say.staff(x.by), "what": say.promise(x.id), "at": say.at(x.climbs)}
    return _("%(who)s is on it: %(what)s. Without a deed it climbs on at %(at)s") % words


def _retimed(x: e.ObligationRetimed, say: Naming) -> str:
    words = {"what": say.promise(x.id), "due": say.at(x.due), "why": x.because}
    return _("New time, %(due)s: %(what)s (%(why)s)") % words


def _issued(x: e.NoticeIssued, say: Naming) -> str:
    what = say.notice(x.notice, x.about)
    line = _("Message queued for %(who)s") % {"who": say.someone(x.to)}
    return _("%(line)s, about “%(what)s”") % {"line": line, "what": what} if what else line


def _failed(x: e.NoticeFailed, say: Naming) -> str:
    return _("A message could not be delivered by %(channel)s (%(code)s)") % {"channel": x.channel, "code": x.code}


def _overridden(x: e.GateOverridden, say: Naming) -> str:
    gates = listed([say.pathway.gate_says(id) for id in x.gates])
    return _("Done past what was missing (%(gates)s): %(why)s") % {"gates": gates, "why": say.text(x.reason)}


def _asked(x: e.OverrideAsked, say: Naming) -> str:
    gates = listed([say.pathway.gate_says(id) for id in x.gates])
    words = {"gates": gates, "why": say.text(x.reason)}
    return _("A supervisor asked to sign off going on without: %(gates)s. Reason: %(why)s") % words


def _closed(x: e.CaseClosed, say: Naming) -> str:
    endpoint = say.pathway.find_endpoint(x.endpoint)
    line = _("Closed as: %(end)s") % {"end": endpoint.title if endpoint else x.endpoint}
    return _with(line, _answers(say, x.answers))


def _named(x: e.RoleNamed, say: Naming) -> str:
    named = say.pathway.find_named(x.named)
    return f"{named.ask if named else spaced(x.named)}: {say.staff_at(x.staff)}"


#: None: of no use to a reader, because another event of the same entry says it.
SENTENCES: Mapping[type, Callable[[Any, Naming], str] | None] = {
    e.CaseOpened: lambda x, say: _("Case opened: %(what)s") % {"what": say.pathway.title},
    e.HolderMoved: _moved,
    e.DutyAssigned: lambda x, say: (
        _("%(who)s is now %(duty)s") % {"who": say.staff_at(x.staff), "duty": say.phrases.who(x.duty)}
    ),
    e.PartyChosen: lambda x, say: (
        _("%(team)s chosen as %(party)s") % {"team": say.team(x.team), "party": say.pathway.get_party(x.party).title}
    ),
    e.OffersMade: lambda x, say: _("Offered to: %(teams)s") % {"teams": listed([say.team(team) for team in x.teams])},
    e.OfferTaken: lambda x, say: _("%(team)s was the first to accept") % {"team": say.team(x.team)},
    e.OfferDeclined: lambda x, say: _("%(team)s said no") % {"team": say.team(x.team)},
    e.OfferWithdrawn: lambda x, say: _("No longer asked: %(team)s") % {"team": say.team(x.team)},
    e.RoleNamed: _named,
    e.PacketFilled: _filled,
    e.PacketSent: _sent,
    e.TierSet: _tier,
    e.StepTaken: _step,
    e.MomentMarked: None,
    e.MomentsForgotten: lambda x, say: (
        _("Must happen again: %(what)s") % {"what": listed([say.moment(moment) for moment in x.moments])}
    ),
    e.ObligationOpened: _owed,
    e.ObligationRetimed: _retimed,
    e.ObligationMet: _met,
    e.ObligationWaived: _waived,
    e.ObligationStopped: lambda x, say: (
        _("No longer owed: %(what)s (%(why)s)") % {"what": say.promise(x.id), "why": x.because}
    ),
    e.ObligationBreached: _breached,
    e.RungFired: _rung,
    e.LadderHeld: _held,
    e.OwnerMoved: lambda x, say: (
        _("Now owed by %(who)s: %(what)s (%(why)s)")
        % {"who": say.staff_at(x.to), "what": say.promise(x.id), "why": x.why}
    ),
    e.NoticeIssued: _issued,
    e.NoticeSent: lambda x, say: _("The channel (%(channel)s) took a message") % {"channel": x.channel},
    e.NoticeFailed: _failed,
    e.GateOverridden: _overridden,
    e.OverrideAsked: _asked,
    e.CaseClosed: _closed,
    e.WindowEnded: lambda x, say: _("The last day for which somebody had to be accountable is over"),
    e.CaseReopened: lambda x, say: _("Case reopened: %(why)s") % {"why": say.text(x.reason)},
    e.EditionMoved: lambda x, say: _("Moved to another edition of the pathway: %(why)s") % {"why": say.text(x.reason)},
    e.WindowArmed: None,
    e.CaseBegun: lambda x, say: _("Another case begun from here: %(what)s") % {"what": say.other(x.pathway)},
    e.ItemTakenUp: lambda x, say: _("To be settled, from another case: %(what)s") % {"what": x.item.owed},
    e.ObligationSettled: lambda x, say: (
        _("Settled from another case by %(who)s (%(how)s): %(what)s")
        % {"who": say.staff_at(x.by), "how": spaced(x.how), "what": say.promise(x.id)}
    ),
    e.SlotTaken: lambda x, say: _("A reserved time was booked"),
    e.WaitBegun: lambda x, say: _("Waiting for a reserved time to come free"),
    e.SlotProposed: lambda x, say: _("A reserved time was offered by itself"),
    e.SlotForgone: lambda x, say: _("The offered time was not taken; it goes to the next in line"),
    e.AskDropped: lambda x, say: (
        _("Another case could not be told or opened (%(what)s): %(why)s")
        % {"what": spaced(x.what), "why": spaced(x.code)}
    ),
}


def sentence(event: e.Event, say: Naming) -> str:
    """The event in words, "" when another of its entry says it. Raises KeyError for a kind nobody wrote a sentence for."""
    speak = SENTENCES[type(event)]
    return speak(event, say) if speak else ""
