"""Ways to fill in a form or the packet that differ in what conditions make of them: one for each, and no two alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import product

from holdfast.core.answers import BLANK, GIVEN, NONE_KNOWN, NOT_DISCLOSED, Answer
from holdfast.core.checker.cone import TooDeep, tests_of
from holdfast.core.checker.people import START
from holdfast.core.conditions import Condition, FactValue, Test, holds
from holdfast.core.pathway import Field, Pathway
from holdfast.core.scores import SCORE, facts_behind, inputs_of, score_of

#: More assignments than this for one form are not tried; what depends on them is then unknown.
MOST = 60_000
Filled = tuple[tuple[str, Answer], ...]


def any_answer(field: Field, staff: str = "", team: str = "") -> Answer:
    """An answer that the field offers."""
    if field.sealed:
        return Answer(GIVEN, sealed="sealed")
    if field.options:
        code = field.options[0].code
        return Answer(GIVEN, (code,) if field.kind == "codes" else code)
    values: dict[str, str | int | tuple[str, ...]] = {
        "instant": START.isoformat(),
        "date": START.date().isoformat(),
        "number": 1,
        "staff": staff,
        "team": team,
        "teams": (team,),
        "codes": (),
    }
    return Answer(GIVEN, values.get(field.kind, "x"))


def ways_to_fill(
    pathway: Pathway, fields: Iterable[Field], conditions: Iterable[Condition], prefix: str
) -> tuple[Filled, ...]:
    """``prefix`` is ``answer.`` for a form and nothing for the packet. Fields that no condition reads are left to the caller."""
    fields, conditions = tuple(fields), tuple(conditions)
    parts = tuple(_parts(conditions, {prefix + field.id for field in fields}, pathway))
    tests = list(dict.fromkeys(test for part in parts for test in tests_of(part)))
    blocks = list(_blocks(pathway, fields, tests, prefix))
    total = 1
    for block in blocks:
        total *= len(block)
    if total > MOST:
        raise TooDeep(f"a form has {total} ways to be filled in that conditions tell apart")
    # Blocks that no condition reads together are tried apart, and only what they come to is combined: in the order in which
    # trying all combinations would have met each first.
    ways = [tuple[int, ...]()]
    order: list[int] = []
    for among, reads in _apart(blocks, parts, prefix, pathway):
        ways = [(*way, *told) for way in ways for told in _told_apart(blocks, among, reads, prefix, pathway)]
        order += among
    places = sorted(range(len(order)), key=order.__getitem__)
    chosen = sorted(tuple(way[place] for place in places) for way in ways)
    return tuple(tuple(pair for block, at in zip(blocks, way, strict=True) for pair in block[at]) for way in chosen)


def _apart(
    blocks: list[list[Filled]], parts: tuple[Condition, ...], prefix: str, pathway: Pathway
) -> list[tuple[list[int], list[Condition]]]:
    """The blocks in groups, by number, each with the conditions that read them: no condition reads two groups."""
    block_of = {prefix + id: number for number, block in enumerate(blocks) for id, _ in (block[0] if block else ())}
    groups: list[tuple[list[int], list[Condition]]] = [([number], []) for number in range(len(blocks))]
    for part in dict.fromkeys(parts):
        read = {block_of[fact] for fact in facts_behind(part, pathway) if fact in block_of}
        joined = [group for group in groups if read & set(group[0])]
        groups = [group for group in groups if group not in joined]
        groups.append((sorted(n for g in joined for n in g[0]), [*(c for g in joined for c in g[1]), part]))
    return groups


def _told_apart(
    blocks: list[list[Filled]], among: list[int], reads: list[Condition], prefix: str, pathway: Pathway
) -> list[tuple[int, ...]]:
    """The choices in these blocks that the conditions tell apart, the first of those that come to the same."""
    found: dict[tuple[bool, ...], tuple[int, ...]] = {}
    for choice in product(*(range(len(blocks[number])) for number in among)):
        filled = {id: answer for number, at in zip(among, choice, strict=True) for id, answer in blocks[number][at]}
        facts = _facts(filled, prefix, pathway)
        found.setdefault(tuple(holds(part, facts) for part in reads), choice)
    return list(found.values())


def _parts(conditions: Iterable[Condition], own: set[str], pathway: Pathway) -> Iterator[Condition]:
    """The largest parts of the conditions that read nothing but this form."""
    for condition in conditions:
        tests = list(tests_of(condition))
        mine = [_reads_only(test, own, pathway) for test in tests]
        if tests and all(mine):
            yield condition
        elif any(mine):
            items = getattr(condition, "items", None) or (getattr(condition, "item", None),)
            yield from _parts([item for item in items if item is not None], own, pathway)


def _reads_only(test: Test, own: set[str], pathway: Pathway) -> bool:
    if test.fact.startswith(SCORE):
        return set(inputs_of(test.fact.removeprefix(SCORE), pathway)) <= own
    return test.fact in own


def _blocks(pathway: Pathway, fields: tuple[Field, ...], tests: list[Test], prefix: str) -> Iterator[list[Filled]]:
    """For each field the values that tests tell apart; the questions of a score vary together."""
    scored = [test for test in tests if test.fact.startswith(SCORE)]
    alone = [field for field in fields if any(test.fact == prefix + field.id for test in tests)]
    in_scores: set[str] = set()
    for id in dict.fromkeys(test.fact.removeprefix(SCORE) for test in scored):
        items = [item.removeprefix("answer.") for item in inputs_of(id, pathway)]
        free = [f for f in fields if f.id in items and f not in alone and f.id not in in_scores]
        in_scores |= {field.id for field in free}
        bounds = [int(test.values[0]) for test in scored if test.fact == SCORE + id and test.values]
        held = [max((_number(o.code) for o in f.options), default=0) for f in alone if f.id in items]
        yield list(_sums(free, bounds, sum(held)))
    for field in alone:
        yield [((field.id, answer),) for answer in _classes(field, [t for t in tests if t.fact == prefix + field.id])]


def _sums(fields: list[Field], bounds: list[int], besides: int) -> Iterator[Filled]:
    """The questions of one instrument answered so that every sum near a bound is met, whatever those asked alone add."""
    highest = sum(max((_number(o.code) for o in field.options), default=0) for field in fields)
    wanted = {0, highest} | {b - less for b in bounds for less in range(besides + 2)}
    for sum_ in sorted(w for w in wanted if 0 <= w <= highest):
        left, filled = sum_, []
        for field in fields:
            codes = sorted((_number(o.code) for o in field.options), reverse=True)
            take = next((code for code in codes if code <= left), codes[-1])
            left -= take
            filled.append((field.id, Answer(GIVEN, str(take))))
        yield tuple(filled)
    yield tuple((field.id, Answer(BLANK)) for field in fields)


def _number(code: str) -> int:
    return int(code) if code.isdecimal() else 0


def _classes(field: Field, tests: list[Test]) -> Iterator[Answer]:
    """One answer for each thing the tests can make of the field; given answers come first, blanks last."""
    seen: set[tuple[bool, ...]] = set()
    for answer in _candidates(field, tests):
        facts = _facts({field.id: answer}, tests[0].fact.removesuffix(field.id), None)
        told = tuple(holds(test, facts) for test in tests)
        if told not in seen:
            seen.add(told)
            yield answer


def _candidates(field: Field, tests: list[Test]) -> Iterator[Answer]:
    if field.kind == "codes":
        codes = [option.code for option in field.options][:6]
        for mask in range(1, 2 ** len(codes)):
            yield Answer(GIVEN, tuple(code for place, code in enumerate(codes) if mask >> place & 1))
    elif field.options:
        yield from (Answer(GIVEN, option.code) for option in field.options)
    elif field.kind == "number":
        bounds = [int(test.values[0]) for test in tests if test.op in ("at-least", "at-most") and test.values]
        yield from (Answer(GIVEN, value) for bound in [0, *bounds] for value in (bound, bound - 1, bound + 1))
    else:
        yield any_answer(field)
    if field.none_known:
        yield Answer(NONE_KNOWN)
    if field.not_disclosed:
        yield Answer(NOT_DISCLOSED)
    yield Answer(BLANK)


def _facts(filled: Mapping[str, Answer], prefix: str, pathway: Pathway | None) -> Callable[[str], FactValue]:
    def look(name: str) -> FactValue:
        if name.startswith(SCORE) and pathway is not None:
            return score_of(name.removeprefix(SCORE), pathway, look)
        answer = filled.get(name.removeprefix(prefix))
        if answer is None or answer.how == BLANK:
            return None
        return (answer.value if answer.value is not None else GIVEN) if answer.how == GIVEN else answer.how

    return look
