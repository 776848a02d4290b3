"""Conservation for any file: what came in is out, rejected, filtered or held; counted by record and by document."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from exchange.engine.balance import balance
from exchange.engine.batch import Batch, make_batch
from exchange.engine.decide import decide
from exchange.kernel.model import Claim
from exchange.kernel.pipeline import machine_of
from tests.engine.desk import Desk, Line, claim_of, cut, header, order, rows_of

LONG = "x" * 300
KINDS = {
    "good": lambda number: order(number, Line("TEA-ASSAM"), Line("BOWL-OAK", "2")),
    "pending": lambda number: replace(order(number, Line("TEA-MINT"), Line("TEA-MINT")), status="pending"),
    "refunded": lambda number: replace(order(number), status="refunded"),
    "partly fulfilled": lambda number: order(
        number, Line("POT-CAST", cells={"Lineitem fulfillment status": "fulfilled"}), Line("MUG-SAND")
    ),
    "gift card": lambda number: order(
        number, Line("BOOK-KNOTS"), Line("SOAP-OLIVE", cells={"Lineitem requires shipping": "false"})
    ),
    "at the till": lambda number: replace(order(number), to=None),
    "unknown item": lambda number: order(number, Line("TEA-ASSAM"), Line("NOT-SOLD")),
    "refused by a target": lambda number: order(number, Line("TEA-ASSAM", name=LONG), Line("LAMP-SHIP")),
    "sums": lambda number: replace(order(number), cells={"Total": "1.00"}),
}
DISPOSITION = {
    "good": "out",
    "pending": "held",
    "refunded": "filtered",
    "partly fulfilled": "out",
    "gift card": "out",
    "at the till": "out",
    "unknown item": "rejected",
    "refused by a target": "rejected",
    "sums": "rejected",
}
_claims = itertools.count()


def batch_of(desk: Desk, texts: list[str], borders: list[int] | None = None) -> tuple[Claim, Batch]:
    """Carry these rows through prepare, decide and finish, in spans that begin at the borders where they are given."""
    claim = claim_of(f"{next(_claims)}.csv")
    layout = desk.layout(header() + "".join(texts))
    reader = machine_of(desk.plan).reader
    spans = list(reader.spans(layout)) if borders is None else cut(layout, desk.plan, borders)
    spool, void = desk.spooled(layout, spans, claim)
    desk.house.ledger.claims.take(claim, desk.house.run)
    facts = decide(spool, void, claim, machine_of(desk.plan).life, desk.house.ledger, {})
    batch = make_batch(desk.house, claim, desk.plan, layout, spool, facts)
    balance(claim.id, batch.records, batch.documents, batch.ordinals, batch.tallies)
    return claim, batch


def written(desk: Desk, claim: Claim, batch: Batch, kind: str, endpoint: str) -> list[bytes]:
    """Return the artifacts of one sort."""
    folder: Path = desk.house.work.folder(claim.id)
    made = [artifact for artifact in batch.artifacts if (artifact.kind, artifact.endpoint) == (kind, endpoint)]
    return [(folder / artifact.work_path).read_bytes() for artifact in made]


def numbers(files: list[bytes], column: str) -> Counter[str]:
    """Return how many rows each order has in CSV files."""
    rows: Iterator[dict[str, str]] = (
        row for data in files for row in csv.DictReader(io.StringIO(data.decode(), newline=""))
    )
    return Counter(row[column].removeprefix("#") for row in rows)


@pytest.mark.parametrize("scattered", [False, True], ids=["together", "apart"])
@settings(
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(data=st.data(), kinds=st.lists(st.sampled_from(sorted(KINDS)), min_size=1, max_size=9))
def test_nothing_is_lost_or_doubled(desk: Desk, scattered: bool, data: st.DataObject, kinds: list[str]) -> None:
    orders = [KINDS[kind](1001 + place) for place, kind in enumerate(kinds)]
    rows = rows_of(orders)
    if scattered:
        queues = {number: [text for own, text in rows if own == number] for number, _ in rows}
        rows = [(number, queues[number].pop(0)) for number, _ in data.draw(st.permutations(rows))]
    borders = data.draw(st.lists(st.integers(1, max(1, len(rows) - 1)), max_size=3))

    claim, batch = batch_of(desk, [text for _, text in rows], borders)

    expected = Counter(DISPOSITION[kind] for kind in kinds)
    assert batch.documents.balanced
    assert batch.records.balanced
    assert {name: count for name, count in batch.documents.as_json().items() if name != "in" and count} == expected
    assert (batch.documents.total, batch.records.total) == (len(orders), len(rows))
    of = {place + 1001: kind for place, kind in enumerate(kinds)}
    sizes = Counter(number for number, _ in rows)
    by = {
        what: {str(n): sizes[n] for n, kind in of.items() if DISPOSITION[kind] == what} for what in DISPOSITION.values()
    }
    assert numbers(written(desk, claim, batch, "reject", ".rejects")[:1], "Name") == by["rejected"]
    assert numbers(written(desk, claim, batch, "held", ".held"), "Name") == by["held"]
    sold = {n: size - (of[int(n)] == "partly fulfilled") for n, size in by["out"].items()}
    assert numbers(written(desk, claim, batch, "output", "erp"), "OrderNumber") == sold
    shipped = b"".join(written(desk, claim, batch, "output", "wms"))
    for number, kind in of.items():
        in_wms = f"<OrderNumber>{number}<".encode() in shipped
        assert in_wms == (DISPOSITION[kind] == "out" and kind != "at the till")
    assert [reject.number for reject in batch.rejects] == list(
        dict.fromkeys(str(number) for number, _ in rows if str(number) in by["rejected"])
    )


def test_rejects_are_numbered_in_file_order_and_told_as_json(desk: Desk) -> None:
    orders = [KINDS["unknown item"](1001), KINDS["good"](1002), KINDS["sums"](1003)]

    claim, batch = batch_of(desk, [text for _, text in rows_of(orders)])

    assert [reject.id for reject in batch.rejects] == [f"{claim.id}-0001", f"{claim.id}-0002"]
    [table, told, book] = written(desk, claim, batch, "reject", ".rejects")
    assert table.count(b"LOOKUP_MISS") == 1
    assert book.startswith(b"PK"), "the same as a workbook"
    problems = [json.loads(line) for line in told.splitlines()]
    assert [(problem["document"], problem["code"], problem["line"]) for problem in problems] == [
        ("1001", "LOOKUP_MISS", 3),
        ("1003", "TOTALS_MISMATCH", 6),
    ]
    assert batch.problem_counts == {"LOOKUP_MISS": 1, "TOTALS_MISMATCH": 1}


def test_unreadable_record_of_no_known_document_is_a_document_of_its_own(desk: Desk) -> None:
    good, torn = rows_of([order(1001), order(1002)])

    claim, batch = batch_of(desk, [good[1], torn[1].rstrip("\n") + ",one more\n"])

    assert (batch.documents.out, batch.documents.rejected) == (1, 1)
    assert (batch.records.out, batch.records.rejected) == (1, 1)
    assert [(reject.number, reject.problems[0].code) for reject in batch.rejects] == [("1002", "ROW_TOO_LONG")]
    [told] = written(desk, claim, batch, "reject", ".rejects")
    assert json.loads(told)["raw"].endswith(",one more")
