"""Nine kinds of tampering with a stored ledger by raw SQL, from clumsy to thorough.

Thorough means: with the whole database in hand, everything in it is made to agree again. Only a checkpoint kept outside tells.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from holdfast.ledger.canonical import canonical
from holdfast.ledger.chain import digest
from holdfast.ledger.checkpoint import NO_PREVIOUS, Checkpoint, digest_of, key_id, sign, verify
from holdfast.ledger.log import Frontier, entry_leaf
from tests.faults.owned import Leaf, Owned

INTRUDER = Ed25519PrivateKey.from_private_bytes(b"intruder" + b"\0" * 24)
Named = tuple[str, int] | None
"""The entry that the first fault must name; None where all of the database agrees again and only a range can be named."""


def target(owned: Owned, chance: random.Random, least: int = 1) -> tuple[str, int]:
    """An entry under the last checkpoint, in a stream with at least so many entries there."""
    wide = {stream for _, stream, number, _ in owned.covered if number >= least}
    return chance.choice([(stream, number) for _, stream, number, _ in owned.covered if stream in wide])


def place_of(owned: Owned, stream: str, number: int) -> int:
    return next(place for place, leaf in enumerate(owned.leaves) if leaf[1:3] == (stream, number))


def edit(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """A word of an entry, a bit of it, its digest, its leaf, its head, or an edition that cases run on."""
    stream, number = target(owned, chance)
    claimed, body = owned.row(stream, number)
    fields = owned.bodies(stream)[number - 1]
    invented = f"somebody-{chance.random()}"
    changed = canonical({**fields, chance.choice(["actor", "recorded", "events"]): invented})
    way = chance.randrange(6)
    if way == 0:
        owned.put(stream, number, chance.choice([claimed, digest(changed)]), changed)
    elif way == 1:
        place = chance.randrange(len(body))
        flipped = body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]
        owned.put(stream, number, chance.choice([claimed, digest(flipped)]), flipped)
    elif way == 2:
        owned.put(stream, number, digest(changed), changed)
        owned.relog(stream)
        return None
    elif way == 3:
        owned.sql("UPDATE ledger_leaf SET digest = %s WHERE stream = %s AND number = %s", "0" * 64, stream, number)
    elif way == 4:
        ((last,),) = owned.sql("SELECT number FROM ledger_head WHERE stream = %s", stream)
        owned.move_head(stream, last, digest(changed))
        return stream, last
    else:
        ((pathway, text),) = owned.sql("SELECT pathway, body FROM pathway_edition LIMIT 1")
        owned.sql("UPDATE pathway_edition SET body = %s", bytes(text) + b" ")
        return f"pathway:{pathway}", 0
    return stream, number


def delete(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """One entry, with or without closing the gap; a leaf of the log; or a whole stream with every trace of it."""
    stream, number = target(owned, chance)
    way = chance.randrange(5)
    if way == 0:
        owned.sql("DELETE FROM ledger_entry WHERE stream = %s AND number = %s", stream, number)
        return stream, number
    if way == 3:
        owned.sql('DELETE FROM ledger_leaf WHERE "index" = %s', place_of(owned, stream, number))
        return None
    bodies = owned.bodies(stream)
    del bodies[number - 1]
    owned.write(stream, [] if way == 4 else bodies)
    if way == 1:
        return stream, number
    owned.relog(stream)
    return None


def swap(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """Two entries of one stream, of two streams, or two leaves of the log change places."""
    stream, _ = target(owned, chance, least=2)
    last = max(number for _, name, number, _ in owned.covered if name == stream)
    first, second = sorted(chance.sample(range(1, last + 1), 2))
    way = chance.randrange(4)
    if way == 0:
        one, other = owned.row(stream, first), owned.row(stream, second)
        owned.put(stream, first, *other)
        owned.put(stream, second, *one)
        return stream, first
    if way == 1:
        there = chance.choice([leaf for leaf in owned.covered if leaf[1] != stream])
        one, other = owned.row(stream, first), owned.row(there[1], there[2])
        owned.put(stream, first, *other)
        owned.put(there[1], there[2], *one)
        return min([(stream, first), there[1:3]], key=lambda entry: place_of(owned, *entry))
    if way == 2:
        log = list(owned.leaves)
        a, b = chance.sample(range(owned.sizes[-1]), 2)
        log[a], log[b] = log[b], log[a]
        owned.log(log)
        return None
    bodies = owned.bodies(stream)
    bodies[first - 1], bodies[second - 1] = bodies[second - 1], bodies[first - 1]
    owned.write(stream, bodies)
    owned.relog(stream)
    return None


def truncate(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """The end of a stream, with or without its head and leaves, or the end of the log."""
    stream, number = target(owned, chance, least=2)
    number = max(number, 2)
    way = chance.randrange(4)
    if way == 0:
        owned.sql("DELETE FROM ledger_entry WHERE stream = %s AND number >= %s", stream, number)
        return stream, number
    if way == 3:
        owned.log(owned.leaves[: chance.randrange(owned.sizes[-1])])
        return None
    owned.write(stream, owned.bodies(stream)[: number - 1])
    if way == 1:
        return stream, number
    owned.relog(stream)
    return None


def insert(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """An invented entry beside another, between two, after the last, or as a stream of its own."""
    stream, number = target(owned, chance)
    bodies = owned.bodies(stream)
    made = {**bodies[number - 1], "actor": f"invented-{chance.random()}"}
    way = chance.randrange(5)
    if way == 0:
        owned.add(stream, number, digest(canonical(made)), canonical(made))
        return stream, number
    if way == 1:
        end = {**made, "number": len(bodies) + 1, "prev": owned.row(stream, len(bodies))[0]}
        owned.add(stream, len(bodies) + 1, digest(canonical(end)), canonical(end))
        return stream, len(bodies) + 1
    if way == 4:
        columns = "kind, number, digest, recorded_at, edition, engine, state, holder"
        name = f"case:{chance.getrandbits(128):032x}"
        copied = f"INSERT INTO ledger_head (stream, {columns}) SELECT %s, {columns} FROM ledger_head WHERE stream = %s"
        owned.sql(copied, name, stream)
        owned.write(name, [made])
        log = list(owned.leaves)
        log.insert(chance.randrange(owned.sizes[-1]), (0, name, 1, ""))
        owned.relog(name, log)
        return None
    owned.write(stream, [*bodies[: number - 1], made, *bodies[number - 1 :]])
    if way == 2:
        return stream, number
    log = list(owned.leaves)
    log.insert(place_of(owned, stream, number), (0, stream, number, ""))
    owned.relog(stream, log)
    return None


def rechain(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """An entry told otherwise, and all that follows chained to it anew; with the log as well, or without."""
    stream, number = target(owned, chance)
    bodies = owned.bodies(stream)
    bodies[number - 1]["actor"] = f"never-{chance.random()}"
    owned.write(stream, bodies)
    if chance.random() < 0.5:
        return stream, number
    owned.relog(stream)
    return None


def replay(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """A genuine entry, leaf or checkpoint once more, in a place where it does not belong."""
    # Not the last one covered: its copy would fall in the exposed tail, of which no checkpoint can tell.
    place = chance.randrange(owned.sizes[-1] - 1)
    _, stream, number, claimed = owned.leaves[place]
    bodies = owned.bodies(stream)
    way = chance.randrange(5)
    if way == 0:
        owned.add(stream, len(bodies) + 1, *owned.row(stream, number))
        owned.move_head(stream, len(bodies) + 1, claimed)
        return stream, len(bodies) + 1
    if way == 1:
        there = chance.choice([leaf for leaf in owned.covered if leaf[1] != stream])
        owned.put(there[1], there[2], *owned.row(stream, number))
        return there[1:3]
    if way == 2:
        log = list(owned.leaves)
        log.insert(chance.randrange(owned.sizes[-1]), owned.leaves[place])
        owned.log(log)
        return None
    if way == 3:
        lines.append(chance.choice(lines))
        return None
    owned.write(stream, [*bodies[:number], bodies[number - 1], *bodies[number:]])
    log = list(owned.leaves)
    log.insert(place, (0, stream, number, ""))
    owned.relog(stream, log)
    return None


def forge_checkpoint(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """The database rewritten thoroughly, and then the outside file with whatever key and signature the intruder has."""
    stream, number = target(owned, chance)
    bodies = owned.bodies(stream)
    if chance.random() < 0.5:
        bodies[number - 1]["actor"] = f"never-{chance.random()}"
    else:
        del bodies[number - 1]
    owned.write(stream, bodies)
    owned.relog(stream)
    log, way, before = owned.stored_log(), chance.randrange(4), None
    genuine = [verify(line, [owned.key.public_key()]) for line in lines]
    for place, old in enumerate(genuine):
        before = _forged(old, log[: old.size], before)
        line = sign(before, INTRUDER)
        if way == 1:  # under the genuine key's name
            line = line.replace(key_id(INTRUDER.public_key()), old.key_id)
        elif way == 2:  # with the genuine signature
            line = lines[place].replace(old.root, before.root)
            line = line if line != lines[place] else line.replace(f'"size":{old.size}', f'"size":{old.size + 1}')
        elif way == 3 and place < len(genuine) - 1:  # only the last one
            continue
        lines[place] = line
    return None


def _forged(old: Checkpoint, log: list[Leaf], before: Checkpoint | None) -> Checkpoint:
    frontier = Frontier()
    for *_, claimed in log:
        frontier.append(entry_leaf(claimed))
    previous = digest_of(before) if before else NO_PREVIOUS
    key = key_id(INTRUDER.public_key())
    return Checkpoint(old.origin, frontier.size, frontier.root().hex(), old.at, key, previous, old.erasures)


def old_backup(owned: Owned, chance: random.Random, lines: list[str]) -> Named:
    """Everything as it stood at an earlier leaf; sometimes other work is then done until the log is long enough again."""
    size = chance.randrange(owned.sizes[-1])
    log = owned.leaves[:size]
    kept = Counter(stream for _, stream, _, _ in log)
    for stream in {leaf[1] for leaf in owned.leaves}:
        owned.sql("DELETE FROM ledger_entry WHERE stream = %s AND number > %s", stream, kept[stream])
        if kept[stream]:
            owned.move_head(stream, kept[stream], owned.row(stream, kept[stream])[0])
        else:
            owned.sql("DELETE FROM ledger_head WHERE stream = %s", stream)
    owned.log(log)
    if size and chance.random() < 0.4:
        stream = chance.choice(sorted(kept))
        bodies = owned.bodies(stream)
        again = len(owned.leaves) - size
        owned.write(stream, [*bodies, *({**bodies[-1], "key": f"again-{n}"} for n in range(again))])
        owned.relog(stream, [*log, *((0, stream, 0, "") for _ in range(again))])
    return None


Tamper = Callable[[Owned, random.Random, list[str]], Named]
KINDS: dict[str, Tamper] = {
    "edit": edit,
    "delete": delete,
    "swap": swap,
    "truncate": truncate,
    "insert": insert,
    "re-chain": rechain,
    "replay": replay,
    "forged checkpoint": forge_checkpoint,
    "old backup": old_backup,
}
