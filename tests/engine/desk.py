"""What the tests of the engine work with: the starter's flow as a plan, exports as spans, a house in `tmp_path`."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from exchange.assemble.house import Session, house_of, ledger_of, recorded
from exchange.config.workspace import load_flows
from exchange.engine.decide import decide
from exchange.engine.discover import Ready
from exchange.engine.facts import Facts
from exchange.engine.gather import gather
from exchange.engine.house import House
from exchange.engine.prepare import prepare
from exchange.engine.prepared import Prepared, Spool
from exchange.engine.single import run_file
from exchange.kernel.layout import Layout
from exchange.kernel.model import Claim, FileReport, Origin, SourceFile, Span
from exchange.kernel.naming import claim_id
from exchange.kernel.pipeline import machine_of
from exchange.kernel.plan import Plan
from tests.flows.shop import INBOX, export, order
from tests.samples.shopify import COLUMNS, Line, Order, cell, render

__all__ = ["AS_OF", "Desk", "Line", "Order", "claim_of", "cut", "desk_in", "export", "order", "rows_of"]

AS_OF = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)


def rows_of(orders: Sequence[Order]) -> list[tuple[int, str]]:
    """Return (number of the order, its row as text) for every row of these orders."""
    return [(made.number, render(row) + "\n") for made in orders for row in made.rows()]


def header() -> str:
    """Return the header line of an export."""
    return ",".join(cell(name) for name in COLUMNS) + "\n"


def claim_of(name: str = "day.csv", *, origin: Origin = Origin.PICK_UP, as_of: datetime = AS_OF) -> Claim:
    """Return a claim of a file that nobody looks into."""
    sha256 = f"{abs(hash(name)):064x}"[:64]
    source = SourceFile("shopify", "orders", name, 1, int(as_of.timestamp()) * 10**9, f"data/inbox/{name}")
    identity = claim_id("orders", sha256, 1)
    return Claim(
        identity, "orders", sha256, 1, origin, source, 0, "shopify", "shopify/orders", as_of, as_of, then="archive"
    )


def cut(layout: Layout, plan: Plan, borders: Sequence[int]) -> list[Span]:
    """Return the file's records as spans that begin at the given records, whatever documents that tears apart."""
    [whole] = machine_of(plan).reader.spans(layout)
    where = machine_of(plan).reader.parse(whole, layout).positions
    places = list(
        zip(where.start.tolist(), where.length.tolist(), where.record.tolist(), where.file_line.tolist(), strict=True)
    )
    edges = [0, *sorted({border for border in borders if 0 < border < len(places)}), len(places)]
    return [Span(layout.path, tuple(places[start:end])) for start, end in pairwise(edges)]


class Desk:
    """A house and its flow's plan; no dataclass, because hypothesis prints those with all that is in them."""

    def __init__(self, house: House, plan: Plan, folder: Path) -> None:
        self.house = house
        self.plan = plan
        self.folder = folder

    def drop(self, name: str, *orders: Order, text: str = "") -> Ready:
        """Put an export into the inbox, long settled, and return it as ready."""
        path = self.house.root / INBOX / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text or export(*orders), encoding="utf-8")
        os.utime(path, (AS_OF.timestamp(),) * 2)
        [source] = [file for file in self.house.endpoints["shopify"].list("orders", "*").files if file.name == name]
        return Ready(source, 0)

    def run(self, name: str, *orders: Order, origin: Origin = Origin.PICK_UP) -> FileReport:
        """Carry an export to its end."""
        return self.carry(self.drop(name, *orders), origin)

    def carry(self, ready: Ready, origin: Origin = Origin.PICK_UP) -> FileReport:
        """Carry a file to its end."""
        made = run_file(self.house, ready, origin)
        assert made is not None
        return made

    def tree(self, folder: str) -> dict[str, bytes]:
        """Return the files below a folder of the workspace."""
        top = self.house.root / folder
        return {str(path.relative_to(top)): path.read_bytes() for path in sorted(top.rglob("*")) if path.is_file()}

    def layout(self, text: str | bytes, name: str = "day.csv") -> Layout:
        """Write an export and return its layout."""
        path = self.folder / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        survey = machine_of(self.plan).reader.survey(path)
        assert survey.layout is not None, survey.problems
        return survey.layout

    def prepared(self, text: str | bytes) -> Prepared:
        """Return the documents of a small export."""
        layout = self.layout(text)
        [span] = machine_of(self.plan).reader.spans(layout)
        return prepare(span, layout, self.plan)

    def spooled(self, layout: Layout, spans: Sequence[Span], claim: Claim) -> tuple[Spool, set[tuple[int, int]]]:
        """Prepare spans as `run` does, scattered documents gathered."""
        folder = self.house.work.folder(claim.id)
        folder.mkdir(parents=True, exist_ok=True)
        spool = Spool(folder)
        for span in spans:
            spool.add(prepare(span, layout, self.plan))
        void, gathered = gather(spool, layout, self.plan)
        for prepared in gathered:
            spool.add(prepared)
        return spool, void

    def decided(self, text: str | bytes, *, origin: Origin = Origin.PICK_UP) -> tuple[Prepared, Facts]:
        """Return the documents of a small export and what is decided on them."""
        claim = claim_of(origin=origin)
        layout = self.layout(text)
        spool, void = self.spooled(layout, list(machine_of(self.plan).reader.spans(layout)), claim)
        facts = decide(spool, void, claim, machine_of(self.plan).life, self.house.ledger, layout.reject_ids)
        return spool.get(0), facts


@contextmanager
def desk_in(root: Path, folder: Path, *, dry: bool = False) -> Iterator[Desk]:
    """Open the workspace `root` with its ledger; files of a test's own are written to `folder`."""
    setup = load_flows(root)
    with ledger_of(setup) as ledger, recorded(ledger, "test", []) as run:
        session = replace(Session(root, setup, ledger, run), dry=dry)
        with house_of(session, setup.flows["orders"]) as house:
            yield Desk(house, house.plan(0), folder)
