"""What a seal records for guards, in the seal's own transaction."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, insert
from sqlalchemy.dialects.sqlite import insert as upsert

from exchange.kernel.guard_rows import Baseline, Notice
from exchange.state.guard_tables import guard_baselines, notices
from exchange.state.rows import micros


def write_notices(connection: Connection, found: Sequence[Notice]) -> None:
    """Queue what people are to be told."""
    rows = [
        {"kind": each.kind, "flow": each.flow, "subject": each.subject, "text": each.text, "at": micros(each.at)}
        for each in found
    ]
    if rows:
        connection.execute(insert(notices), rows)


def write_baseline(connection: Connection, claim: Row[Any], baseline: Baseline) -> None:
    """Record what the next file is compared with; an older file never takes a newer one's place."""
    values = {
        "claim": claim.seq,
        "as_of": micros(baseline.as_of),
        "records": baseline.records,
        "columns": json.dumps(baseline.columns),
        "items": baseline.items,
    }
    new = upsert(guard_baselines).values(flow=claim.flow, pick_up=baseline.pick_up, **values)
    newer = new.excluded.as_of >= guard_baselines.c.as_of
    connection.execute(new.on_conflict_do_update(["flow", "pick_up"], set_=values, where=newer))
