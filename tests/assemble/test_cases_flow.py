"""Golden runs happen in a workspace of their own, with their own clock, ledger and endpoints."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.assemble.cases_flow import run_flow_case
from exchange.cases.differences import Difference
from exchange.cli.outcome import exit_of
from exchange.config.cases import FlowCase
from exchange.kernel.errors import ConfigurationError
from tests.flows.shop import Shop, order

AT = datetime(2026, 3, 10, 6, tzinfo=UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path / "ws")


def golden(shop: Shop, *files: str, expected: str = "kept") -> list[Difference]:
    case = FlowCase.model_validate({"case": "a", "at": AT.isoformat(), "files": list(files), "expected": expected})
    return run_flow_case(shop.root, "orders", case, (("cases", 0), exit_of))


def came(found: list[Difference]) -> dict[str, str | None]:
    return {each.what: each.got for each in found}


def test_an_sftp_server_that_nobody_can_reach_is_not_asked(shop: Shop) -> None:
    """Nor is a secret looked up: the endpoint is a folder in a golden run."""
    shop.edit(
        "mappings/exchange.yaml",
        "  erp: {type: local, path: data/outbox/erp}",
        "  erp: {type: sftp, host: nowhere.invalid, user: x, password: {env: NOT_SET}, host_keys: ["
        f'"SHA256:{"A" * 43}"]}}',
    )
    (shop.root / "day.csv").write_text(shop.drop("day.csv", order(1001)).read_text())
    before = shop.content()

    found = came(golden(shop, "day.csv"))

    report = json.loads(found["kept/day/report.json"] or "")
    assert (report["exit"], report["counts"]["documents"]["out"]) == (0, 1)
    assert [output["path"].rpartition("/")[0] for output in report["outputs"]] == [
        "data/outbox/wms/orders",
        "data/endpoints/erp/orders",
    ]
    assert shop.content() == before


def test_clock_and_names_are_fixed(shop: Shop) -> None:
    shop.edit("mappings/flows/orders.yaml", 'name: "SO_{claim}.csv"', 'name: "SO_{date}_{part:03}.csv"')
    (shop.root / "day.csv").write_text(shop.drop("day.csv", order(1001)).read_text())

    first, second = came(golden(shop, "day.csv")), came(golden(shop, "day.csv"))

    assert first == second
    assert "kept/day/SO_20260310_001.csv" in first


def test_files_come_one_after_the_other_into_one_ledger(shop: Shop) -> None:
    for name, status in (("a", "pending"), ("b", "paid")):
        (shop.root / f"{name}.csv").write_text(shop.drop(f"{name}.csv", order(1001, status=status)).read_text())

    found = came(golden(shop, "a.csv", "b.csv", "a.csv"))

    reports = {name: json.loads(found[f"kept/{name}/report.json"] or "") for name in ("b",)}
    assert reports["b"]["counts"]["documents"]["out"] == 1
    states = [json.loads(text or "")["state"] for what, text in found.items() if what.endswith("report.json")]
    assert "duplicate" in states, "the third one is the first once more"


def test_a_fault_is_a_difference_and_never_an_expectation(shop: Shop) -> None:
    """The second file cannot be delivered: the name that the target gave away is taken by the first."""
    shop.edit("mappings/flows/orders.yaml", 'name: "SO_{claim}.csv"', 'name: "SO_{date}.csv"')
    for number in (1001, 1002):
        (shop.root / f"{number}.csv").write_text(shop.drop("day.csv", order(number)).read_text())

    found = golden(shop, "1001.csv", "1002.csv")

    [fault] = [each for each in found if each.what == "1002.csv"]
    assert "SO_20260310.csv" in (fault.got or "")
    assert "(exit 6)" in (fault.got or "")
    assert not fault.files
    assert not [each.what for each in found if "kept/1002/" in each.what]


def test_a_flow_with_mistakes_raises_them(shop: Shop) -> None:
    shop.edit("templates/wms/orders.xml.j2", "{{ order.OrderNumber }}", "{{ order.Nothing }}")
    (shop.root / "day.csv").write_text("x")
    with pytest.raises(ConfigurationError, match=r"templates/wms/orders.xml.j2:7:27"):
        golden(shop, "day.csv")


def test_a_folder_of_something_else_is_not_taken_for_expected_files(shop: Shop) -> None:
    (shop.root / "day.csv").write_text(shop.drop("day.csv", order(1001)).read_text())
    (shop.root / "kept/day").mkdir(parents=True)
    (shop.root / "kept/day/mine.txt").write_text("x")

    [found] = golden(shop, "day.csv")

    assert "kept/day is not a folder of expected files" in (found.got or "")
    assert not found.files
