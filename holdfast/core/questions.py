"""Questions as a pathway asks them: fields of the packet and of forms, with their kinds, choices and columns."""

from __future__ import annotations

from dataclasses import dataclass

from holdfast.core.conditions import ALWAYS, Condition

#: Kinds whose values stay clear in the record, so that conditions may read them.
CLEAR_KINDS = frozenset({"code", "codes", "flag", "date", "instant", "number", "staff", "team", "teams", "slot"})
#: Kinds whose values are sealed: only that they were answered, and how, stays clear.
SEALED_KINDS = frozenset({"text", "list", "identity", "phone"})


@dataclass(frozen=True, slots=True)
class Option:
    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list field; ``needed`` means that a row without it is not accepted."""

    id: str
    label: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Field:
    """One question: of the packet, or of a step's form. Ids are stable across editions.

    A slot is chosen from the ``pool`` (a kind, such as ``step-up``) of the team that is party ``of``."""

    id: str
    kind: str
    ask: str
    hint: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Column, ...] = ()
    needed: Condition = ALWAYS
    none_known: bool = False
    not_disclosed: bool = False
    role: str = ""
    labels: tuple[str, ...] = ()
    summary: bool = True
    pool: str = ""
    of: str = ""

    @property
    def sealed(self) -> bool:
        return self.kind in SEALED_KINDS


@dataclass(frozen=True, slots=True)
class Section:
    id: str
    title: str
    fields: tuple[Field, ...]
