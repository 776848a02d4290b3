"""Which documents a file may hold."""

from __future__ import annotations

from exchange.documents.loader import document
from exchange.infer.evidence import another, looked_for, told
from exchange.infer.grouping import nested
from exchange.infer.matching import Matches, match
from tests.infer.columns import looks, sample

Cells = dict[str, tuple[str | None, ...]]


def found(cells: Cells, *kinds: str) -> dict[str, Matches]:
    return {kind: match(document(kind), looks(cells), None) for kind in kinds or ("order", "shipment", "stock")}


def test_a_column_of_each_list_tells_a_document() -> None:
    assert told(found({"sku": ("TEA-1",), "on hand": ("3",)}), set()) == ("stock",)
    assert told(found({"order no": ("A1",), "sku": ("TEA-1",), "qty": ("3",)}), set()) == ("order", "shipment", "stock")
    assert told(found({"sku": ("TEA-1",), "colour": ("red",)}), set()) == ()


def test_a_name_does_for_one_of_them_and_alone_for_none() -> None:
    assert told(found({"sku": ("TEA-1",), "colour": ("red",)}), {"stock"}) == ("stock",)
    assert told(found({"colour": ("red",)}), {"stock"}) == ()


def test_a_column_that_only_groups_the_rows_tells_nothing() -> None:
    cells: Cells = {"street": ("Kai 1", "Kai 1"), "on hand": ("1", "2")}
    grouped = match(document("stock"), looks(cells), nested(sample(cells), "street"))

    assert grouped.of("fields", "item_number") is not None
    assert told({"stock": grouped}, set()) == ()
    words = looked_for({"stock": grouped})
    assert words == (
        'Looked for: stock by item_number, sku or barcode, and quantity or available. Found: "on hand" may be quantity'
    )


def test_what_an_element_says_that_it_is() -> None:
    assert another(("order", "response", "simple")) == "order response"
    assert another(("invoice",)) == "invoice"
    assert another(("order",)) == ""
