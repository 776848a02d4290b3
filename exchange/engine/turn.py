"""Whether it is a numbered file's turn: behind one that is missing it waits, behind its turn it is refused."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow.compute as pc

from exchange.engine.age import own_name
from exchange.engine.house import House, pick_up_of
from exchange.engine.stocktaking import is_part
from exchange.kernel.chunk import arrays
from exchange.kernel.layout import Layout
from exchange.kernel.model import Claim, ClaimState, Origin
from exchange.kernel.pipeline import Machine, StockRules, machine_of
from exchange.kernel.problems import Problem
from exchange.kernel.stock_rows import StockStream


@dataclass(frozen=True, slots=True)
class Turn:
    """What is against taking a file now; nothing where both are blank."""

    problem: Problem | None = None
    """Why its turn never comes."""
    waits: tuple[str, ...] = ()
    """What it waits for."""


def turn_of(house: House, claim: Claim, layout: Layout) -> Turn:
    """Return whether a claimed file may take effect now; one that is not numbered always may."""
    rules = machine_of(house.plan(pick_up_of(house.flow, claim))).life.stock
    again = claim.origin is Origin.REPLAY and took_effect(house, claim)
    if rules is None or again or is_part(claim, returned=bool(layout.reject_ids)):
        return Turn()
    number = number_of(house, claim, layout)
    if number is None or isinstance(number, Problem):
        return Turn(number)
    streams = house.ledger.stock.streams(claim.channel)
    last = streams.get(rules.numbered)
    if last is None or last.sequence is None or number == last.sequence + 1:
        return Turn()
    if number <= last.sequence:
        detail = {"number": number, "source": claim.channel, "last": last.sequence, "claim": last.claim}
        return Turn(Problem("STOCK_SEQUENCE_BEHIND", detail=detail))
    overtaken = _overtaken(claim, rules, streams)
    return Turn(waits=() if overtaken else (_missing(house, claim, (last.sequence, number)),))


def took_effect(house: House, claim: Claim) -> bool:
    """Tell whether the claim that is replayed took effect."""
    parent = house.ledger.claims.get(claim.parent or "")
    return parent is not None and parent.state is not ClaimState.REJECTED


def _overtaken(claim: Claim, rules: StockRules, streams: dict[str, StockStream]) -> bool:
    """Tell whether newer snapshots hold all that the file and those before it change."""
    places = rules.locations or tuple(place for place in streams if place)
    snapshots = [streams[place].snapshot_as_of if place in streams else None for place in places]
    return bool(snapshots) and all(moment is not None and moment > claim.as_of for moment in snapshots)


def _missing(house: House, claim: Claim, numbers: tuple[int, int]) -> str:
    first, number = numbers[0] + 1, numbers[1]
    gap = f"file {first} is" if first == number - 1 else f"files {first} to {number - 1} are"
    sequence = house.flow.pick_up[pick_up_of(house.flow, claim)].stock
    name = sequence.sequence.name if sequence is not None and sequence.sequence is not None else ""
    called = f" ({name.replace('{sequence}', str(first))})" if name else ""
    return (
        f"{gap} missing of the changes of {claim.channel}: this one is {number}, {first - 1} took effect last; "
        f"bring {first}{called}, then all go on in order by themselves; where it is lost, let the sender write a full "
        "snapshot: what is older than that is not needed any more"
    )


def number_of(house: House, claim: Claim, layout: Layout) -> int | Problem | None:
    """Return the number of a file; a problem where it has none, None where files are not numbered."""
    machine = machine_of(house.plan(pick_up_of(house.flow, claim)))
    rules = machine.life.stock
    if rules is None or (rules.number is None and not rules.number_column):
        return None
    if rules.number is not None:
        name = own_name(claim.source)
        found = rules.number(name)
        return _unreadable("its name", f"{name!r} does not fit `sequence:`") if found is None else found
    return _in_column(machine, layout, rules.number_column)


def _in_column(machine: Machine, layout: Layout, column: str) -> int | Problem:
    """Return the number that the rows of the first span share."""
    for span in machine.reader.spans(layout):
        cells = arrays(machine.reader.parse(span, layout).frame).get(column)
        texts = pc.unique(cells.drop_null()).to_pylist() if cells is not None else []
        if len(texts) > 1:
            return _unreadable(f"column {column}", f"holds several: {texts[0]!r} and {texts[1]!r}")
        if texts and texts[0].strip().isdecimal():
            return int(texts[0])
        if texts:
            return _unreadable(f"column {column}", f"holds {texts[0]!r}, which is no whole number")
        break
    return _unreadable(f"column {column}", "is blank")


def _unreadable(place: str, reason: str) -> Problem:
    return Problem("STOCK_SEQUENCE_UNREADABLE", detail={"place": place, "reason": reason})
