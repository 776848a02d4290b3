"""`exchange infer`: a new partner from a file, as the author of a mapping meets it."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
import xlsxwriter

from tests.flows.shop import EPOCH, Ran, Shop, bare, read_csv

TOP = Path(__file__).parents[2]
SHARED = Path(os.environ.get("EXCHANGE_SHARED_DATA", TOP.parent / "shared/data"))
ORDERS = "order no{0}date{0}status{0}currency{0}total{0}sku{0}qty{0}price\n"
ROWS = (("A1", "2026-03-04", "paid", "EUR", "9.00", "TEA-1", "2", "2.50"),) * 1 + (
    ("A1", "2026-03-04", "paid", "EUR", "9.00", "MUG-1", "1", "4.00"),
    ("A2", "2026-03-14", "paid", "EUR", "4.00", "MUG-1", "1", "4.00"),
)


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A workspace of which nothing is set up but one endpoint."""
    return bare(tmp_path / "ws")


def added(shop: Shop, file: Path, partner: str, *words: str) -> Ran:
    """Infer, write with a flow, check, run; return how the run ended."""
    made = shop.type("infer", str(file), "--name", f"{partner}/in", "--write", "--flow", partner, *words)
    assert made.exit == 0, made.err
    checked = shop.type("check")
    assert checked.exit == 0, checked.out
    inbox = shop.root / f"data/inbox/{partner}"
    (inbox / file.name).write_bytes(file.read_bytes())
    os.utime(inbox / file.name, (EPOCH, EPOCH))
    return shop.type("run", partner, "--json")


def rows(shop: Shop, ran: Ran) -> list[dict[str, str]]:
    return [
        row for out in ran.row["outputs"] for row in read_csv((shop.root / out["path"]).read_text(encoding="utf-8"))
    ]


def generated(kind: str, folder: Path) -> Path:
    """Return a small file of orders of some format."""
    path = folder / f"sample.{kind}"
    if kind == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            page = book.add_worksheet()
            for at, row in enumerate([ORDERS.strip().split("{0}"), *ROWS]):
                page.write_row(at, 0, row)
    elif kind == "jsonl":
        heads = ("number", "date", "status", "currency", "total")
        for number in ("A1", "A2"):
            own = [row for row in ROWS if row[0] == number]
            items = [dict(zip(("sku", "qty", "price"), row[5:], strict=True)) for row in own]
            with path.open("a", encoding="utf-8") as out:
                out.write(json.dumps({**dict(zip(heads, own[0][:5], strict=True)), "items": items}) + "\n")
    elif kind == "xml":
        path.write_text("<orders>" + "".join(_element(number) for number in ("A1", "A2")) + "</orders>", "utf-8")
    elif kind == "txt":
        widths = (9, 12, 8, 9, 7, 8, 5, 6)
        lines = [ORDERS.strip().replace("order no", "order_no").split("{0}"), *ROWS]
        text = "".join(
            "".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)) + "\n" for row in lines
        )
        path.write_text(text, encoding="utf-8")
    else:
        mark = {"csv": ",", "tsv": "\t", "bars": "||", "semi": ";"}[kind]
        path.write_text(ORDERS.format(mark) + "".join(mark.join(row) + "\n" for row in ROWS), encoding="utf-8")
    return path


def _element(number: str) -> str:
    own = [row for row in ROWS if row[0] == number]
    _, date, status, currency, total, *_ = own[0]
    head = f"<orderNumber>{number}</orderNumber><orderDate>{date}</orderDate><paymentStatus>{status}</paymentStatus>"
    lines = "".join(f"<line><sku>{r[5]}</sku><quantity>{r[6]}</quantity><price>{r[7]}</price></line>" for r in own)
    return f"<order>{head}<currency>{currency}</currency><total>{total}</total><lines>{lines}</lines></order>"


@pytest.mark.parametrize("kind", ["csv", "tsv", "bars", "txt", "xlsx", "jsonl", "xml"])
def test_a_draft_of_every_format_passes_check_and_runs(shop: Shop, tmp_path: Path, kind: str) -> None:
    ran = added(shop, generated(kind, tmp_path), f"all_{kind}", "--reads", "order")

    assert ran.exit == 0, ran.err
    assert ran.documents["out"] == 2
    got = [
        (row["order_number"], row["sku"], row["quantity"], row["unit_price"], row["total"]) for row in rows(shop, ran)
    ]
    assert got == [
        ("A1", "TEA-1", "2", "2.50", "9.00"),
        ("A1", "MUG-1", "1", "4.00", "9.00"),
        ("A2", "MUG-1", "1", "4.00", "4.00"),
    ]
    assert rows(shop, ran)[0]["ordered_at"] == "2026-03-04T00:00:00Z"


def test_orders_of_odoo_have_their_number_on_the_first_row_only(shop: Shop) -> None:
    file = SHARED / "odoo/o2m_purchase_order_lines.csv"
    if not file.exists():
        pytest.skip("the shared collection is not beside the project")

    ran = added(shop, file, "odoo")

    assert ran.exit == 0, ran.err
    assert ran.documents == {"in": 3, "out": 3, "rejected": 0, "filtered": 0, "held": 0}
    assert [(row["order_number"], row["sku"], row["quantity"]) for row in rows(shop, ran)][:5] == [
        ("PO00008", "ADPT", "20"),
        ("PO00008", "CARD", "30"),
        ("PO00008", "C-Case", "40"),
        ("PO00009", "CD", "5"),
        ("PO00009", "CPUa8", "15"),
    ]


def test_stock_of_magento_lies_in_several_sources(shop: Shop) -> None:
    file = SHARED / "magento/stock_sources.csv"
    if not file.exists():
        pytest.skip("the shared collection is not beside the project")

    ran = added(shop, file, "magento")

    assert ran.exit == 0, ran.err
    assert [(row["item_number"], row["warehouse"], row["quantity"]) for row in rows(shop, ran)] == [
        ("SKU-1", "eu-1", "6.88"),
        ("SKU-1", "eu-2", "5.00"),
        ("SKU-2", "us-1", "15.00"),
        ("SKU-2", "eu-1", "33.00"),
    ]


@pytest.mark.parametrize(
    ("sample", "out", "exit_code"),
    [("orders/01_clean_day.csv", 26, 0), ("stock/01_stock.csv", 5, 3), ("shipments/01_shipments.csv", 4, 3)],
)
def test_the_samples(shop: Shop, sample: str, out: int, exit_code: int) -> None:
    """The broken rows that the samples show are rejected by the draft as by a mapping written by hand."""
    ran = added(shop, TOP / "samples" / sample, sample.partition("/")[0])

    assert ran.exit == exit_code
    assert ran.documents["out"] == out


def test_without_write_it_prints_and_says_what_comes_next(shop: Shop, tmp_path: Path) -> None:
    before = shop.content()

    ran = shop.type("infer", str(generated("csv", tmp_path)), "--name", "new/orders")

    assert ran.exit == 0
    assert "# --- mappings/new/orders.yaml\n" in ran.out
    assert "# --- mappings/schemas/new_orders.yaml\n" in ran.out
    assert 'order_number: {from: order no, steps: [strip]}  # 0.97: name "order no", rows are grouped by it' in ran.out
    assert ran.err.endswith("--name new/orders --write\n")
    assert shop.content() == before


def test_with_write_the_next_commands_are_printed_and_files_stay(shop: Shop, tmp_path: Path) -> None:
    file = generated("csv", tmp_path)
    ran = shop.type("infer", str(file), "--name", "kept/orders", "--write")

    assert ran.out.splitlines() == ["mappings/kept/orders.yaml", "mappings/schemas/kept_orders.yaml"]
    for command in ("exchange check", f"exchange show kept/orders --file {file}", "exchange test", "exchange run"):
        assert command in ran.err
    again = shop.type("infer", str(file), "--name", "kept/orders", "--write")
    assert again.exit == 2
    assert "exists already and is never overwritten" in again.err


def test_ambiguous_dates_are_chosen_by_a_person(shop: Shop, tmp_path: Path) -> None:
    file = tmp_path / "us.csv"
    file.write_text(
        generated("csv", tmp_path).read_text().replace("2026-03-04", "03/04/2026").replace("2026-03-14", "05/06/2026"),
        encoding="utf-8",
    )
    ran = shop.type("infer", str(file), "--name", "us/orders", "--write", "--flow")
    mapping = "mappings/us/orders.yaml"

    assert "choose: ordered_at: day/month" in ran.err
    told = '# ambiguous day/month (as "03/04/2026"): choose {parse_date: "%d/%m/%Y"} or {parse_date: "%m/%d/%Y"}'
    assert told in (shop.root / mapping).read_text(encoding="utf-8")
    checked = shop.type("check")
    assert checked.exit == 5
    lines = (shop.root / mapping).read_text(encoding="utf-8").splitlines()
    number = next(at for at, line in enumerate(lines, 1) if "ordered_at:" in line)
    assert checked.out.startswith(f"{mapping}:{number}:")
    shop.edit(mapping, '{parse_date: ""}', '{parse_date: "%m/%d/%Y"}')
    assert shop.type("check").exit == 0


def test_json_tells_each_column(shop: Shop, tmp_path: Path) -> None:
    row = shop.type("infer", str(generated("semi", tmp_path)), "--json").row

    assert (row["reads"], row["group"], row["rows"]) == ("order", "order no", 3)
    assert row["format"] == {"type": "csv", "encoding": "utf-8", "delimiter": ";"}
    columns = {each["column"]: each for each in row["columns"]}
    assert columns["qty"]["field"] == "quantity"
    assert columns["qty"]["level"] == "lines"
    assert columns["qty"]["reasons"] == ['name "qty"']
    assert row["written"] == []
    assert set(row["files"]) == {"mappings/sample/orders.yaml", "mappings/schemas/sample_orders.yaml"}


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--name", "Flows"), "'Flows' is no name for a mapping"),
        (("--name", "flows/x"), "is no name for a mapping"),
        (("--name", "../x/y"), "is no name for a mapping"),
        (("--name", "a/x_test"), "is no name for a mapping"),
        (("--flow", "x"), "goes with --write"),
        (("--reads", "invoice"), "invoice"),
    ],
)
def test_wrong_words(shop: Shop, tmp_path: Path, words: tuple[str, ...], told: str) -> None:
    ran = shop.type("infer", str(generated("csv", tmp_path)), *words)

    assert ran.exit == 2
    assert told in ran.err


def test_a_file_of_nothing(shop: Shop, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"")

    ran = shop.type("infer", str(tmp_path / "x.csv"))

    assert ran.exit == 2
    assert "nothing can be inferred from x.csv: it is empty" in ran.err
