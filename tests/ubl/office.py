"""A workspace that speaks UBL: orders, despatch advices and inventory reports, in and out, by the official schemas."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.flows.depot import SHIPMENTS_IN, STOCK_IN
from tests.flows.shop import EPOCH, Ran, Shop
from tests.samples.shared import shared

HERE = Path(__file__).parent
SHARED = shared("ubl")
NEEDS_SHARED = pytest.mark.skipif(not SHARED.is_dir(), reason=f"the UBL samples and schemas are not at {SHARED}")
KINDS = {"order": "UBL-Order-2.1", "despatch": "UBL-DespatchAdvice-2.1", "inventory": "UBL-InventoryReport-2.1"}
"""Name of a flow -> its schema."""
XSD = "mappings/schemas/ubl-2.1"
_FLOW = """\
flow: {kind}
pick_up:
  - {{from: {kind}, match: "*.xml", mapping: ubl/{kind}_in, settle: 1s, max_files: 10000}}
rules: {{release: {{otherwise: release}}}}
deliver:
  - {{to: erp, folder: {kind}, mapping: ubl/{kind}_out, name: "UBL_{{claim}}_{{part:03}}.xml", documents_per_file: 1}}
"""


class Office(Shop):
    """A workspace with one UBL flow for each kind of document."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        shutil.copytree(SHARED / "xsd-2.1", root / XSD)
        shutil.copytree(HERE / "mappings", root / "mappings/ubl")
        shutil.copytree(HERE / "templates", root / "templates/ubl")
        for kind in KINDS:
            (root / f"mappings/flows/{kind}.yaml").write_text(_FLOW.format(kind=kind), encoding="utf-8")
            (root / f"data/inbox/{kind}").mkdir(parents=True)
        places = "".join(f"  {kind}: {{type: local, path: data/inbox/{kind}}}\n" for kind in KINDS)
        self.edit("mappings/exchange.yaml", "endpoints:\n", f"endpoints:\n{places}")

    def read_csv_samples(self, kind: str) -> None:
        """Read a kind of document from the warehouse's own CSV report from now on."""
        inbound = {"despatch": SHIPMENTS_IN, "inventory": STOCK_IN}[kind]
        (self.root / f"mappings/ubl/{kind}_in.yaml").write_text(inbound, encoding="utf-8")
        self.edit(f"mappings/flows/{kind}.yaml", '"*.xml", mapping', '"*.csv", mapping')

    def bring(self, kind: str, name: str, content: bytes) -> None:
        """Put a file into the inbox of a kind of document."""
        path = self.root / f"data/inbox/{kind}/{name}"
        path.write_bytes(content)
        os.utime(path, (EPOCH, EPOCH))

    def take_in(self, kind: str, name: str, content: bytes) -> Ran:
        """Bring a file and run its flow."""
        self.bring(kind, name, content)
        return self.type("run", kind, "--json")

    def sent_files(self, ran: Ran) -> list[Path]:
        """Return the files that a run delivered."""
        return [self.root / made["path"] for row in ran.rows for made in row["outputs"]]


def documents(row: dict[str, Any]) -> str:
    """Return what became of a file in a few characters, for a table."""
    counts = row["counts"]["documents"]
    codes = ", ".join(f"{code} x{times}" if times > 1 else code for code, times in row["problems"].items())
    return f"read: {counts['out']} out" if counts["out"] == counts["in"] > 0 else codes
