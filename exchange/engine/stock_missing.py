"""What becomes of items that a snapshot lacks: they keep their figure, are set to nothing, or a person is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import pyarrow as pa

from exchange.engine.house import House
from exchange.kernel.model import Claim
from exchange.kernel.naming import reject_id
from exchange.kernel.pipeline import StockRules
from exchange.kernel.plural import many
from exchange.kernel.problems import Problem
from exchange.kernel.reject_rows import ProblemRow, RejectRow
from exchange.kernel.stock_rows import StockLevel

CODE = "STOCK_ITEM_MISSING"
_SHOWN = 10
"""Items that a note names."""
_KEEPS = ("keeps its figure", "keep their figures")


@dataclass(frozen=True, slots=True)
class Missing:
    """What a snapshot lacks of what is known."""

    zeroed: tuple[StockLevel, ...] = ()
    notes: tuple[str, ...] = ()
    rejects: tuple[RejectRow, ...] = ()
    problems: tuple[ProblemRow, ...] = ()


def missing(
    house: House,
    claim: Claim,
    rules: StockRules,
    told: tuple[Collection[str], pa.Table],
    refused: tuple[Collection[str], bool, int],
) -> Missing:
    """Return what becomes of items that a snapshot lacks.

    `told`: the warehouses it tells of, and its figures. `refused`: items that it names and whose figures do not count,
    whether it holds rows of which not even the item can be read, and how many documents were rejected.
    """
    locations, table = told
    named, unreadable, rejected = refused
    seen = set(zip(table.column("location").to_pylist(), table.column("item").to_pylist(), strict=True))
    lacking = [
        level
        for level in house.ledger.stock.levels(locations, sources=(claim.channel,))
        if (level.location, level.item) not in seen and level.item not in named and level.as_of < claim.as_of
    ]
    if rules.missing == "problem":
        return _asked(house, claim, lacking, rejected)
    if rules.missing == "keep":
        return Missing(notes=tuple(_said(lacking, _KEEPS)))
    lacking = [level for level in lacking if level.on_hand or level.reserved or level.blocked]
    if not seen:
        return Missing(notes=tuple(_said(lacking, _with(": a file without any figure sets nothing to nothing"))))
    if unreadable:
        return Missing(notes=tuple(_said(lacking, _with(": rows whose item cannot be read may be theirs"))))
    return Missing(
        tuple(lacking),
        tuple(_said(lacking, ("is set to nothing (`missing: zero`)", "are set to nothing (`missing: zero`)"))),
    )


def _with(more: str) -> tuple[str, str]:
    return f"{_KEEPS[0]}{more}", f"{_KEEPS[1]}{more}"


def _said(levels: Collection[StockLevel], what: tuple[str, str]) -> Iterator[str]:
    """Yield a note for each warehouse; `what` becomes of one item, and of several."""
    for location, found in groupby(levels, attrgetter("location")):
        items = [level.item for level in found]
        more = f" and {len(items) - _SHOWN:,} more" if len(items) > _SHOWN else ""
        becomes = what[len(items) > 1]
        number = many(len(items), "item")
        yield f"{number} of {location} that this snapshot lacks {becomes}: {', '.join(items[:_SHOWN])}{more}"


def _asked(house: House, claim: Claim, lacking: Collection[StockLevel], rejected: int) -> Missing:
    """Open a reject for each item of which nobody was asked yet since it was told last."""
    asked = {
        (reject.channel, reject.number): reject.as_of
        for reject in house.ledger.rejects.find(claim.flow, None)
        if CODE in reject.codes and reject.state in {"open", "waived"}
    }
    new = [level for level in lacking if (at := asked.get((claim.channel, level.item))) is None or at < level.as_of]
    now, where = house.now(), claim.source.shown
    rejects, problems = [], []
    by_item = groupby(sorted(new, key=attrgetter("item")), attrgetter("item"))
    for number, (item, found) in enumerate(by_item, start=rejected + 1):
        identity = reject_id(claim.id, number)
        rejects.append(
            RejectRow(identity, claim.id, claim.flow, "stock", claim.channel, item, (CODE,), where, 0, now, claim.as_of)
        )
        for level in found:
            detail = {"on_hand": level.on_hand, "unit": level.unit, "location": level.location}
            told = Problem(CODE, value=item, detail={**detail, "since": f"{level.as_of:%Y-%m-%d %H:%M} UTC"})
            problems.append(
                ProblemRow(CODE, told.severity, told.message, told.remedy, value=item, number=item, reject_id=identity)
            )
    return Missing((), tuple(_said(lacking, _with(", and a person is asked"))), tuple(rejects), tuple(problems))
