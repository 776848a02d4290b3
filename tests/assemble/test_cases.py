"""A suite runs case by case, and says what no case expects anything of."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.cases import Runs, looked_at, uncovered
from exchange.assemble.cases_files import open_suite
from exchange.cli.outcome import exit_of
from exchange.config.cases import Case
from exchange.config.workspace import load_mapping
from tests.flows.shop import Shop


def names(root: Path, expect: dict[str, object]) -> set[str]:
    case = Case.model_validate({"case": "a", "given": {"rows": [{"a": "b"}]}, "expect": expect})
    return set(looked_at(case, load_mapping(root, "erp/orders")))


def test_what_a_case_looks_at(tmp_path: Path) -> None:
    root = Shop(tmp_path / "ws").root
    assert names(root, {"documents": [{"fields": {"Total": "1"}, "lines": [{"Sku": "A"}]}]}) == {"Total", "lines.Sku"}
    assert names(root, {"rows": [{"Total": "1", "Sku": "A"}]}) == {"Total", "lines.Sku"}
    assert {"Total", "lines.Sku", "lines.Warehouse"} <= names(root, {"text": "x"})
    assert names(root, {"problems": [{"code": "TOO_LONG"}]}) == set()


def test_a_whole_file_is_compared_byte_for_byte(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    (shop.root / "kept.csv").write_text("x")
    (shop.root / "mappings/erp/orders_test.yaml").write_text(
        "cases: [{case: a, expect: {file: kept.csv}, given: {documents: [{fields: {order_number: 1, currency: EUR, "
        "total: 1}, lines: [{quantity: 1, unit_price: 1, unit: EA, description: x}]}]}}]\n"
    )
    runs = Runs(open_suite(shop.root, ["erp/orders"]))

    [ended] = runs.run(exit_of)

    [difference] = ended.differences
    assert (difference.what, difference.expected) == ("kept.csv", "x")
    assert (ended.line, ended.case, ended.places) == (1, "a", ((1, ended.places[0][1]),))
    [(file, content)] = difference.files
    assert file == "kept.csv"
    assert (content or b"").startswith(b"Action,OrderNumber,")
    [row] = uncovered(runs, every=False)
    assert row.counts["field"] == (12, 49)
    assert row.as_json()["coverage"] == "mappings/erp/orders.yaml"
