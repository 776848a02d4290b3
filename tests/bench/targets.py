"""`xml_out` and `flow`: XML out against CSV out, and the whole order flow against a naive script."""

from __future__ import annotations

from tests.bench.inputs import provide
from tests.bench.orders import BAD, product, script
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, ratio

FLOW_LINES = 250_000


def xml(settings: Settings) -> Report:
    """Measure the same input to WMS XML, each document validated, and to ERP CSV."""
    lines = settings.lines or 1_000_000
    given = provide(settings.cache, lines=lines, columns=settings.columns, bad=BAD, seed=settings.seed)
    figures = settings.measure([product(given, "to csv"), product(given, "to xml", ["wms"])])
    value = ratio(figures, "to xml", "to csv")
    goals = [] if value is None else [Goal("to XML / to CSV", value, 4.0)]
    notes = (
        "to xml: a Jinja2 template, every order validated against an XSD, one order per warehouse (all in one here)",
        "left out: several warehouses, notes and instructions, markup to escape in many cells",
    )
    return Report(f"xml: {lines:,} lines, {given.facts['orders']:,} orders", figures, "to csv", goals, notes)


def flow(settings: Settings) -> Report:
    """Measure WMS XML and ERP CSV from one file of all 79 columns."""
    lines = settings.lines or FLOW_LINES
    given = provide(settings.cache, lines=lines, columns=79, bad=BAD, seed=settings.seed)
    figures = settings.measure([product(given, targets=["erp", "wms"]), script(given, "naive", "--xml")])
    value = ratio(figures, "product", "naive")
    goals = [] if value is None else [Goal("product / naive", value, 4.0)]
    notes = (
        "product: both targets, every order validated against an XSD, one ledger, archive, fsync",
        "naive: csv.DictReader, csv.writer, XML by string; checks nothing, rejects nothing, splits nothing",
    )
    return Report(f"flow: {lines:,} lines of 79 columns to WMS XML and ERP CSV", figures, "naive", goals, notes)
