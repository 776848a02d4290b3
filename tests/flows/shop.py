"""A shop with a workspace of its own, driven as a person drives it: files dropped, commands typed, results read."""

from __future__ import annotations

import atexit
import csv
import io
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from exchange.assemble.house import ledger_of
from exchange.cli.main import run
from exchange.config.workspace import load_flows
from exchange.kernel.claim_rows import Delivery
from exchange.kernel.ledger import ActionRow
from tests.samples.people import JONAS, MARA
from tests.samples.shopify import COLUMNS, Line, Order, cell, render

__all__ = ["INBOX", "JONAS", "MARA", "REJECTED_COLUMNS", "Line", "Order", "Ran", "Shop", "export", "order"]

INBOX = "data/inbox/shopify/orders"
REJECTED_COLUMNS = ("_reject_id", "_line", "_field", "_value", "_code", "_message", "_remedy")
EPOCH = 1_767_258_000
"""2026-01-01 09:00 UTC; files are dropped with times counted in days from here, long settled."""
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Ran:
    """How one command ended."""

    exit: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        """The only JSON object on stdout."""
        [row] = self.rows
        return row

    @property
    def documents(self) -> dict[str, int]:
        """The document counts of the only file."""
        counts: dict[str, int] = self.row["counts"]["documents"]
        return counts


def order(number: int, *lines: Line, **changes: Any) -> Order:
    """Return a good, paid order of one line to Hamburg, but for what is said."""
    return replace(
        Order(number, "", lines or (Line("TEA-ASSAM", "2"),), MARA, at="2026-03-02 09:00:00 +0100"), **changes
    )


def export(
    *orders: Order, columns: Iterable[str] = COLUMNS, end: str = "\n", extra: Mapping[str, str] | None = None
) -> str:
    """Return an export of these orders as text; `extra` adds columns with one value for all rows."""
    added = extra or {}
    names = (*columns, *added)
    rows = [{**row, **added} for order in orders for row in order.rows()]
    return "".join(
        line + end for line in (",".join(cell(name) for name in names), *(render(row, names) for row in rows))
    )


class Shop:
    """One workspace."""

    def __init__(self, root: Path, *, init: bool = True) -> None:
        self.root = root
        self._dropped = 0
        if init:
            shutil.copytree(_started(), root, copy_function=shutil.copyfile, ignore=_RULE_SAMPLES, dirs_exist_ok=True)

    # --- acting ------------------------------------------------------------------------------------------------
    def type(self, *words: str, workspace: bool = True) -> Ran:
        """Run a command in this process and return how it ended."""
        out, err = io.StringIO(), io.StringIO()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            with redirect_stdout(out), redirect_stderr(err):
                code = run([*(("--workspace", str(self.root)) if workspace else ()), *words])
        finally:  # the command watches for signals as if the process were its own
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return Ran(code, out.getvalue(), err.getvalue())

    def drop(self, name: str, content: bytes | str | Order | Iterable[Order], *, day: float | None = None) -> Path:
        """Put a file into the inbox, `day` days after 2026-01-01 (each file a day later than the one before)."""
        if isinstance(content, Order):
            content = export(content)
        elif not isinstance(content, (bytes, str)):
            content = export(*content)
        path = self.root / INBOX / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        self._dropped += 1
        self.age(path, self._dropped if day is None else day)
        return path

    def age(self, path: Path, day: float) -> None:
        """Set a file's modification time to so many days after 2026-01-01."""
        os.utime(path, (EPOCH + day * DAY,) * 2)

    def take(self, name: str, content: bytes | str | Order | Iterable[Order], *, day: float | None = None) -> Ran:
        """Drop a file, run the flow with --json, and return how it ended."""
        self.drop(name, content, day=day)
        return self.type("run", "orders", "--json")

    def edit(self, file: str, old: str, new: str) -> None:
        """Change a file of the workspace; `old` has to be in it."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} does not hold {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")

    # --- looking -----------------------------------------------------------------------------------------------
    def files(self, folder: str) -> list[Path]:
        """Return the files below a folder of the workspace, by name; temporary ones too."""
        return sorted(path for path in (self.root / folder).rglob("*") if path.is_file())

    def originals(self) -> list[Path]:
        """Return the archived originals: what was sent is kept beside them, in folders `<claim>.sent`."""
        return [path for path in self.files("data/archive") if path.parent.suffix != ".sent"]

    def wms(self, ran: Ran | None = None) -> list[etree._Element]:
        """Return the `Order` elements that the WMS got, in all or by one run."""
        return [element for path in self._outputs("wms", ran) for element in etree.parse(path).getroot()]

    def erp(self, ran: Ran | None = None) -> list[dict[str, str]]:
        """Return the rows that the ERP got, in all or by one run."""
        return [row for path in self._outputs("erp", ran) for row in read_csv(path.read_bytes().decode())]

    def sent(self, ran: Ran | None = None) -> tuple[set[str], set[str]]:
        """Return the order numbers that the WMS and the ERP got."""
        wms = {element.findtext("OrderNumber") or "" for element in self.wms(ran)}
        return wms, {row["OrderNumber"] for row in self.erp(ran)}

    def reject_file(self, ran: Ran) -> Path:
        """Return the reject CSV of the only file of a run."""
        [name] = [name for name in ran.row["rejects"] if name.endswith(".csv")]
        return self.root / str(name)

    def problems(self, ran: Ran) -> list[dict[str, Any]]:
        """Return the problems in the reject .jsonl of the only file of a run."""
        [path] = [self.root / name for name in ran.row["rejects"] if name.endswith(".jsonl")]
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]

    def open_rejects(self) -> list[dict[str, Any]]:
        """Return what `rejects list --json` prints."""
        return self.type("rejects", "list", "--json").rows

    def trace(self, number: int | str) -> list[dict[str, Any]]:
        """Return what `trace order NUMBER --json` prints."""
        return self.type("trace", "order", str(number), "--json").rows

    def content(self) -> dict[str, bytes]:
        """Return the content of every file but the locks (they hold a process id)."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for path in self.files(".")
            if path.suffix != ".lock" and path.parent.name != "locks"
        }

    def ledger_actions(self) -> list[ActionRow]:
        """Return what people did by hand, as the ledger has it."""
        with ledger_of(load_flows(self.root)) as ledger:
            return ledger.runs.actions()

    def deliveries(self, ran: Ran) -> list[Delivery]:
        """Return the deliveries of the outputs of the only file of a run, in their order."""
        with ledger_of(load_flows(self.root)) as ledger:
            known = ledger.claims.sealed(str(ran.row["claim"])).deliveries
        return [delivery for delivery in known if delivery.artifact.kind == "output"]

    def _outputs(self, endpoint: str, ran: Ran | None) -> list[Path]:
        if ran is None:
            return self.files(f"data/outbox/{endpoint}/orders")
        return [self.root / out["path"] for row in ran.rows for out in row["outputs"] if out["endpoint"] == endpoint]


def read_csv(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


_RULE_SAMPLES = shutil.ignore_patterns("rules")
"""Hundreds of files that no scene of the starter needs."""


@cache
def _started() -> Path:
    """Return a workspace that `init` made and `check` found sound, once for each process: scenes work in copies."""
    folder = tempfile.mkdtemp(prefix="exchange-started-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    made = Shop(Path(folder) / "ws", init=False)
    assert made.type("init", str(made.root), workspace=False).exit == 0
    assert made.type("check").exit == 0
    return made.root


def bare(root: Path) -> Shop:
    """Return a workspace of which nothing is set up but one endpoint."""
    shop = Shop(root, init=False)
    (root / "mappings").mkdir(parents=True)
    text = "endpoints:\n  erp: {type: local, path: data/outbox/erp}\n"
    (root / "mappings/exchange.yaml").write_text(text, encoding="utf-8")
    return shop
