"""A random walk on the whole pathway: a case begun, and one deed at a time, or every clock that is due after a while."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from holdfast.core import commands as c
from holdfast.core.decide import Accepted
from holdfast.core.deeds import what_can_be_done
from holdfast.core.work import SYSTEM
from tests.core.asking import LIKELY, possible_command
from tests.core.cases import SHIPPED, Case, pathway_of
from tests.core.network import DARA, KIT


def begun(case: Case, random: Random) -> Case:
    """An empty case, or one with its packet and its names, so that the walk comes to where things happen."""
    if random.random() < 0.2:
        return case.opened()
    if case.pathway.id == pathway_of(SHIPPED).id:
        return case.filled()
    case.opened().do(c.FillPacket(case.packet(seal__intact="yes")), KIT)
    case.do(c.NameRole("insurer", DARA), KIT)
    return case


def one_deed(case: Case, random: Random) -> tuple[c.Command | None, bool]:
    """What was asked of the engine, and whether it was done; nothing where nobody had anything to do."""
    if random.random() < 0.25:
        case.now += timedelta(hours=random.choice((1, 6, 30)))
        command: c.Command = c.FireClocks("the worker was down")
        return command, isinstance(case.ask(command, SYSTEM), Accepted)
    actor = random.choice((*LIKELY, case.state.holder))
    offered = what_can_be_done(case.state, case.pathway, case.directory, actor, case.now)
    deeds = [deed for deed in offered if deed.allowed]
    if not deeds:
        case.now += timedelta(minutes=random.randint(0, 30))
        return None, False
    command = possible_command(case, random.choice(deeds), random)
    accepted = isinstance(case.ask(command, actor), Accepted)
    case.now += timedelta(minutes=random.randint(0, 30))
    return command, accepted
