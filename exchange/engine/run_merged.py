"""The way of several files through the house that go out together: one set of output files, one seal.

Each file stays a claim of its own: it is read, decided upon, counted, rejected and archived by itself, by the stages of
`run`. The output files are those of the oldest one's claim.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

import pyarrow as pa

from exchange.engine import report
from exchange.engine.ages import aged, surveyed
from exchange.engine.allot import of_one_seal
from exchange.engine.balance import balance
from exchange.engine.batch import Batch, Decided, Left, Outputs, finish_spans, set_aside
from exchange.engine.clash import Clashed
from exchange.engine.decide import decide
from exchange.engine.facts import Facts
from exchange.engine.guard import Judged, Watch, judge, watching
from exchange.engine.holding import hold_tripped
from exchange.engine.house import House, pick_up_of
from exchange.engine.outputs import Numbers
from exchange.engine.prepared import Spool
from exchange.engine.preview import preview
from exchange.engine.repeated import repeated
from exchange.engine.run import ATTEMPTS, commit, counts_of, deliver, refuse_or_hold, run_claim, spooled
from exchange.engine.seal import sealing
from exchange.kernel.layout import Layout, Survey
from exchange.kernel.ledger import FactsChanged, Sealing
from exchange.kernel.model import Claim, FileReport
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan

_NAMED = 3
"""Files that a note names."""


@dataclass(frozen=True, slots=True, eq=False)
class _Member:
    """One file that can be read."""

    claim: Claim
    survey: Survey
    layout: Layout
    spool: Spool
    void: set[tuple[int, int]]
    watch: Watch
    repeats: str = ""
    """A document that a file of the set before tells of too, which is why this file begins another one."""


@dataclass(frozen=True, slots=True)
class _Made:
    """What one file comes to."""

    member: _Member
    facts: Facts
    batch: Batch
    left: Left
    judged: Judged = field(default_factory=Judged)


def run_merged(house: House, claims: Sequence[Claim]) -> Iterator[FileReport]:
    """Carry claimed files to their end and yield what became of each; `claims` are of one pick-up, the oldest first.

    A file that is rejected whole, or held by a guard, costs the others nothing. Files that tell of the same document go
    out one after the other: the later one is decided with what the earlier one did.
    """
    started = time.monotonic()
    plan = replace(house.plan(pick_up_of(house.flow, claims[0])), channel=claims[0].channel)
    members: list[_Member] = []
    for claim in claims:
        watch, survey = watching(house, claim, surveyed(house, claim, plan))
        if survey.layout is None or survey.refused:
            yield refuse_or_hold(house, claim, plan, (survey, watch), started)
            continue
        spool, void = spooled(house, claim, plan, survey.layout)
        spool.park()
        members.append(_Member(aged(claim, spool), survey, survey.layout, spool, void, watch))
    for group in _without_repeats(members):
        yield from _carry(house, plan, group, started)


def _carry(house: House, plan: Plan, members: Sequence[_Member], started: float) -> Iterator[FileReport]:
    """Seal files together and publish them; what a guard holds is left out."""
    attempt = 1
    while members:
        try:
            made = _make(house, plan, members)
            held = [each for each in made if each.judged.trips]
            if not held:
                yield from _committed(house, plan, made, started)
                return
        except Clashed:
            yield from _by_themselves(house, members)
            return
        except FactsChanged:
            if attempt == ATTEMPTS:
                raise
            attempt, held = attempt + 1, []
        for each in held:
            yield hold_tripped(house, each.member.claim, each.judged.trips, counts_of(each.batch), started)
        left_out = [each.member for each in held]
        members = [member for member in members if member not in left_out]
        _again(house, members)


def _committed(house: House, plan: Plan, made: Sequence[_Made], started: float) -> Iterator[FileReport]:
    records = _sealings(house, machine_of(plan).kind, made)
    if house.dry:
        seconds = time.monotonic() - started
        for each, record in zip(made, records, strict=True):
            shown = preview(each.batch, each.facts, each.member.spool)
            yield report.dry(each.member.claim, record, "dry run", seconds, shown)
        return
    commit(house, *records)
    for each in made:
        yield deliver(house, each.member.claim, started)


def _by_themselves(house: House, members: Sequence[_Member]) -> Iterator[FileReport]:
    """Carry files on one by one: what cannot stand in one file together may stand in two."""
    _again(house, members)
    for member in members:
        house.work.clear(member.claim.id)
        yield run_claim(house, member.claim)


def _make(house: House, plan: Plan, members: Sequence[_Member]) -> list[_Made]:
    """Decide and finish every file; what goes out is written into the files of the first one's claim."""
    machine, owner = machine_of(plan), members[0].claim
    life, made = of_one_seal(machine.life), []
    with Outputs(machine.targets, owner, house.work.folder(owner.id)) as outputs:
        for member in members:
            ids = member.layout.reject_ids
            facts = decide(member.spool, member.void, member.claim, life, house.ledger, ids)
            batch, left = finish_spans(house, plan, _decided(member, facts), outputs)
            made.append(_Made(member, facts, batch, left))
    made[0].batch.artifacts, made[0].batch.samples = outputs.artifacts(), outputs.samples()
    for each in made:
        numbers = outputs.numbers if each.member.claim is owner else Numbers()
        set_aside(house, plan, _decided(each.member, each.facts), (each.batch, each.left), numbers)
        batch = each.batch
        balance(each.member.claim.id, batch.records, batch.documents, batch.ordinals, batch.tallies)
    return [_judged(each) for each in made]


def _judged(made: _Made) -> _Made:
    member = made.member
    work = (member.spool, made.facts)
    return replace(made, judged=judge(member.watch, member.claim, made.batch, member.layout, work))


def _decided(member: _Member, facts: Facts) -> Decided:
    return Decided(member.claim, member.layout, member.spool, facts)


def _sealings(house: House, kind: str, made: Sequence[_Made]) -> list[Sealing]:
    """Return what the seal records of each file."""
    owner = made[0].member.claim
    goes_out = any(artifact.kind == "output" for artifact in made[0].batch.artifacts)
    records = []
    for each in made:
        claim = each.member.claim
        record = sealing(house, claim, kind, each.batch, each.facts, each.member.survey)
        record = replace(record, baseline=each.judged.baseline)
        if len(made) > 1 and goes_out:
            record = replace(record, notes=(*record.notes, _note(claim, made)))
        if claim is not owner:
            record = replace(record, outputs_of=owner.id if goes_out else None)
        if each.member.repeats:
            said = f"not merged with the files before it: {kind} {each.member.repeats} is in one of them too"
            record = replace(record, notes=(*record.notes, said))
        records.append(record)
    return records


def _note(claim: Claim, made: Sequence[_Made]) -> str:
    """Say where the documents of a merged file went, or whose documents its output files hold."""
    owner, *others = (each.member.claim for each in made)
    if claim is not owner:
        return f"merged: what goes out is in the files of claim {owner.id} ({owner.source.shown})"
    named = ", ".join(other.source.shown for other in others[:_NAMED])
    more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    return f"merged: its output files hold what goes out of {named}{more} too"


def _again(house: House, members: Sequence[_Member]) -> None:
    """Begin the work on files anew, from what was read."""
    if not house.dry:
        for member in members:
            house.ledger.claims.restart(member.claim.id)


def _without_repeats(members: Sequence[_Member]) -> Iterator[Sequence[_Member]]:
    """Yield the files in groups, in order, so that no two of a group tell of the same document."""
    of_part, parts = [], []
    for index, member in enumerate(members):
        for span in range(len(member.spool)):
            prepared = member.spool.get(span, lines=False)
            unreadable = pa.array([record.number for record in prepared.broken], pa.string())
            parts += [prepared.header.column("_number").combine_chunks(), unreadable]
            of_part += [index, index]
    last_before = [(-1, "")] * len(members)
    for number, places in repeated(parts).items():
        telling = sorted({of_part[part] for part, _ in places})
        for earlier, later in pairwise(telling):
            last_before[later] = max(last_before[later], (earlier, number))
    begin, group = 0, list[_Member]()
    for index, member in enumerate(members):
        before, number = last_before[index]
        if group and before >= begin:
            yield group
            begin, group = index, [replace(member, repeats=number)]
        else:
            group.append(member)
    if group:
        yield group
