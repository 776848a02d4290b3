"""`exchange demo`: two days of samples through every flow of a fresh workspace, and what became of them."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import rich_click as click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from exchange.assemble.clock import now
from exchange.assemble.house import Session, ledger_of, recorded
from exchange.assemble.schema_files import export
from exchange.cli.choice import Choice
from exchange.cli.context import Refused
from exchange.cli.demo_sums import Places, order_sums, orders_table, places, places_table, to_ship
from exchange.cli.outcome import Outcome
from exchange.cli.working import events
from exchange.config.endpoints import LocalEndpoint
from exchange.config.models import Flow
from exchange.config.scaffold import in_the_way, write_starter
from exchange.config.tables import load_tables
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport
from exchange.rules.supply import PACKS, packs_in

_DAY = timedelta(days=1)
_COUNTED, _EXPORTED = timedelta(hours=12), timedelta(hours=6)
"""How long before the runs of a day the warehouse counted, and the shop wrote its first export."""
_APART = timedelta(minutes=1)
"""Between two exports of a day."""
_SECOND_DAY = {"orders": "09", "stock": "02"}
"""The samples of a flow from this name on belong to the second day."""
_STOCK, _WMS = "samples/stock/starter", "data/outbox/wms/orders"
_ORDERS, _SPLIT, _RESERVE = "mappings/flows/orders.yaml", "  split: warehouse\n", "  reserve: true\n"


@dataclass(frozen=True, slots=True)
class Played:
    """What two days came to."""

    dropped: int
    outcome: Outcome
    orders: dict[str, int]
    places: tuple[Places, ...]
    """Of the evening of each day."""


@click.command()
@click.argument(
    "folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path("exchange-demo")
)
def demo(folder: Path) -> Exit:
    """Make a workspace in DIR (default: exchange-demo), play two days of its samples, and show the result.

    Orders and stock come in, orders change and are cancelled, and in the end the sums agree. Everything is real: the
    files stay to be looked at. The samples hold mistakes on purpose; finding them is fine here.
    """
    if in_the_way(folder):
        raise Refused(f"{folder} holds a workspace already: name another folder, for example exchange demo demo2")
    write_starter(folder)
    _add_stock(folder)
    export(folder)
    played = _play(load_flows(folder.resolve()))
    for failed in played.outcome.failed:
        click.echo(f"{failed.flow}: {failed.file}: {failed.message}", err=True)
    console = Console(width=None if os.isatty(1) else 120, highlight=False)
    _show(console, folder, played)
    return Exit.FINE if not played.outcome.failed else played.outcome.exit


def _add_stock(folder: Path) -> None:
    """Add the flow of stock that comes with the samples, and subtract orders from stock."""
    shutil.copytree(folder / _STOCK, folder, dirs_exist_ok=True)
    orders = folder / _ORDERS
    text = orders.read_text(encoding="utf-8")
    orders.write_text(text.replace(_SPLIT, _SPLIT + _RESERVE, 1), encoding="utf-8")


def _play(setup: Setup) -> Played:
    """Play yesterday and today, each with its files and one run of every flow."""
    outcome, dropped, evenings = Outcome(), 0, []
    packs, before = packs_in(load_tables(setup.root, [PACKS])), dict[tuple[str, str], Decimal]()
    with ledger_of(setup) as ledger, recorded(ledger, "demo", outcome.codes) as number:
        for day, evening in enumerate((now() - _DAY, now())):

            def clock(evening: datetime = evening) -> datetime:
                return evening

            for flow in setup.flows.values():
                dropped += _drop_samples(setup, flow, day, evening)
            session = Session(setup.root, setup, ledger, number, now=clock)
            for flow in setup.flows.values():
                for event in events(session, flow, Choice()):
                    outcome.add(event)
            session.places.close()
            shipped = to_ship(setup.root / _WMS)
            since = {place: shipped.get(place, 0) - before.get(place, Decimal(0)) for place in {*shipped, *before}}
            evenings.append(places(ledger, packs, since))
            before = shipped
        return Played(dropped, outcome, order_sums(ledger, "orders", outcome.reports), tuple(evenings))


def _drop_samples(setup: Setup, flow: Flow, day: int, evening: datetime) -> int:
    """Copy a day's samples/<flow>/* into the flow's first inbox, oldest first by name; return how many."""
    pick_up = flow.pick_up[0]
    endpoint = setup.workspace.endpoints.get(pick_up.from_)
    if not isinstance(endpoint, LocalEndpoint):
        return 0
    inbox = setup.root / endpoint.path / pick_up.folder
    inbox.mkdir(parents=True, exist_ok=True)
    second = _SECOND_DAY.get(flow.flow, "")
    samples = sorted((setup.root / "samples" / flow.flow).glob(pick_up.match))
    todays = [sample for sample in samples if (sample.name >= second) == bool(day)]
    begins = evening - (_COUNTED if pick_up.stock else _EXPORTED)
    for number, sample in enumerate(todays):
        copy = inbox / sample.name
        shutil.copyfile(sample, copy)
        os.utime(copy, ((begins + number * _APART).timestamp(),) * 2)
    return len(todays)


def _show(console: Console, folder: Path, played: Played) -> None:
    reports = played.outcome.reports
    flows = len({report.flow for report in reports})
    console.print(f"{played.dropped} sample files of two days went through {flows} flows:\n")
    console.print(_files(reports))
    console.print(_outputs(reports))
    problems: Counter[str] = Counter()
    for report in reports:
        problems.update(report.problems)
    if problems:
        console.print(_problems(problems))
    console.print(orders_table(played.orders))
    console.print(places_table(played.places))
    console.print("Look at:")
    for place, what in (
        ("data/outbox/wms/orders", "XML for the warehouse, each order checked against mappings/schemas/wms_orders.xsd"),
        ("data/outbox/erp/orders", "CSV for the ERP"),
        ("data/inbox/shopify/stock", "what the shop was told it may sell"),
        (
            "data/rejects/orders",
            "rejected orders with the reason on each row: fix a cell, drop the file into the inbox",
        ),
        ("data/archive/orders", "the originals, byte for byte"),
        ("mappings/shopify/orders.yaml", "how a shop's columns become an order"),
    ):
        console.print(f"  {folder / place}  {what}", soft_wrap=True)
    held = next((report for report in reports if report.documents.held), None)
    console.print("\nTry next:")
    console.print(f"  cd {folder}")
    console.print("  exchange status")
    console.print("  exchange rejects list")
    console.print("  exchange trace order 1002")
    console.print("  exchange trace stock TEA-ASSAM")
    if held is not None:
        console.print("  exchange trace order NUMBER   and   exchange release order NUMBER   for one that is held")


def _files(reports: list[FileReport]) -> Table:
    table = Table(box=SIMPLE, title="What came in, and what became of it", title_justify="left")
    table.add_column("flow")
    table.add_column("file")
    for name in ("in", "out", "rejected", "filtered", "held"):
        table.add_column(name, justify="right")
    table.add_column("")
    for report in reports:
        found = report.documents
        numbers = (found.total, found.out, found.rejected, found.filtered, found.held)
        said = {"done": "", "rejected": "rejected whole"}.get(report.state, report.state)
        table.add_row(report.flow, report.file, *(str(number) if number else "-" for number in numbers), said)
    return table


def _outputs(reports: list[FileReport]) -> Table:
    table = Table(box=SIMPLE, title="What went out", title_justify="left")
    table.add_column("target")
    table.add_column("file", overflow="fold")
    table.add_column("records", justify="right")
    for report in reports:
        for output in report.outputs:
            table.add_row(str(output["endpoint"]), str(output["path"]), str(output["records"]))
    return table


def _problems(problems: Counter[str]) -> Table:
    table = Table(box=SIMPLE, title="Why (exchange explain CODE tells more)", title_justify="left")
    table.add_column("times", justify="right")
    table.add_column("code")
    table.add_column("meaning")
    for code, number in problems.most_common():
        table.add_row(str(number), code, CATALOGUE[code].title)
    return table
