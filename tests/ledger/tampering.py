"""Nine kinds of tampering with a stored ledger, from clumsy to thorough; each names the entry it wronged, if it can be.

Thorough means: with the whole database in hand, everything in it is made to agree again. Only a checkpoint kept
outside tells.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from holdfast.ledger.canonical import canonical, read
from holdfast.ledger.chain import digest
from holdfast.ledger.checkpoint import key_id, sign, verify

from .stored import INTRUDER, SIGNER, Stored

Named = tuple[str, int] | None
Tamper = Callable[[Stored, random.Random], Named]


def target(stored: Stored, chance: random.Random, least: int = 1) -> tuple[str, int]:
    """Choose an entry that the last checkpoint covers, in a stream with at least so many covered entries."""
    covered = [(stream, number) for stream, number, _ in stored.leaves[: stored.proved]]
    wide = {stream for stream, number in covered if number >= least}
    return chance.choice([entry for entry in covered if entry[0] in wide])


def edit(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance)
    claimed, body = stored.rows[stream][number - 1][1:]
    changed = canonical({**read(body), "says": f"another deed {chance.random()}"})
    if chance.random() < 0.3:
        place = chance.randrange(len(body))
        changed = body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]
    stored.rows[stream][number - 1] = (number, chance.choice([claimed, digest(changed)]), changed)
    return stream, number


def delete(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance, least=2)
    if chance.random() < 0.5:
        del stored.rows[stream][number - 1]
        return stream, number
    bodies = stored.bodies(stream)
    del bodies[number - 1]
    stored.write(stream, bodies)
    stored.relog(stream)
    return None


def swap(stored: Stored, chance: random.Random) -> Named:
    stream, _ = target(stored, chance, least=2)
    last = max(number for name, number, _ in stored.leaves[: stored.proved] if name == stream)
    first, second = sorted(chance.sample(range(1, last + 1), 2))
    rows = stored.rows[stream]
    way = chance.randrange(4)
    if way == 0:
        a, b = rows[first - 1], rows[second - 1]
        rows[first - 1], rows[second - 1] = (first, *b[1:]), (second, *a[1:])
    elif way == 1:
        rows[first - 1], rows[second - 1] = rows[second - 1], rows[first - 1]
    elif way == 2:
        one, other = sorted(chance.sample(range(stored.proved), 2))
        stored.leaves[one], stored.leaves[other] = stored.leaves[other], stored.leaves[one]
        return None
    else:
        bodies = stored.bodies(stream)
        bodies[first - 1], bodies[second - 1] = bodies[second - 1], bodies[first - 1]
        stored.write(stream, bodies)
        stored.relog(stream)
        return None
    return stream, first


def truncate(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance, least=2)
    number = max(number, 2)
    way = chance.randrange(3)
    if way == 0:
        stored.rows[stream] = stored.rows[stream][: number - 1]
    else:
        stored.write(stream, stored.bodies(stream)[: number - 1])
    if way == 2:
        stored.relog(stream)
        return None
    return stream, number


def insert(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance, least=2)
    rows = stored.rows[stream]
    made = {**read(rows[number - 1][2]), "says": f"invented {chance.random()}"}
    way = chance.randrange(3)
    if way == 0:
        body = canonical(made)
        rows.insert(number, (number, digest(body), body))
        return stream, number
    bodies = stored.bodies(stream)
    bodies.insert(number - 1, made)
    stored.write(stream, bodies)
    if way == 1:
        return stream, number
    leaf = next(i for i, entry in enumerate(stored.leaves) if entry[:2] == (stream, number))
    stored.leaves.insert(leaf, (stream, number, ""))
    stored.relog(stream)
    return None


def rechain(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance)
    bodies = stored.bodies(stream)
    bodies[number - 1]["says"] = f"never happened {chance.random()}"
    stored.write(stream, bodies)
    if chance.random() < 0.5:
        return stream, number
    stored.relog(stream)
    return None


def replay(stored: Stored, chance: random.Random) -> Named:
    stream, number = target(stored, chance, least=2)
    rows = stored.rows[stream]
    way = chance.randrange(5)
    if way == 0:
        _, claimed, body = rows[number - 1]
        rows.append((len(rows) + 1, claimed, body))
        stored.heads[stream] = (len(rows), claimed)
        return stream, len(rows)
    if way == 1:
        other = chance.choice([name for name in sorted(stored.rows) if name != stream])
        there = min(number, len(stored.rows[other]))
        stored.rows[other][there - 1] = (there, *rows[number - 1][1:])
        return other, there
    if way == 2:
        stored.leaves.insert(chance.randrange(stored.proved), (stream, number, rows[number - 1][1]))
    elif way == 3:
        stored.lines.append(chance.choice(stored.lines))
    else:
        leaf = stored.leaves.index((stream, number, rows[number - 1][1]))
        if leaf == stored.proved - 1:
            # The copy of the last covered entry would fall in the exposed tail, of which no checkpoint can tell.
            number -= 1
            leaf = stored.leaves.index((stream, number, rows[number - 1][1]))
        bodies = stored.bodies(stream)
        bodies.insert(number, dict(bodies[number - 1]))
        stored.write(stream, bodies)
        stored.leaves.insert(leaf, (stream, number, ""))
        stored.relog(stream)
    return None


def forge_checkpoint(stored: Stored, chance: random.Random) -> Named:
    """Rewrite the database thoroughly, then the outside file with whatever key the intruder has."""
    genuine = [verify(line, [SIGNER.public_key()]) for line in stored.lines]
    tamper = chance.choice([edit, delete, insert, truncate])
    stream = (tamper(stored, chance) or target(stored, chance))[0]
    try:
        stored.write(stream, stored.bodies(stream))
    except ValueError:
        stored.rows[stream].clear()  # an edit left bytes that cannot be read: the intruder drops the lot
        stored.heads.pop(stream)
    stored.relog(stream)
    way, previous = chance.randrange(3), None
    for place, old in enumerate(genuine):
        size = min(old.size, len(stored.leaves))
        previous = stored.checkpoint(size, previous, INTRUDER)
        line = sign(previous, INTRUDER)
        if way == 1:  # under the genuine key's name
            line = line.replace(key_id(INTRUDER.public_key()), old.key_id)
        elif way == 2:  # with the genuine signature
            line = stored.lines[place].replace(old.root, previous.root)
            if line == stored.lines[place]:
                line = line.replace(f'"size":{old.size}', f'"size":{old.size + 1}')
        stored.lines[place] = line
    return None


def old_backup(stored: Stored, chance: random.Random) -> Named:
    size = chance.randrange(stored.proved)
    stored.leaves = stored.leaves[:size]
    for stream in list(stored.rows):
        kept = sum(1 for leaf in stored.leaves if leaf[0] == stream)
        stored.write(stream, stored.bodies(stream)[:kept])
        if not kept:
            del stored.rows[stream], stored.heads[stream]
    return None


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
