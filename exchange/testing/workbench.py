"""A workspace with two flows for trying a format: what the first one writes, the second one reads."""

from __future__ import annotations

import csv
import io
import os
import signal
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from exchange.assemble.plan import load_plan
from exchange.cli.main import run
from exchange.config.workspace import load_flows
from exchange.kernel.pipeline import Machine, machine_of

COLUMNS = ("number", "at", "status", "currency", "total", "note", "sku", "quantity", "price")
"""Columns of the orders that go through: six of the order, three of each line; each row has all of them."""
_LINES = COLUMNS[-3:]
_LONG_AGO = 1_700_000_000
_ENDPOINTS = "endpoints:\n  given: {path: data/given}\n  written: {path: data/written}\n  result: {path: data/result}\n"
_FLOW = """\
flow: %s
pick_up: [{from: %s, match: "*", mapping: kit/%s, then: keep}]
rules: {release: {otherwise: release}, filter_lines: {}, money: {allocate_discount: none}}
deliver: [{to: %s, mapping: kit/%s, name: "%s"}]
"""
_READS = """\
reads: order
format: %s
group: {key: number}
fields:
  order_number: {from: number}
  ordered_at: {from: at, steps: [{parse_datetime: {format: "%%Y-%%m-%%d", timezone: UTC}}]}
  payment_status: {from: status}
  currency: {from: currency}
  total: {from: total, steps: [decimal]}
  notes: {from: note}
lines:
  sku: {from: sku}
  quantity: {from: quantity, steps: [integer]}
  unit_price: {from: price, steps: [decimal]}
"""
_WRITES = """\
writes: order
format: %s
fields:
  number: {from: order_number}
  at: {from: ordered_at, steps: [{format_datetime: "%%Y-%%m-%%d"}]}
  status: {from: payment_status}
  currency: {from: currency}
  total: {from: total}
  note: {from: notes}
lines:
  sku: {from: sku}
  quantity: {from: quantity}
  price: {from: unit_price}
"""


class Workbench:
    """One workspace."""

    def __init__(self, root: Path, format_: str, suffix: str) -> None:
        """Write its files; `format_` is what stands behind `format:` in the mappings under test."""
        self.root = root
        files = {
            "exchange.yaml": _ENDPOINTS,
            "flows/write.yaml": _FLOW % ("write", "given", "given", "written", "written", "O_{claim}" + suffix),
            "flows/read.yaml": _FLOW % ("read", "written", "read", "result", "result", "R_{claim}.csv"),
            "kit/given.yaml": _READS % "{type: csv}",
            "kit/written.yaml": _WRITES % format_,
            "kit/read.yaml": _READS % format_,
            "kit/result.yaml": _WRITES % "{type: csv}",
        }
        for name, text in files.items():
            path = root / "mappings" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def put(self, folder: str, name: str, data: bytes) -> Path:
        """Put a file that is long complete into a folder below data/."""
        path = self.root / "data" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        os.utime(path, (_LONG_AGO, _LONG_AGO))
        return path

    def run(self, *words: str) -> tuple[int, str]:
        """Type a command; return its exit code and all that it said."""
        said = io.StringIO()
        handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            with redirect_stdout(said), redirect_stderr(said):
                code = run(["--workspace", str(self.root), *words])
        finally:  # a command watches for signals as if the process were its own
            for number, handler in handlers.items():
                signal.signal(number, handler)
        return code, said.getvalue()

    def written(self) -> list[Path]:
        """Return the files that the first flow delivered."""
        for path in (found := sorted((self.root / "data/written").iterdir())):
            os.utime(path, (_LONG_AGO, _LONG_AGO))
        return found

    def machine(self) -> Machine:
        """Return the compiled pick-up of the second flow: its reader, and how records are set aside."""
        return machine_of(load_plan(self.root, load_flows(self.root).flows["read"], 0))


def as_csv(rows: list[dict[str, str]]) -> bytes:
    """Return orders as the CSV that the first flow takes."""
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode()


def from_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows that the second flow delivered."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))
