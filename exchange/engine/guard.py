"""Guards: limits past which nothing of a file is delivered until a person has looked.

What is known of a file before its records are read is looked at by `watching`, the rest by `judge`. Corrections
(returned rejects, what is released or replayed) are never compared with another file, and no other file with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from exchange.config.guards import Guards
from exchange.engine.ages import counted
from exchange.engine.drift import Change, changes, drifted
from exchange.engine.facts import Facts
from exchange.engine.figures import COMPARING, Pairs, paired
from exchange.engine.holding import is_approved, pick_up_key
from exchange.engine.house import House, pick_up_of
from exchange.engine.items import carried, decoded, encoded, observed
from exchange.engine.prepared import Spool
from exchange.engine.stated import disagreeing, sums_of
from exchange.engine.trip import Trip, share
from exchange.kernel.guard_rows import Baseline
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.model import Claim, Counts, Origin
from exchange.kernel.plural import many, which
from exchange.kernel.problems import Problem

_NOTHING = Guards()


class Counted(Protocol):
    """What a file came to."""

    @property
    def records(self) -> Counts:
        """Its records."""

    @property
    def documents(self) -> Counts:
        """Its documents."""


@dataclass(frozen=True, slots=True)
class Watch:
    """What guards know of a file before its records are read."""

    guards: Guards = _NOTHING
    key: str = ""
    """The pick-up that it came through."""
    correction: bool = False
    approved: bool = False
    before: Baseline | None = None
    """The last accepted file; None where there is none, or the file is compared with none."""
    columns: tuple[str, ...] = ()
    trips: tuple[Trip, ...] = ()
    """Those of its columns."""
    says_age: bool = False
    """Whether the pick-up says what tells how old the content is."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What guards say of a file."""

    trips: tuple[Trip, ...] = ()
    baseline: Baseline | None = None
    """What the next file is compared with, where this one goes on."""


@dataclass(frozen=True, slots=True)
class Seen:
    """All that a guard may look at."""

    watch: Watch
    claim: Claim
    made: Counted
    layout: Layout
    work: tuple[Spool, Facts]
    pairs: Pairs | None = None


def watching(house: House, claim: Claim, survey: Survey) -> tuple[Watch, Survey]:
    """Return what guards know of a file at first sight, and its survey with what they only warn of."""
    guards = house.flow.guards
    layout = survey.layout
    if guards == _NOTHING or layout is None:
        return Watch(), survey
    key = pick_up_key(house.flow, claim)
    correction = claim.origin is not Origin.PICK_UP or bool(layout.reject_ids)
    before = house.ledger.guards.baseline(house.flow.flow, key) if guards.compares and not correction else None
    watch = Watch(
        guards,
        key,
        correction,
        not house.dry and is_approved(house, claim),
        before,
        layout.columns,
        says_age="as_of" in house.flow.pick_up[pick_up_of(house.flow, claim)].model_fields_set,
    )
    if before is None or not before.columns or guards.schema_drift == "ignore":
        return watch, survey
    found = changes(before.columns, layout.columns)
    warned = [change for change in found if getattr(guards.drift, change.kind) == "warn"]
    if warned:
        survey = replace(survey, problems=(*survey.problems, _changed(warned, before)))
    return replace(watch, trips=() if watch.approved else tuple(drifted(found, guards.drift))), survey


def _changed(found: list[Change], before: Baseline) -> Problem:
    said = "; ".join(change.said for change in found)
    return Problem("COLUMNS_CHANGED", detail={"claim": before.claim, "changes": said})


def judge(watch: Watch, claim: Claim, made: Counted, layout: Layout, work: tuple[Spool, Facts]) -> Judged:
    """Return what guards say of a file that was read and decided upon; `work`: its spans, and what was decided."""
    guards, baseline = watch.guards, None
    if guards == _NOTHING:
        return Judged()
    seen = Seen(watch, claim, made, layout, work)
    if guards.compares and not watch.correction:
        items = observed(work[0], work[1].spans) if guards.about_items else None
        before = decoded(watch.before.items) if watch.before is not None else None
        if items is not None and before is not None:
            seen = replace(seen, pairs=paired(before, items))
        if made.documents.total > made.documents.rejected:  # neither an empty file, nor one that is all wrong
            kept = encoded(carried(items, before)) if items is not None else b""
            baseline = Baseline(watch.key, claim.as_of, made.records.total, watch.columns, kept)
    if watch.approved:
        return Judged((), baseline)
    return Judged(tuple(_trips(seen)), baseline)


def _trips(seen: Seen) -> Iterator[Trip]:
    for name, check in GUARDS.items():
        if getattr(seen.watch.guards, name) is not None and (name in FOR_CORRECTIONS or not seen.watch.correction):
            yield from check(seen)


def _max_reject_rate(seen: Seen) -> Iterator[Trip]:
    documents, most = seen.made.documents, seen.watch.guards.most_rejects
    limit = most.share
    # What comes back corrected is a few documents that were all wrong: what still is opens a reject again.
    if documents.rejected < most.at_least or documents.rejected <= limit * documents.total or seen.layout.reject_ids:
        return
    rate = f"{documents.rejected / documents.total:.0%}"
    said = f"{documents.rejected:,} of {many(documents.total, 'document')} {which(documents.rejected, 'is', 'are')}"
    yield Trip("max_reject_rate", f"max_reject_rate: {said} rejected ({rate}), the limit is {limit:.0%}")


def _row_count(seen: Seen) -> Iterator[Trip]:
    limit, before, records = seen.watch.guards.row_count, seen.watch.before, seen.made.records.total
    if limit is None or before is None or not before.records:
        return
    times = records / before.records
    rows = (("records", f"{before.records:,}", f"{records:,}"),)
    said = f"row_count: {many(records, 'record')}, the last file had {before.records:,}"
    if times < limit.min:
        part = f"{share(records, before.records)} of that, at least {limit.min:g} times as many are expected"
        yield Trip("row_count", f"{said}: {part}", rows, 1)
    elif limit.max is not None and times > limit.max:
        yield Trip("row_count", f"{said}: {times:.3g} times as many, at most {limit.max:g} times are expected", rows, 1)


def _totals(seen: Seen) -> Iterator[Trip]:
    if seen.watch.guards.totals:
        counted = (seen.made.records.total, seen.made.documents.total)
        sums = sums_of(seen.work[0], list(seen.work[1].spans), counted)
        yield from disagreeing(seen.watch.guards.totals, seen.layout, seen.claim.source.name, sums)


def _schema_drift(seen: Seen) -> Iterator[Trip]:
    yield from seen.watch.trips


def _empty(seen: Seen) -> Iterator[Trip]:
    if seen.watch.guards.empty == "hold" and not seen.made.records.total:
        yield Trip("empty", "empty: the file has a header and no records")


def _too_old(seen: Seen) -> Iterator[Trip]:
    limit, claim = seen.watch.guards.too_old, seen.claim
    told = None if seen.watch.says_age else counted(seen.work[0])
    moment = claim.as_of if told is None else told
    age = claim.claimed_at - moment
    if limit is not None and age > limit:
        what = "its content is of" if told is None else "its figures were counted at"
        said = f"{what} {_moment(moment)}, {_long(age)} before it was taken; the limit is {_long(limit)}"
        yield Trip("too_old", f"too_old: {said}")


def _too_early(seen: Seen) -> Iterator[Trip]:
    limit, claim, before = seen.watch.guards.too_early, seen.claim, seen.watch.before
    if limit is None:
        return
    ahead = claim.as_of - claim.claimed_at
    if ahead > limit:
        said = f"its content is of {_moment(claim.as_of)}, which is {_long(ahead)} in the future"
        yield Trip("too_early", f"too_early: {said}")
    elif before is not None and timedelta(0) <= claim.as_of - before.as_of < limit:
        gap = _long(claim.as_of - before.as_of)
        said = f"its content is {gap} younger than that of the last file (claim {before.claim})"
        yield Trip("too_early", f"too_early: {said}, at least {_long(limit)} are expected")


def _items(name: str) -> Callable[[Seen], Iterator[Trip]]:
    def check(seen: Seen) -> Iterator[Trip]:
        if seen.pairs is not None:
            yield from COMPARING[name](seen.watch.guards, seen.pairs)

    return check


GUARDS: dict[str, Callable[[Seen], Iterator[Trip]]] = {
    "schema_drift": _schema_drift,
    "empty": _empty,
    "row_count": _row_count,
    "totals": _totals,
    **{name: _items(name) for name in COMPARING},
    "too_old": _too_old,
    "too_early": _too_early,
    "max_reject_rate": _max_reject_rate,
}
"""Guard key -> what yields why it trips, in the order in which a person should read it."""
FOR_CORRECTIONS = frozenset({"max_reject_rate"})
"""Guards that look at corrections too."""


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _long(span: timedelta) -> str:
    """Return a span of time for people: `2 d 3 h`, `40 min`."""
    seconds = int(span.total_seconds())
    parts = [(seconds // 86_400, "d"), (seconds // 3600 % 24, "h"), (seconds // 60 % 60, "min"), (seconds % 60, "s")]
    shown = [f"{number} {unit}" for number, unit in parts if number][:2]
    return " ".join(shown) or "0 s"
