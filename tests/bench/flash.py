"""`flash`: a flash sale, an hour of exports that come once a minute, with stock kept meanwhile."""

from __future__ import annotations

from pathlib import Path

from tests.bench import workspace
from tests.bench.inputs import ORDERS_PER_LINE, Input, provide
from tests.bench.measure import Command, Contender
from tests.bench.orders import BAD
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name, ratio

ORDERS, MINUTES = 100_000, 60
HOUR = 3600
TARGETS = ("erp", "wms")
PLAIN = "  repeat: problem\n"
RULES = {
    "an hour of files": "  repeat: change\n  reserve: true\n",
    "without stock": "  repeat: change\n",
    "as it was": PLAIN,
}
"""Contender -> what stands in its flow in place of `repeat: problem`."""


def run(settings: Settings) -> Report:
    """Measure 100,000 orders in one hour of files: changes told, stock subtracted, to WMS XML and ERP CSV."""
    lines = settings.lines or round(ORDERS / ORDERS_PER_LINE)
    files = max(2, min(MINUTES, round(lines * ORDERS_PER_LINE / 20)))
    given = provide(settings.cache, lines=lines, columns=settings.columns, bad=BAD, seed=settings.seed, files=files)
    figures = settings.measure([_sale(given, name, rules) for name, rules in RULES.items()])
    goals = []
    if (value := ratio(figures, "an hour of files", "without stock")) is not None:
        goals.append(Goal("with stock / without", value, 1.2))
    if (measured := by_name(figures, "an hour of files")) is not None:
        goals.append(Goal("seconds for an hour of sale", measured.seconds, HOUR / 10, " s"))
        goals.append(Goal("peak memory", measured.peak_mb, 600, " MB"))
    return Report(
        f"flash: {given.facts['orders']:,} orders, {lines:,} lines in {files} files",
        figures,
        "as it was",
        goals,
        (
            "all files lie there when the run begins, as after an hour in which nothing ran: the worst case",
            "an hour of files: `repeat: change`, `reserve: true`, a part for each warehouse, both targets",
            "left out: snapshots and what channels are told meanwhile, which follow the items and not the orders",
        ),
    )


def _sale(given: Input, name: str, rules: str) -> Contender:
    def prepare(folder: Path) -> Command:
        workspace.build(folder, given.tables, TARGETS)
        flow = folder / "mappings" / "flows" / "orders.yaml"
        flow.write_text(flow.read_text(encoding="utf-8").replace(PLAIN, rules), encoding="utf-8")
        workspace.check(folder)
        workspace.drop(given.source, folder)
        return workspace.command(folder, "run", "orders", "--json")

    return Contender(name, prepare, given.facts["lines"], given.expects)
