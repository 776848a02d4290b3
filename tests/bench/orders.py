"""`orders`: CSV to CSV, the whole product against polars, frictionless and a naive script."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.bench import workspace
from tests.bench.inputs import Input, provide
from tests.bench.measure import Command, Contender, Figures
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name, ratio

SCRIPTS = Path(__file__).parent / "peers"
LINES = {20: 1_000_000, 79: 200_000}
BAD = 0.01


def product(given: Input, name: str = "product", targets: Iterable[str] = ("erp",)) -> Contender:
    """Return the product, from a file in the inbox to delivered files, as one `exchange run`."""

    def prepare(folder: Path) -> Command:
        workspace.build(folder, given.tables, targets)
        workspace.check(folder)
        workspace.drop(given.source, folder)
        return workspace.command(folder, "run", "orders", "--json")

    return Contender(name, prepare, given.facts["lines"], given.expects)


def with_workbook(given: Input) -> Contender:
    """Return the product where the rejects come as a workbook as well: what people correct, and no peer makes."""

    def prepare(folder: Path) -> Command:
        workspace.build(folder, given.tables, ("erp",))
        flow = folder / "mappings" / "flows" / "orders.yaml"
        flow.write_text(flow.read_text(encoding="utf-8").replace("workbook: false", "workbook: true"), encoding="utf-8")
        workspace.check(folder)
        workspace.drop(given.source, folder)
        return workspace.command(folder, "run", "orders", "--json")

    return Contender("with workbook", prepare, given.facts["lines"], given.expects)


def script(given: Input, name: str, *options: str) -> Contender:
    """Return the peer whose script is `<name>_script.py`."""
    checked = {"polars": given.expects}.get(name, {})
    arguments = [str(given.source)]
    if name != "frictionless":
        arguments.append(str(given.tables))

    def prepare(folder: Path) -> Command:
        target = [] if name == "frictionless" else [str(folder)]
        return Command([sys.executable, str(SCRIPTS / f"{name}_script.py"), *arguments, *target, *options], folder)

    return Contender(name, prepare, given.facts["lines"], checked)


def run(settings: Settings) -> Report:
    """Measure one file of order lines, 1 % of them bad."""
    lines = settings.lines or LINES[settings.columns]
    given = provide(settings.cache, lines=lines, columns=settings.columns, bad=BAD, seed=settings.seed)
    contenders = [
        product(given),
        with_workbook(given),
        *(script(given, name) for name in ("polars", "frictionless", "naive")),
    ]
    figures = settings.measure(contenders)
    facts = given.facts
    return Report(
        f"orders: {facts['lines']:,} lines, {facts['orders']:,} orders, {settings.columns} columns, "
        f"{facts['bytes'] / 1e6:.0f} MB, {facts['bad_lines']:,} bad lines",
        figures,
        "polars",
        _goals(figures),
        (
            "numbers of orders and lines, out and rejected, are as generated for product and polars, else no table",
            "product: validation, whole-order rejects with a reject file, a 100,000-row look-up, units, discounts, "
            "totals, archive, ledger, fsync; one process, and the start of Python (`exchange check` ran before, "
            "as after each edit)",
            "with workbook: the same, and all rejected rows as .xlsx (`rejects: {workbook: true}`, the default)",
            "polars: the same mapping on all cores; no ledger, fsync, archive, line numbers, totals or reasons",
            "frictionless: validation of the columns only; no mapping, look-up or rejects of whole orders",
            "naive: csv.DictReader and csv.writer; checks nothing, rejects nothing",
            "left out: a cold page cache, networks, a second file, XML (`xml`), other sizes (`memory`, `many`)",
        ),
    )


def _goals(figures: list[Figures]) -> list[Goal]:
    goals = []
    if (value := ratio(figures, "product", "polars")) is not None:
        goals.append(Goal("product / polars", value, 2.0))
    if (value := ratio(figures, "frictionless", "product")) is not None:
        goals.append(Goal("frictionless validate / product", value, 4.0, at_least=True))
    if (measured := by_name(figures, "product")) is not None:
        goals.append(Goal("product's peak memory", measured.peak_mb, 600, " MB"))
    return goals
