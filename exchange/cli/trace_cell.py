"""`exchange trace cell`: from a place in a delivered file back to the partner's file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import rich_click as click

from exchange.assemble.explain_cell import Cell, cell
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_works import Place
from exchange.assemble.house import ledger_of
from exchange.cli.context import Refused, print_json
from exchange.cli.objects import delivery_object
from exchange.cli.telling import as_json, print_rows, rows_of, text_of
from exchange.cli.wording import clean
from exchange.config.workspace import load_flows
from exchange.kernel.exits import Exit

_PLACE = re.compile(r":([0-9]+):")


def trace_cell(root: Path, spec: str, *, json: bool) -> Exit:
    """Tell what the place `FILE:LINE:COLUMN` of a delivered file was made of."""
    with ledger_of(load_flows(root)) as ledger:
        try:
            found = cell(root, ledger, read_place(spec, root))
        except NotShown as fault:
            raise Refused(str(fault)) from fault
    if json:
        print_json(_as_json(found))
        return Exit.FINE
    for line in _head(found, spec):
        click.echo(line)
    if found.fields:
        click.echo()
        print_rows(row for shown in found.fields for row in rows_of(shown))
    return Exit.FINE


def read_place(spec: str, root: Path) -> Place:
    """Read `FILE:LINE:COLUMN`; names may hold colons, so what is a file decides. Raises Refused where it is none."""
    possible = [
        Place(Path(spec[: found.start()]), int(found[1]), spec[found.end() :])
        for found in _PLACE.finditer(spec)
        if found.start() and spec[found.end() :]
    ]
    if not possible:
        raise Refused(
            f"{spec!r} names no line and column: exchange trace cell FILE:LINE:COLUMN, for example "
            "data/outbox/erp/orders/SO_x.csv:2:Quantity"
        )
    there = (place for place in possible if any(path.is_file() for path in (place.file, root / place.file)))
    return next(there, possible[-1])


def _head(found: Cell, spec: str) -> Iterator[str]:
    claim, delivery = found.claim, found.delivery
    of_part = f", part {found.part}" if found.part > 1 else ""
    document, text = (
        f"{found.kind} {clean(found.document)}{of_part}",
        found.text if (found.text or "").strip() else None,
    )
    yield f"{clean(spec)} is {clean(found.what)} of {document}: {text_of(text)}"
    yield f"  from  {clean(claim.source.shown)}, taken {claim.claimed_at:%Y-%m-%d %H:%M:%S} UTC, now {found.original}"
    for record in found.records:
        yield f"        line {record.line}: {record.data!r}"
    yield f"  by    claim {claim.id} of flow {claim.flow}, delivery {delivery.id}"
    told = _told(found)
    for file, version in ((file, version) for file, version in found.versions.items() if file in told):
        yield f"        {file} version {version}" + (" (the mapping changed since)" if file in found.changed else "")
    for note in found.notes:
        yield f"  note  {clean(note)}"
    if found.changed:
        yield "  note  the mapping changed since: what follows is told by the files of today"
    if not found.fields:
        yield "  note  no field of the mapping stands there: the template itself writes it"


def _told(found: Cell) -> set[str]:
    """Return the files that made what stands there, and those that are of another version by now."""
    told = set(found.changed)
    before = (source.came for shown in found.fields for source in shown.sources if source.came is not None)
    for each in chain(found.fields, before):
        told |= {each.at.partition(":")[0], *(table.file for step in each.steps for table in step.tables)}
    return told


def _as_json(found: Cell) -> dict[str, object]:
    return {
        "what": found.what,
        "text": found.text,
        "document": f"{found.kind}/{found.claim.channel}/{found.document}",
        "part": found.part,
        "delivery": delivery_object(found.delivery),
        "flow": found.claim.flow,
        "claim": found.claim.id,
        "file": found.claim.source.shown,
        "original": str(found.original),
        "records": [{"line": record.line, "raw": repr(record.data)[2:-1]} for record in found.records],
        "versions": dict(found.versions),
        "changed": list(found.changed),
        "notes": list(found.notes),
        "fields": [as_json(shown) for shown in found.fields],
    }
