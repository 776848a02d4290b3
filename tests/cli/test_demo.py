"""`exchange demo`."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli.main import run


def test_the_samples_go_through_and_are_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)

    assert run(["demo", "shop"]) == 0

    said = capsys.readouterr().out
    files = sorted(path.name for path in (tmp_path / "shop/samples/orders").glob("*.csv"))
    assert f"{len(files)} sample files went through 1 flow" in said
    for name in files:
        assert name in said
    for place in ("outbox/wms/orders", "outbox/erp/orders", "rejects/orders", "archive/orders"):
        assert f"shop/data/{place}" in said
        assert any((tmp_path / "shop/data" / place).rglob("*.*"))
    assert "LOOKUP_MISS" in said
    assert "cd shop\n  exchange status\n" in said
    assert list((tmp_path / "shop/data/inbox/shopify/orders").iterdir()) == []


def test_nothing_is_written_over(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mappings").mkdir()

    assert run(["demo", str(tmp_path)]) == 2
    assert "holds a workspace already" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == [tmp_path / "mappings"]
