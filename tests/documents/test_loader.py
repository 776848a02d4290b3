"""The canonical documents are complete, consistent and tell what is personal."""

from __future__ import annotations

import typing

import pytest

from exchange.documents.loader import Document, FieldType, document, names


@pytest.mark.parametrize("name", names())
def test_every_field_has_a_type_and_a_description(name: str) -> None:
    made = document(name)
    for field in [*made.readable_fields.values(), *made.readable_lines.values()]:
        assert field.type in typing.get_args(FieldType), field.name
        assert field.description, field.name
        if field.type == "decimal":
            assert field.unit, f"{field.name}: a number without a unit"


@pytest.mark.parametrize("name", names())
def test_the_key_is_a_required_identifier(name: str) -> None:
    made = document(name)

    assert made.fields[made.key].constraints.required
    assert made.fields[made.key].type == "identifier"
    assert not set(made.fields) & set(made.computed_fields)
    assert not set(made.lines) & set(made.computed_lines)


def test_an_order_says_what_is_personal_and_what_makes_it_another(order: Document) -> None:
    assert {name for name, field in order.fields.items() if field.pii == "address"} >= {"ship_to.line1", "bill_to.city"}
    assert order.fields["customer_email"].pii == "email"
    assert not order.fields["payment_status"].compare, "paid is not another order"
    assert order.lines["quantity"].compare
    assert order.fields["payment_status"].constraints.enum[3] == "paid"
    assert order.lines["quantity"].constraints.minimum == 1


def test_outbound_mappings_read_what_the_product_sets(order: Document) -> None:
    assert {"channel", "action", "part", "order_number"} <= set(order.readable_fields)
    assert {"line_number", "line_total", "sku"} <= set(order.readable_lines)


def test_a_document_that_does_not_exist() -> None:
    with pytest.raises(KeyError, match="ordr"):
        document("ordr")


@pytest.fixture
def order() -> Document:
    """The canonical order."""
    return document("order")
