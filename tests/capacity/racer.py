"""One process of several that want the same slot at once: `python -m tests.capacity.racer SLOT CASE...`, a thread for each case."""

from __future__ import annotations

import json
import sys
import threading

import django


def main() -> None:
    django.setup()
    from django.db import connections

    from holdfast.core.answers import RawAnswer
    from holdfast.desk.desk import Desk
    from holdfast.desk.envelope import Ask, Envelope
    from tests.installation import SENDER, START, keyring

    slot, *cases = sys.argv[1:]
    ready = threading.Barrier(len(cases))
    ended: dict[str, list[str]] = {}

    def run(case: str) -> None:
        desk = Desk(keyring(), clock=lambda: START)
        ask = Ask("TakeStep", {"step": "book-berth"}, {"berth.at": RawAnswer("given", slot)})
        ready.wait()
        try:
            outcome = desk.handle(Envelope(case, ask, SENDER, "test", f"race-{case}"))
            refusal = outcome.refusal
            ended[case] = ["booked"] if refusal is None else [refusal.code, *(m.what for m in refusal.missing)]
        except Exception as error:
            ended[case] = [type(error).__name__]
        finally:
            connections.close_all()

    sys.stdin.readline()  # all processes are let go together
    threads = [threading.Thread(target=run, args=(case,)) for case in cases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.stdout.write(json.dumps(ended))


if __name__ == "__main__":
    main()
