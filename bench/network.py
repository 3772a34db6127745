"""The installation that pages are measured on: one team with all the work of a lead, and other organisations beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.installation import Case, Installation

#: How many other organisations there are, each with a team that sends and one that receives.
ELSEWHERE = 7


def stage() -> Installation:
    """The installation of the tests, published, with Lee as lead of one team only and able to sign in."""
    from holdfast.core.parties import Duty, Organisation, Staff, Team
    from holdfast.desk import office
    from holdfast.directory.models import Account
    from holdfast.directory.snapshot import current_version, load
    from tests.installation import LEAD, Installation

    house = Installation().set_up()
    hours = load(current_version()).teams["north"].calendar
    lee = Staff(
        LEAD,
        "Lee",
        "community",
        frozenset({("north", "lead")}),
        email="lee@example.org",
        day="555-0100",
        night="555-0101",
    )
    added: list[Any] = [lee]
    for n in range(ELSEWHERE):
        sends, receives, staff = f"sender{n}", f"receiver{n}", f"staff{n}"
        may = {
            (receives, role)
            for role in ("intake", "lead", "decision-maker", "supervisor", "clinician", "duty-clinician")
        }
        roles = frozenset({*may, (sends, "coordinator"), (sends, "supervisor"), (sends, "duty-clinician")})
        address, duty = f"{staff}@example.org", (Duty("duty-clinician", staff), Duty("supervisor", staff))
        added += [
            Organisation(f"trust{n}", f"Trust {n}", staff),
            Staff(staff, f"Staff {n}", f"trust{n}", roles, email=address, day="555-0100", night="555-0101"),
            Team(sends, f"Sender {n}", f"trust{n}", hours, duty, address=address),
            Team(receives, f"Receiver {n}", f"trust{n}", hours, duty, address=address),
        ]
    house.change_directory(*added)
    office.the_desk = lambda: house.desk  # type: ignore[assignment]
    Account.objects.create_account(LEAD, LEAD, "not-used-here")
    return house


def elsewhere(house: Installation, number: int) -> Case:
    """An accepted case of one of the other organisations, which the lead has no business with."""
    import uuid

    from tests.installation import PATHWAY, Case, packet

    staff = f"staff{number}"
    case = Case(house, "case:" + uuid.UUID(int=house.chance.getrandbits(128)).hex, house.person())
    parties = {"sender": f"sender{number}", "receiver": f"receiver{number}"}
    case.does("OpenCase", staff, case=case.id, pathway=PATHWAY, subject=case.person, parties=parties, holder=staff)
    case.does("FillPacket", staff, packet())
    for named in ("decision-maker", "medication-continuity", "first-appointment-missed"):
        case.does("NameRole", staff, named=named, staff=staff)
    case.step("send", staff)
    case.accept(staff, staff)
    return case
