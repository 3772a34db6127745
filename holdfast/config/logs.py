"""Log lines that name nobody: no address of a request, and of a fault its kind and place but not its own words."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType

_Fault = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NoAddresses(logging.Filter):
    """For lines about requests: a path can hold a link's token or say whose case was looked at."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the line through, without its paths."""
        if isinstance(record.args, tuple):
            record.args = tuple("an address" if isinstance(a, str) and a.startswith("/") else a for a in record.args)
        return True


class Discreet(logging.Formatter):
    """Shows where a fault arose. What a database says of it can quote the row that it would not take."""

    def formatException(self, ei: _Fault) -> str:
        """The frames and the kinds of a fault and of those that led to it, latest first."""
        shown, fault = [], ei[1]
        while fault is not None:
            shown += [*traceback.format_tb(fault.__traceback__), f"{type(fault).__name__}\n"]
            fault = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
        return "".join(shown).rstrip()
