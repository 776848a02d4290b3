"""The samples in the repository are what the generator writes, and say what they claim to say."""

from __future__ import annotations

import csv
import io
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from exchange.config.models import TableSchema
from exchange.kernel.catalogue import CATALOGUE
from exchange.kernel.catalogue_files import FILE_ENTRIES
from tests.samples.make_orders import UNUSED
from tests.samples.rules import RULES

ROOT = Path(__file__).parents[2]
ORDERS = ROOT / "samples" / "orders"
WITHOUT_SAMPLE = {
    "RECORD_TOO_LARGE",
    "DOCUMENT_TOO_LARGE",
    "WRONG_ENCODING",
    "ILLEGAL_CHARACTER",
    "NEWER_VERSION_KNOWN",
    "REJECT_NOT_OPEN",
    "REJECT_OF_ANOTHER",
    "POISON_FILE",
    "COPY_LOST",
    *(entry.code for entry in FILE_ENTRIES if entry.code.startswith("ARCHIVE_")),
    *UNUSED,
}
"""What no small CSV file can show; samples/README.md says so."""
OF_DATA = {entry.code for entry in CATALOGUE.values() if entry.scope != "configuration"}
"""Codes that files of partners can have; the others are of the workspace."""


def read(name: str) -> list[dict[str, str]]:
    """Return the rows of a sample that the csv module can read."""
    text = (ORDERS / name).read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_repository_holds_what_the_generator_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "tests.samples.make_orders", str(tmp_path)], cwd=ROOT, check=True)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert len(written) == 23 + sum(len(rule.exports) for rule in RULES)
    for name, data in written.items():
        assert (ROOT / "samples" / name).read_bytes() == data, f"{name}: run python -m tests.samples.make_orders"
    kept = {path.relative_to(ROOT / "samples") for path in ORDERS.rglob("*") if path.is_file()}
    assert kept <= set(written)


def test_columns_are_those_of_the_schema_in_order() -> None:
    raw = YAML(typ="safe").load((ROOT / "mappings/schemas/shopify_orders.yaml").read_text(encoding="utf-8"))
    names = [field.name for field in TableSchema.model_validate(raw).fields]
    assert len(names) == 79
    assert list(read("01_clean_day.csv")[0]) == names
    assert list(read("05_older_export.csv")[0]) == names[:47]


def test_every_problem_code_that_a_file_can_show_is_shown() -> None:
    page = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    preface, files = page.split("\n## ", 1)
    assert {code for code in OF_DATA if re.search(rf"\b{code}\b", files)} == OF_DATA - WITHOUT_SAMPLE
    assert {code for code in OF_DATA if re.search(rf"\b{code}\b", preface)} == WITHOUT_SAMPLE


@pytest.mark.parametrize("name", ["01_clean_day.csv", "05_older_export.csv", "06_windows.csv", "07_old_mac.csv"])
def test_amounts_of_good_orders_add_up(name: str) -> None:
    orders: dict[str, list[dict[str, str]]] = {}
    for row in read(name):
        orders.setdefault(row["Name"], []).append(row)
    for number, (head, *tail) in orders.items():
        lines = [Decimal(row["Lineitem quantity"]) * Decimal(row["Lineitem price"]) for row in (head, *tail)]
        assert sum(lines) - Decimal(head["Discount Amount"]) == Decimal(head["Subtotal"]), number
        charged = ("Subtotal", "Shipping", "Taxes", "Duties")
        assert sum(Decimal(head.get(column) or "0") for column in charged) == Decimal(head["Total"]), number
        assert all(row["Total"] == "" for row in tail), number


def test_there_are_sixty_orders_and_more() -> None:
    page = (ROOT / "samples" / "README.md").read_text(encoding="utf-8")
    assert len(set(re.findall(r"^\| (\d{4}) \|", page, re.MULTILINE))) >= 60


def test_rows_of_scattered_orders_lie_apart() -> None:
    names = [row["Name"] for row in read("04_scattered.csv")]
    assert names.count("#4001") == 3
    assert names.index("#4001") == 0
    assert names[-1] == "#4001"
