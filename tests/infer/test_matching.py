"""Columns and fields find each other by name, synonyms and content."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exchange.documents.loader import document
from exchange.infer.matching import Match, called_like_a_number, match, of_other_fields, own_number
from tests.infer.columns import looks

Cells = dict[str, tuple[str | None, ...]]


def matched(cells: Cells, kind: str = "order") -> dict[str, Match]:
    return {each.column: each for each in match(document(kind), looks(cells), None).chosen}


@pytest.mark.parametrize(
    ("name", "cells", "level", "field"),
    [
        ("Order No.", ("A1", "A2"), "fields", "order_number"),
        ("Bestelldatum", ("04.03.2026",), "fields", "ordered_at"),
        ("Ship To Zip", ("20457",), "fields", "ship_to.postcode"),
        ("billing_city", ("Lyon",), "fields", "bill_to.city"),
        ("recipient-name", ("Mara",), "fields", "ship_to.name"),
        ("Lineitem sku", ("TEA-1",), "lines", "sku"),
        ("Order Lines / Quantity", ("3",), "lines", "quantity"),
        ("Qty", ("3",), "lines", "quantity"),
        ("Quantiy", ("3",), "lines", "quantity"),
        ("Grand Total (EUR)", ("3.50",), "fields", "total"),
        ("Financial Status", ("paid", "voided"), "fields", "payment_status"),
    ],
)
def test_names_and_synonyms(name: str, cells: tuple[str, ...], level: str, field: str) -> None:
    found = matched({name: cells})[name]

    assert (found.level, found.field) == (level, field)
    assert found.told.startswith(f'{found.confidence:.2f}: name "{name}"')
    assert 0.55 <= found.confidence <= 0.99


@pytest.mark.parametrize(
    ("kind", "cells", "field", "reason"),
    [
        ("order", ("mara@example.com",), "customer_email", "values are e-mail addresses"),
        ("order", ("EUR", "USD"), "currency", "values are ISO 4217 currency codes"),
        ("stock", ("2900001000109",), "barcode", "values are GTIN-13"),
        ("shipment", ("340123450000000017",), "package", "values are SSCCs"),
    ],
)
def test_content_tells_where_the_name_does_not(kind: str, cells: tuple[str, ...], field: str, reason: str) -> None:
    found = next(each for each in match(document(kind), looks({"F7": cells}), None).chosen if each.field == field)

    assert reason in found.told
    assert found.confidence < 0.7


def test_the_issue_s_own_example() -> None:
    found = matched({"Item Number": ("2900001000109", "2900001000208")}, "stock")["Item Number"]

    assert found.told == '0.99: name "Item Number", values are GTIN-13'


@pytest.mark.parametrize(
    ("name", "cells"),
    [("Total", ("a", "b")), ("Order Date", ("soon",)), ("Currency", ("x",)), ("Financial Status", ("1", "2"))],
)
def test_content_forbids_what_cannot_be(name: str, cells: tuple[str, ...]) -> None:
    assert matched({name: cells}) == {}


def test_each_column_and_each_field_once_the_surest_first() -> None:
    found = matched({"Total": ("5.00",), "Grand total": ("6.00",)})

    assert found["Total"].field == "total"
    assert "Grand total" not in found
    rest = match(document("order"), looks({"Total": ("5.00",), "Overall sum": ("6.00",)}), None)
    assert [each.column for each in rest.chosen] == ["Total"]


def test_some_unknown_values_make_a_match_less_sure() -> None:
    sure = matched({"State": ("available", "blocked")}, "stock")["State"]
    less = matched({"State": ("available", "blocked", "lost")}, "stock")["State"]

    assert less.confidence < sure.confidence
    assert "2 of 3 values are known" in less.told


def test_what_is_called_like_the_number_of_a_document() -> None:
    scores = called_like_a_number(document("order"), looks({"Order No": ("A",), "Id": ("1",), "Colour": ("red",)}))

    assert scores["Order No"] > scores["Id"] > scores["Colour"]


def test_a_record_s_own_id_numbers_it_before_that_of_a_thing_in_it() -> None:
    cells: Cells = {"b:ID": ("DA-1",), "a:Shipment/b:ID": ("S-9",), "b:IssueDate": ("2026-03-04",)}
    found = {name: replace(look, direct="/" not in name) for name, look in looks(cells).items()}

    assert own_number(document("shipment"), found) == "b:ID"
    assert own_number(document("shipment"), looks(cells)) is None, "columns of a table stand in no element"
    assert own_number(document("stock"), found) is None, "the number of a report is no item's"
    called = called_like_a_number(document("shipment"), found)
    assert called["b:ID"] > called["a:Shipment/b:ID"]
    chosen = match(document("shipment"), found, None).of("fields", "shipment_number")
    assert chosen is not None
    assert (chosen.column, chosen.told) == ("b:ID", '0.99: name "b:ID", it stands in the record itself')


def test_a_number_by_its_full_name_goes_before_the_id() -> None:
    cells: Cells = {"@id": ("1",), "OrderNumber": ("A1",)}
    found = {name: replace(look, direct=True) for name, look in looks(cells).items()}

    assert own_number(document("order"), found) is None
    chosen = match(document("order"), found, None).of("fields", "order_number")
    assert chosen is not None
    assert chosen.column == "OrderNumber"


def test_names_of_people_are_no_numbers_and_questions_no_quantities() -> None:
    assert matched({"name": ("Mara Lind", "Jan Holm")})["name"].field == "ship_to.name"
    assert matched({"name": ("#1001", "#1002")})["name"].field == "order_number"
    assert "In stock?" not in matched({"In stock?": ("1", "0")}, "stock")


def test_columns_of_other_fields() -> None:
    cells: Cells = {"description": ("x",), "Handle": ("y",), "SKU": ("z",)}

    assert of_other_fields(document("stock"), looks(cells)) == {"description"}


def test_places_of_lines_are_no_items() -> None:
    assert matched({"OrderLine/Item/ID": ("7",)})["OrderLine/Item/ID"].field == "item_number"
    assert matched({"OrderLine/Item/ID": ("1",)})["OrderLine/Item/ID"].field != "item_number"
    assert "item no" not in matched({"item no": ("10", "20", "30")})
