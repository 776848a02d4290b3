"""How old each document of a file is, where a column says so; a file is as old as its newest document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.age import not_in_name
from exchange.engine.group import Grouping
from exchange.engine.house import House, pick_up_of
from exchange.engine.prepared import Prepared, Spool
from exchange.engine.returned import taken_back
from exchange.kernel.chunk import CellFailure, Ints
from exchange.kernel.document_rows import KnownDocument
from exchange.kernel.layout import Survey
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import Columns, Machine, machine_of
from exchange.kernel.plan import Plan

AGE = "_as_of"
"""Column of the header with the age of each document; there is none where the whole file has one age."""
MOMENT = pa.timestamp("us", tz="UTC")
COUNTED = "counted_at"
"""Field of documents with when their figures were as they say."""


def surveyed(house: House, claim: Claim, plan: Plan) -> Survey:
    """Return the first look at a claimed file; one whose name was to say how old it is, and does not, is refused.

    What comes back corrected has another name, and is as old as what it corrects.
    """
    machine = machine_of(plan)
    survey = taken_back(house, claim, plan, machine) or machine.reader.survey(house.work.source(claim.id))
    problem = not_in_name(house.flow, pick_up_of(house.flow, claim), claim)
    if problem is None or survey.layout is None or survey.layout.reject_ids or survey.back:
        return survey
    return replace(survey, problems=(*survey.problems, problem))


def document_ages(machine: Machine, columns: Columns, grouping: Grouping) -> tuple[pa.Array | None, list[CellFailure]]:
    """Return the age of each document, null where it has none, and what is wrong, by row; None where no column says.

    The newest cell of a document's rows counts: each line may say when it was touched.
    """
    if machine.ages is None:
        return None, []
    cells = columns.get(machine.age_column)
    found = machine.ages(pa.nulls(len(grouping.owner), pa.string()) if cells is None else cells)
    newest = np.full(grouping.size, np.iinfo(np.int64).min)
    np.maximum.at(newest, grouping.owner[found.known], found.moments[found.known])
    known = np.zeros(grouping.size, bool)
    known[grouping.owner[found.known]] = True
    wrong = np.zeros(grouping.size, bool)
    wrong[grouping.owner[[failure.row for failure in found.failures]]] = True
    column = machine.age_column
    blank = [CellFailure(row, column, column, None, "AS_OF_MISSING") for row in grouping.head[~known & ~wrong].tolist()]
    return pa.array(np.where(known, newest, 0), pa.int64(), mask=~known).cast(MOMENT), [*found.failures, *blank]


def with_ages(header: pa.Table, ages: pa.Array | None) -> pa.Table:
    """Return the documents with their ages beside them."""
    return header if ages is None else header.append_column(AGE, ages)


def aged(claim: Claim, spool: Spool) -> Claim:
    """Return the claim as old as its newest document; as it is where no column says how old they are."""
    newest = _newest(spool, AGE)
    return claim if newest is None else replace(claim, as_of=newest)


def counted(spool: Spool) -> datetime | None:
    """Return when the newest figures of a file were counted; None where its documents do not say it."""
    return _newest(spool, COUNTED)


def _newest(spool: Spool, column: str) -> datetime | None:
    newest: datetime | None = None
    for index in range(len(spool)):
        header = spool.get(index, lines=False).header
        if column not in header.column_names:
            return None
        here = pc.max(header.column(column)).as_py()
        newest = here if newest is None or (here is not None and here > newest) else newest
    return newest


def own_ages(
    headers: Sequence[Prepared], numbers: Sequence[pa.Array], known: Mapping[str, KnownDocument]
) -> dict[str, datetime]:
    """Return the ages of documents that are known to the ledger, by number, where a column says them."""
    found: dict[str, datetime] = {}
    if not known:
        return found
    wanted = pa.array(sorted(known), pa.string())
    for prepared, column in zip(headers, numbers, strict=True):
        if AGE in prepared.header.column_names:
            rows = np.flatnonzero(pc.is_in(column, value_set=wanted).to_numpy(zero_copy_only=False))
            moments = ages_of(prepared, rows)
            found |= {column[row].as_py(): age for row, age in moments.items()}
    return found


def ages_of(prepared: Prepared, rows: Ints) -> dict[int, datetime]:
    """Return the ages of some documents of a span, by row; those that tell none are left out."""
    if AGE not in prepared.header.column_names:
        return {}
    moments = prepared.header.column(AGE).take(pa.array(rows)).to_pylist()
    return {row: moment for row, moment in zip(rows.tolist(), moments, strict=True) if moment is not None}
