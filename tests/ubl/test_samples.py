"""The 82 UBL samples: each read by one generic mapping, or refused with the right problem by all three.

`pytest -s tests/ubl/test_samples.py` prints the table.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ubl.office import KINDS, NEEDS_SHARED, SHARED, Office, documents

pytestmark = [NEEDS_SHARED, pytest.mark.slow]
OTHER = "XML_WRONG_ROOT"
EXPECTED = {
    "order/BII03 Order example 01.xml": "read: 1 out",
    # Its addresses are in the country `xxx`.
    "order/CENBII-Order-maximal.xml": "UNKNOWN_COUNTRY",
    # Valid by the schema, and without number, price, currency and total.
    "order/CENBII-Order-minimal.xml": "GROUP_KEY_MISSING, REQUIRED_MISSING x3",
    "order/UBL-Order-2.0-Example-International.xml": "read: 1 out",
    "order/UBL-Order-2.0-Example.xml": "read: 1 out",
    "order/UBL-Order-2.1-Example.xml": "read: 1 out",
    "despatchadvice/UBL-DespatchAdvice-2.0-Example.xml": "read: 1 out",
    "inventoryreport/UBL-InventoryReport-2.1-Example.xml": "read: 3 out",
}
"""What the mapping of its kind makes of a sample; every other sample is another kind of document."""
KIND_OF = {"order": "order", "despatchadvice": "despatch", "inventoryreport": "inventory"}


def samples() -> list[Path]:
    return sorted((SHARED / "samples").rglob("*.xml"))


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    """Sample -> kind -> what `run --json` says of it; a dry run, so that each is judged by itself."""
    office = Office(tmp_path_factory.mktemp("ubl") / "ws")
    names = {f"{number:03}.xml": path for number, path in enumerate(samples())}
    made: dict[str, dict[str, dict[str, Any]]] = {}
    for kind in KINDS:
        for name, path in names.items():
            office.bring(kind, name, path.read_bytes())
        ran = office.type("run", kind, "--json", "--dry-run")
        for row in ran.rows:
            made.setdefault(str(names[row["file"]].relative_to(SHARED / "samples")), {})[kind] = row
    return made


def test_all_samples_are_read_or_refused_with_the_right_problem(table: dict[str, dict[str, dict[str, Any]]]) -> None:
    assert len(table) == len(samples()) == 82
    print(f"\n| {'sample':75} | {'order':40} | {'despatch advice':16} | {'inventory report':16} |")
    for name, by_kind in table.items():
        shown = [documents(by_kind[kind]) for kind in KINDS]
        print(f"| {name:75} | {shown[0]:40} | {shown[1]:16} | {shown[2]:16} |")
    for name, by_kind in table.items():
        own = KIND_OF.get(name.partition("/")[0])
        for kind, row in by_kind.items():
            assert documents(row) == (EXPECTED[name] if kind == own else OTHER), (name, kind)


def test_what_is_refused_costs_no_other_file(table: dict[str, dict[str, dict[str, Any]]]) -> None:
    read = [name for name, kinds in table.items() if any(documents(row).startswith("read") for row in kinds.values())]

    assert len(read) == len(EXPECTED) - 2
