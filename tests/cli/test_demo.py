"""`exchange demo`."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from exchange.cli.main import run

FATES = {"ordered", "sent", "held", "rejected", "cancelled"}


def erp(shop: Path) -> set[str]:
    """Return the orders that the ERP has, once all its files are read in the order in which they came."""
    orders: dict[str, str] = {}
    files = (shop / "data/outbox/erp/orders").glob("*.csv")
    for path in sorted(files, key=lambda path: path.stat().st_mtime_ns):
        with path.open(encoding="utf-8", newline="") as rows:
            orders.update((row["OrderNumber"], row["Action"]) for row in csv.DictReader(rows))
    return {number for number, action in orders.items() if action != "cancel"}


def test_the_samples_go_through_and_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["demo", "shop"]) == 0

    said = capsys.readouterr().out
    files = sorted(path.name for path in (tmp_path / "shop/samples/orders").glob("*.csv"))
    assert f"{len(files) + 2} sample files of two days went through 2 flows" in said
    for name in files:
        assert name in said
    for place in ("outbox/wms/orders", "outbox/erp/orders", "rejects/orders", "archive/orders"):
        assert f"shop/data/{place}" in said
        assert any((tmp_path / "shop/data" / place).rglob("*.*"))
    assert "LOOKUP_MISS" in said
    assert "cd shop\n  exchange status\n" in said
    sums = {
        words[1]: int(words[0])
        for words in map(str.split, said.splitlines())
        if words[0:1] and words[0].isdigit() and words[1] in FATES
    }
    assert sums["ordered"] == sums["sent"] + sums["held"] + sums["rejected"] + sums["cancelled"]
    assert "= sent + held + rejected + cancelled" in said
    assert sums["sent"] == len(erp(tmp_path / "shop")), "what the ERP has in the end"
    for row in (words[1:] for words in map(str.split, said.splitlines()) if words[:1] == ["day"]):
        _, _, _, counted, reserved, sent, delivered, free = row
        assert Decimal(sent) == Decimal(delivered), "the ledger, and what lies in the delivered files"
        assert Decimal(counted) - Decimal(reserved) - Decimal(sent) == Decimal(free)
    stock = [words[1:] for words in map(str.split, said.splitlines()) if words[2:3] == ["together"]]
    (_, _, _, counted, _, sent, *_), (_, _, received, recounted, *_) = stock
    assert Decimal(counted) - Decimal(sent) + Decimal(received) == Decimal(recounted)
    assert "DO NOT AGREE" not in said
    assert Decimal(sent) > 0
    left = [path.name for path in (tmp_path / "shop/data/inbox/shopify/orders").iterdir()]
    assert left == ["10_decimal_sign.csv"], "held until a person has looked"


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mappings").mkdir()

    assert run(["demo", str(tmp_path)]) == 2
    assert "holds a workspace already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "mappings"]
