"""What is told of a place is the same whether its surroundings are made once more or the whole file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Any

import pytest

from exchange.assemble import explain_cell, explain_near
from exchange.assemble.explain_cell import Cell, cell
from exchange.assemble.explain_choice import NotShown
from exchange.assemble.explain_near import line_start, near
from exchange.assemble.explain_whole import Making
from exchange.assemble.explain_works import Original, Place, Work
from exchange.assemble.house import ledger_of
from exchange.config.workspace import load_flows
from exchange.formats.delimited.reader import DelimitedReader
from tests.flows.formats import FORMATS, INBOX, Sale, workspace, written
from tests.flows.shop import Line, Shop, export, order

LINES = (Line("TEA-ASSAM", "2"), Line("MUG-BLUE", "1"), Line("BOWL-OAK", "3"))
PLACES = {"csv": "qty", "tsv": "6", "bars": "qty", "jsonl": "items[1].qty", "fixed": "24", "xlsx": "F"}
ERP, WMS = "data/outbox/erp/orders", "data/outbox/wms/orders"
FLOW = "mappings/flows/orders.yaml"
NAME = 'name: "ORD_{claim}_{part:03}.xml", documents_per_file: 500'


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    """A shop that has delivered nothing yet."""
    return Shop(tmp_path / "ws")


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make so few documents at a time that the first guess does not always fit."""
    monkeypatch.setattr(explain_near, "AROUND", 2)


@pytest.fixture
def used(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return, for each cell that was asked for, whether the surroundings were enough."""
    made: list[bool] = []

    def spied(making: Making, originals: Sequence[Original], place: Place) -> tuple[Work, Place] | None:
        found = near(making, originals, place)
        made.append(found is not None)
        return found

    monkeypatch.setattr(explain_cell, "near", spied)
    return made


def once(function: Callable[..., Any]) -> Callable[..., Any]:
    made: list[Any] = []

    def called(*given: object) -> Any:
        made.extend([] if made else [function(*given)])
        return made[0]

    return called


def both(shop: Shop, *places: Place) -> list[Cell]:
    """Return what is told of places, the same in both ways."""
    with ledger_of(load_flows(shop.root)) as ledger, pytest.MonkeyPatch.context() as patch:
        for name in ("load_flows", "load_plan"):  # the workspace is read once for all of them
            patch.setattr(explain_cell, name, once(getattr(explain_cell, name)))
        found = [cell(shop.root, ledger, place) for place in places]
        assert found == [cell(shop.root, ledger, place, near_by=False) for place in places]
    return found


def day(*numbers: int) -> str:
    """Return an export of orders of one to three lines, every fifth of which is not paid."""
    return export(*(order(n, *LINES[: 1 + n % 3], status="paid" if n % 5 else "pending") for n in numbers))


def of(path: Path, lines: range, column: str) -> list[Place]:
    return [Place(path, line, column) for line in lines]


def test_rows_and_elements(shop: Shop, used: list[bool]) -> None:
    shop.take("day.csv", day(*range(1001, 1061)))
    [erp], [wms] = shop.files(ERP), shop.files(WMS)
    elements = [n for n, text in enumerate(wms.read_text(encoding="utf-8").splitlines(), 1) if "<Quantity" in text]

    rows = both(shop, *of(erp, range(2, 90, 40), "Sku"), Place(erp, 3, "OrderNumber"))
    found = both(shop, *(Place(wms, line, "Quantity") for line in (*elements[::40], elements[-1])))

    assert used == [True] * (len(rows) + len(found))
    assert len({row.document for row in rows}) == 3
    assert len({each.document for each in found}) == len(found) > 2


def test_a_place_that_is_none_is_refused_in_the_same_words(shop: Shop) -> None:
    shop.take("day.csv", day(*range(1001, 1031)))
    [erp], [wms] = shop.files(ERP), shop.files(WMS)
    with ledger_of(load_flows(shop.root)) as ledger:
        for place in (Place(erp, 999, "1"), Place(erp, 9, "Skuu"), Place(wms, 400, "Nothing"), Place(wms, 400, "999")):
            said = []
            for near_by in (True, False):
                with pytest.raises(NotShown) as fault:
                    cell(shop.root, ledger, place, near_by=near_by)
                said.append(str(fault.value))
            assert said[0] == said[1]


@pytest.mark.parametrize(("kind", "outs"), [("csv", FORMATS), ("xlsx", ["jsonl"])])
def test_every_format(shop: Shop, used: list[bool], kind: str, outs: Iterable[str]) -> None:
    items = (("TEA-MINT", "1", "3.00"), ("MUG-BLUE", "7", "12.00"), ("BOWL-OAK", "2", "5.50"))
    workspace(shop, kind)
    shop.age(
        written(kind, shop.root / INBOX / f"day.{kind}", *(Sale(str(n), items[: 1 + n % 3]) for n in range(40))), 1
    )
    assert shop.type("run", "orders").exit == 0

    for out in outs:
        [path] = shop.files(f"data/outbox/erp/{out}")
        found = both(shop, *of(path, range(9, 40, 24), PLACES[out]))
        assert len({each.document for each in found}) == 2
        assert used[-2:] == [out != "xlsx"] * 2, out


def test_a_cell_of_several_lines(shop: Shop, used: list[bool]) -> None:
    shop.edit("mappings/erp/orders.yaml", "{from: order_number,", '{from: order_number, steps: [{add_suffix: "\\n."}],')
    shop.take("day.csv", day(*range(1001, 1031)))
    [erp] = shop.files(ERP)

    found = both(shop, *of(erp, range(2, 60, 25), "OrderNumber"))

    assert all(used)
    assert all((each.text or "").endswith("\n.") for each in found)


def test_where_lines_end_otherwise_the_whole_is_made(shop: Shop, used: list[bool]) -> None:
    shop.edit("mappings/erp/orders.yaml", "{from: order_number,", '{from: order_number, steps: [{add_suffix: "\\r."}],')
    shop.take("day.csv", day(*range(1001, 1011)))
    [erp] = shop.files(ERP)

    both(shop, *of(erp, range(2, 12, 8), "OrderNumber"))

    assert not any(used)


def test_rows_that_lie_apart(shop: Shop, used: list[bool]) -> None:
    head, *rows = day(*range(1001, 1041)).splitlines(keepends=True)
    rows[2], rows[-1] = rows[-1], rows[2]  # an order's row is far away from the others
    shop.take("day.csv", head + "".join(rows))
    [erp] = shop.files(ERP)

    both(shop, *of(erp, range(2, 64, 20), "Sku"))

    assert True in used, "documents far from it need no whole"
    assert False in used


def test_lines_that_are_all_alike(shop: Shop, used: list[bool]) -> None:
    mapping = shop.root / "mappings/erp/orders.yaml"
    head = mapping.read_text(encoding="utf-8").partition("columns:")[0]
    body = "columns: [Channel, Sku]\nfields:\n  Channel: {from: channel}\nlines:\n  Sku: {from: sku}\n"
    mapping.write_text(head + body, encoding="utf-8")
    ran = shop.take("day.csv", export(*(order(n, Line("MUG-BLUE")) for n in range(2001, 2021))))
    assert ran.exit == 0, ran.err
    [alike] = shop.files(ERP)

    found = both(shop, *of(alike, range(2, 20, 8), "Sku"))

    assert [each.document for each in found] == ["2001", "2009", "2017"]
    assert used == [False] * 3


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop.edit("mappings/erp/orders.yaml", "writes:", "# as it was\nwrites:"),
        lambda shop: shop.edit("mappings/tables/items.csv", "MUG-BLUE", "MUG-BLAU"),
    ],
)
def test_what_another_configuration_made(shop: Shop, used: list[bool], change: Callable[[Shop], None]) -> None:
    shop.take("day.csv", day(*range(1001, 1011)))
    change(shop)
    [erp] = shop.files(ERP)

    [found] = both(shop, Place(erp, 5, "Sku"))

    assert len(found.changed) == 1
    assert used == [False]


def test_what_is_kept_nowhere(shop: Shop, used: list[bool]) -> None:
    shop.take("day.csv", day(*range(1001, 1011)))
    [erp] = shop.files(ERP)
    for sent in shop.files("data/archive"):
        if sent.parent.suffix == ".sent":
            sent.unlink()
    erp.unlink()

    [found] = both(shop, Place(erp, 5, "Sku"))

    assert (found.text, used) == ("TEA-ASSAM", [False])


def test_released_corrected_merged_and_changed_orders(shop: Shop, used: list[bool]) -> None:
    shop.edit(FLOW, "repeat: ", "repeat: change # was: ")
    shop.edit(FLOW, "then: archive}", "then: archive, merge: true}")
    shop.drop("a.csv", day(*range(1001, 1021)))
    shop.drop("b.csv", day(*range(2001, 2021)))
    assert shop.type("run", "orders").exit == 0
    [merged] = shop.files(ERP)
    found = both(shop, *of(merged, range(2, 62, 39), "Sku"))
    assert {each.claim.source.name for each in found} == {"a.csv", "b.csv"}
    assert all(used)

    used.clear()
    again = export(*(order(n, *LINES[: 1 + n % 3][:2]) for n in range(1001, 1021) if n % 5))
    shop.take("c.csv", again)
    for path in (*shop.files(ERP), *shop.files(WMS)):
        if path != merged:
            text = path.read_text(encoding="utf-8").splitlines()
            both(shop, *of(path, range(5, len(text) - 3, 1 + len(text) // 2), "1"))
    assert all(used)

    used.clear()
    assert shop.type("release", "order", "1005", "--reason", "paid").exit == 0
    newest = max(shop.files(ERP), key=lambda path: path.stat().st_mtime_ns)
    assert [each.document for each in both(shop, Place(newest, 2, "Sku"))] == ["1005"]
    assert used == [False]


def test_files_by_warehouse(shop: Shop, used: list[bool]) -> None:
    shop.edit(FLOW, NAME, 'name: "{warehouse}_{claim}.xml", file_per: warehouse')
    shop.take("day.csv", day(*range(1001, 1041)))
    files = shop.files(WMS)
    assert len(files) > 1

    for path in files:
        last = len(path.read_text(encoding="utf-8").splitlines())
        both(shop, *of(path, range(5, last - 3, 1 + last // 2), "5"))

    assert all(used)


def test_documents_on_either_side_of_a_border(shop: Shop, used: list[bool], monkeypatch: pytest.MonkeyPatch) -> None:
    shop.take("day.csv", day(*range(1001, 1041)))
    [erp] = shop.files(ERP)
    spans = DelimitedReader.spans

    monkeypatch.setattr(
        DelimitedReader, "spans", lambda reader, layout: spans(replace(reader, span_bytes=5000), layout)
    )
    both(shop, *of(erp, range(2, 62, 14), "Sku"))

    assert used == [True] * 5


@pytest.mark.parametrize("block", [3, 1 << 20])
def test_where_a_line_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(explain_near, "_BLOCK", block)
    path = tmp_path / "x"
    path.write_bytes(b"a\n\nbcd\r\ne\n")
    with path.open("rb") as stream, mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
        assert [line_start(content, line) for line in range(1, 7)] == [0, 2, 3, 8, None, None]
