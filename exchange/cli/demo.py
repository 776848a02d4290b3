"""`exchange demo`: the samples through every flow of a fresh workspace, and what became of them."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from pathlib import Path

import rich_click as click
from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from exchange.assemble.house import Session, ledger_of, recorded
from exchange.cli.context import Refused
from exchange.cli.run import Choice, Outcome, events
from exchange.config.endpoints import LocalEndpoint
from exchange.config.scaffold import in_the_way, write_starter
from exchange.config.workspace import Setup, load_flows
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport

_SAMPLE_DAY = 1_767_258_000
"""Modification time of the first sample, seconds since 1970: 2026-01-01 09:00 UTC; each next one is a day later."""
_DAY = 86_400


@click.command()
@click.argument(
    "folder", metavar="[DIR]", type=click.Path(path_type=Path, file_okay=False), default=Path("exchange-demo")
)
def demo(folder: Path) -> Exit:
    """Make a workspace in DIR (default: exchange-demo), run its samples through every flow, and show the result.

    Everything is real: the files stay to be looked at. The samples hold mistakes on purpose; finding them is fine here.
    """
    if in_the_way(folder):
        raise Refused(f"{folder} holds a workspace already: name another folder, for example exchange demo demo2")
    write_starter(folder)
    root = folder.resolve()
    setup = load_flows(root)
    dropped = _drop_samples(setup)
    outcome = Outcome()
    with ledger_of(setup) as ledger, recorded(ledger, "demo", outcome.codes) as number:
        for flow in setup.flows.values():
            for event in events(Session(root, setup, ledger, number), flow, Choice()):
                outcome.add(event)
    for failed in outcome.failed:
        click.echo(f"{failed.flow}: {failed.file}: {failed.message}", err=True)
    console = Console(width=None if os.isatty(1) else 120, highlight=False)
    _show(console, folder, outcome, dropped)
    return Exit.FINE if not outcome.failed else outcome.exit


def _drop_samples(setup: Setup) -> int:
    """Copy samples/<flow>/* into the flow's first inbox, oldest first by name."""
    dropped = 0
    for flow in setup.flows.values():
        pick_up = flow.pick_up[0]
        endpoint = setup.workspace.endpoints[pick_up.from_]
        if not isinstance(endpoint, LocalEndpoint):
            continue
        inbox = setup.root / endpoint.path / pick_up.folder
        inbox.mkdir(parents=True, exist_ok=True)
        for number, sample in enumerate(sorted((setup.root / "samples" / flow.flow).glob(pick_up.match))):
            copy = inbox / sample.name
            shutil.copyfile(sample, copy)
            os.utime(copy, (_SAMPLE_DAY + number * _DAY,) * 2)
            dropped += 1
    return dropped


def _show(console: Console, folder: Path, outcome: Outcome, dropped: int) -> None:
    reports = outcome.reports
    console.print(f"{dropped} sample files went through {len({report.flow for report in reports})} flow:\n")
    console.print(_files(reports))
    console.print(_outputs(reports))
    problems: Counter[str] = Counter()
    for report in reports:
        problems.update(report.problems)
    if problems:
        console.print(_problems(problems))
    console.print("Look at:")
    for place, what in (
        ("data/outbox/wms/orders", "XML for the warehouse, each order checked against mappings/schemas/wms_orders.xsd"),
        ("data/outbox/erp/orders", "CSV for the ERP"),
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
    console.print("  exchange trace order 1001")
    if held is not None:
        console.print("  exchange trace order NUMBER   and   exchange release order NUMBER   for one that is held")


def _files(reports: list[FileReport]) -> Table:
    table = Table(box=SIMPLE, title="What came in, and what became of it (orders)", title_justify="left")
    table.add_column("file")
    for name in ("in", "out", "rejected", "filtered", "held"):
        table.add_column(name, justify="right")
    table.add_column("")
    for report in reports:
        found = report.documents
        numbers = (found.total, found.out, found.rejected, found.filtered, found.held)
        said = {"done": "", "rejected": "rejected whole"}.get(report.state, report.state)
        table.add_row(report.file, *(str(number) if number else "-" for number in numbers), said)
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
