"""`exchange test` as its user sees it: what it runs, prints, writes and leaves alone."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.flows.shop import Shop

CASES = "mappings/shopify/orders_test.yaml"
GOLDEN = "mappings/flows/orders_test.yaml"
SAMPLE = "samples/orders/01_clean_day.csv"
ROW = """\
defaults:
  first_row: {Id: "1", Created at: "2026-03-02 09:15:00 +0100", Financial Status: paid, Currency: EUR}
  every_row: {Name: "#1001", Lineitem name: Tea, Lineitem sku: TEA-ASSAM, Lineitem quantity: 2, Lineitem price: 12.50}
cases:
  # the only one
  - case: one
    given: {rows: [{Subtotal: 25.00, Total: 25.00}]}
"""


def write(shop: Shop, file: str, text: str) -> None:
    (shop.root / file).write_text(text, encoding="utf-8")


def test_the_starter_passes_and_nothing_of_the_workspace_changes(shop: Shop) -> None:
    """The project's own cases: those of three mappings, and the golden runs over all samples."""
    # An endpoint that nobody can reach, and one outside of the workspace: neither is asked for anything.
    settings = shop.root / "mappings/exchange.yaml"
    outside = shop.root.parent / "outside"
    settings.write_text(
        settings.read_text()
        .replace("erp: {type: local, path: data/outbox/erp}", f"erp: {{type: local, path: {outside}}}")
        .replace("wms: {type: local, path: data/outbox/wms}", "wms: {type: local, path: ../outside/wms}")
    )
    write(shop, GOLDEN, (shop.root / GOLDEN).read_text().replace("samples/orders/refused/*.csv", SAMPLE))
    before = shop.content()

    ran = shop.type("test", "mappings/shopify", "mappings/wms/orders_test.yaml", "erp/orders")
    assert (ran.exit, ran.err) == (0, ""), ran.out
    assert ran.out.splitlines()[-1].endswith("cases passed")
    assert "failed" not in ran.out

    golden = shop.type("test", "mappings/flows", "--json")
    assert golden.exit == 3, "outputs go elsewhere here, and the second case expects them where nothing is kept"
    told = {each["what"]: each for row in golden.rows for each in row["differences"]}
    assert not [what for what in told if what.endswith((".xml", ".csv")) and "refused" not in what]
    assert '"path": "data/endpoints/erp/' in told["samples/expected/01_clean_day/report.json"]["got"]

    assert shop.content() == before
    assert not outside.exists()
    assert not (shop.root / "data/state/ledger.db").exists()


@pytest.mark.slow
def test_the_golden_runs_of_the_starter_pass(shop: Shop) -> None:
    ran = shop.type("test", "mappings/flows")
    assert (ran.exit, ran.out.splitlines()[-1]) == (0, "2 cases passed"), ran.out


def test_a_case_that_fails_says_where_and_what(shop: Shop) -> None:
    write(shop, CASES, ROW + "    expect:\n      documents:\n        - fields: {total: 24, order_number: 1001}\n")

    ran = shop.type("test", "shopify/orders")

    assert ran.exit == 3
    assert ran.out.splitlines() == [
        f"failed  {CASES}:6: one",
        f"    {CASES}:10:20: documents[1].total",
        "        expected  24",
        "        got       25.00",
        "0 cases passed, 1 failed",
    ]
    [row] = shop.type("test", "shopify/orders", "--json").rows
    assert {key: row[key] for key in ("file", "line", "case", "outcome")} == {
        "file": CASES,
        "line": 6,
        "case": "one",
        "outcome": "failed",
    }
    assert row["differences"] == [
        {"line": 10, "column": 20, "what": "documents[1].total", "expected": "24", "got": "25.00"}
    ]


def test_update_writes_what_came_and_passes_then(shop: Shop) -> None:
    write(shop, CASES, ROW)

    assert shop.type("test", CASES).exit == 3
    ran = shop.type("test", CASES, "--update")

    assert (ran.exit, ran.err) == (0, f"wrote {CASES}\n")
    assert ran.out.splitlines()[-1] == "0 cases passed, 1 updated"
    text = (shop.root / CASES).read_text()
    assert text.startswith(ROW), "what was there stays as it was written"
    assert 'order_number: "1001"' in text
    assert shop.type("test", CASES).exit == 0
    assert shop.type("test", CASES, "--update").err == "", "there is nothing to write any more"


def test_update_writes_golden_files_and_takes_away_what_is_not_made_any_more(shop: Shop) -> None:
    case = f'cases:\n- {{case: a, at: "2026-03-10T06:00:00Z", files: {SAMPLE}, expected: samples/mine}}\n'
    write(shop, GOLDEN, case)
    assert shop.type("test", "orders").exit == 3
    assert shop.type("test", "orders", "--update").exit == 0
    assert shop.type("test", "orders").exit == 0
    folder = shop.root / "samples/mine/01_clean_day"
    kept = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert kept == {path.name: path.read_bytes() for path in (shop.root / "samples/expected/01_clean_day").iterdir()}

    (folder / "gone.csv").write_text("x")
    [xml] = folder.glob("*.xml")
    xml.write_bytes(xml.read_bytes().replace(b"Mara Lind", b"Mara Lint"))
    ran = shop.type("test", "orders")
    assert ran.exit == 3
    assert "-      <Name>Mara Lint</Name>" in ran.out.replace("        -", "-")
    assert "samples/mine/01_clean_day/gone.csv" in ran.out
    assert shop.type("test", "orders", "--update").exit == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == kept


def test_update_never_touches_a_folder_that_holds_something_else(shop: Shop) -> None:
    """`expected: mappings` with a file called `shopify.csv` must not cost anybody the folder mappings/shopify."""
    (shop.root / "samples/shopify.csv").write_bytes((shop.root / SAMPLE).read_bytes())
    case = '- {case: a, at: "2026-03-10T06:00:00Z", files: samples/shopify.csv, expected: mappings}\n'
    write(shop, GOLDEN, f"cases:\n{case}")
    before = shop.content()

    ran = shop.type("test", "orders", "--update")

    assert ran.exit == 3
    assert "mappings/shopify is not a folder of expected files: it holds no report.json" in ran.out
    assert shop.content() == before


def test_a_run_that_cannot_be_carried_out_fails_and_is_never_written_down(shop: Shop) -> None:
    shop.edit("mappings/shopify/orders.yaml", "quantity: {from: Lineitem quantity", "quantity: {from: Lineitem quantty")
    before = shop.content()

    ran = shop.type("test", "orders", "--update")

    assert ran.exit == 5
    assert "mappings/shopify/orders.yaml:92:20: column 'Lineitem quantty' is not in" in ran.err
    assert shop.content() == before


def test_a_file_with_mistakes_ends_with_5_and_check_tells_them_too(shop: Shop) -> None:
    write(shop, CASES, ROW + "    expect:\n      documents: [{fields: {total: {about: 25}}}]\n")
    told = f"{CASES}:9:37: unknown key 'about'; known: absent, any, contains, regex"

    ran = shop.type("test")
    assert (ran.exit, ran.out, ran.err) == (5, "", f"{told}\n")
    checked = shop.type("check")
    assert checked.exit == 5
    assert told in checked.out


def test_cases_with_mistakes_stop_no_run(shop: Shop) -> None:
    write(shop, CASES, "cases: []\n")
    assert shop.take("day.csv", (shop.root / SAMPLE).read_bytes()).exit == 0


def test_a_path_that_leads_to_no_cases_is_said(shop: Shop) -> None:
    ran = shop.type("test", "shopify/nothing")
    assert ran.exit == 2
    assert "there are no cases at shopify/nothing" in ran.err


def test_a_workspace_without_cases_is_told_how_to_begin(shop: Shop) -> None:
    for path in (shop.root / "mappings").rglob("*_test.yaml"):
        path.unlink()
    ran = shop.type("test", "--coverage")
    assert ran.exit == 0
    assert "there are no cases yet" in ran.out
    assert "mappings/wms/orders.yaml:1:1: no case tests this mapping" in ran.out


def test_junit_is_written(shop: Shop) -> None:
    write(shop, CASES, ROW)
    ran = shop.type("test", "shopify/orders", "--junit", str(shop.root / "out/report.xml"))
    assert ran.exit == 3
    report = etree.parse(shop.root / "out/report.xml").getroot()
    assert (report.get("tests"), report.get("failures")) == ("1", "1")
    [failure] = report.iter("failure")
    assert (failure.get("message") or "").startswith(f"{CASES}:6:5: expect")


def test_coverage_names_what_no_case_reaches_with_its_place(shop: Shop) -> None:
    expect = "    expect: {documents: [{fields: {total: 25, subtotal: 25}, lines: [{sku: TEA-ASSAM, quantity: 2}]}]}\n"
    write(shop, CASES, ROW + expect)

    ran = shop.type("test", "shopify/orders", "--coverage")

    assert ran.exit == 0
    lines = ran.out.splitlines()
    mapping = (shop.root / "mappings/shopify/orders.yaml").read_text().splitlines()
    assert lines[1].startswith("coverage mappings/shopify/orders.yaml: 4 of 59 fields, ")
    where = {line.split(": ", 1)[1]: line.split(":")[1] for line in lines if line.startswith("    mappings/")}
    for told, key in {
        "no case fills notes": "  notes:",
        "no case expects anything of order_number": "  order_number:",
        "no case of lines.quantity ends in NOT_AN_INTEGER": "  quantity:",
        "no case has a value of lines.item_number that is not in table items": "  item_number:",
    }.items():
        assert mapping[int(where[told]) - 1].startswith(key), told
    assert "no case has a value of lines.unit that is not in table sales_units" not in where, "the default was taken"

    [_, row] = shop.type("test", "shopify/orders", "--coverage", "--json").rows
    assert (row["coverage"], row["counts"]["field"]) == ("mappings/shopify/orders.yaml", [4, 59])
    assert {each["what"]: each["line"] for each in row["missed"]} == {what: int(line) for what, line in where.items()}


def test_a_path_may_be_named_from_anywhere(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    write(shop, CASES, ROW)
    monkeypatch.chdir(shop.root / "mappings")
    for path in ("shopify", "shopify/orders_test.yaml", "shopify/orders", str(shop.root / CASES), CASES):
        ran = shop.type("test", path)
        assert (ran.exit, ran.out.splitlines()[-1]) == (3, "0 cases passed, 1 failed"), path
