"""How the fields of a target came to be is what the run wrote, for every document of a sample."""

from __future__ import annotations

import numpy as np

from exchange.assemble.explain_choice import plan_of, way_of
from exchange.assemble.explain_document import OneDocument, Unread, Wanted, laid_out, one_document
from exchange.assemble.explain_inbound import inbound
from exchange.assemble.explain_outbound import Outbound, outbound
from exchange.kernel.pipeline import machine_of
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Shop

FILE = SAMPLES / "01_clean_day.csv"


def told(shop: Shop, mapping: str, number: str) -> tuple[OneDocument, Outbound]:
    way = way_of(shop.root, mapping, FILE)
    plan = plan_of(shop.root, way)
    with laid_out(machine_of(plan), FILE) as layout:
        assert not isinstance(layout, Unread)
        one = one_document(plan, layout, Wanted(number))
        assert isinstance(one, OneDocument)
        read = inbound(shop.root, plan.sources, one, FILE.name)
        return one, outbound(shop.root, plan.sources, one, way.target or 0, (read, plan.channel, None))


def test_every_field_that_is_told_stands_in_the_file_so(delivered: Shop) -> None:
    rows = {(row["OrderNumber"], row["LineNumber"]): row for row in delivered.erp()}
    for number in ("1001", "1004", "1005", "1006", "1017"):
        _, made = told(delivered, "erp/orders", number)
        for shown in made.lines:
            line = str(shown.row)
            assert rows[number, line][shown.field] == (shown.value or "")
        for shown in made.header:
            assert rows[number, "1"][shown.field] == (shown.value or "")


def test_parts_are_told_each_with_its_lines(delivered: Shop) -> None:
    _, made = told(delivered, "wms/orders", "1002")

    warehouses = {shown.row: shown.value for shown in made.header if shown.field == "Warehouse"}
    elements = [each for each in delivered.wms() if each.findtext("OrderNumber") == "1002"]
    assert list(warehouses.values()) == [each.findtext("Warehouse") for each in elements]
    [source] = next(s for s in made.header if s.field == "Warehouse" and s.row == 2).sources
    assert source.came is not None
    assert (source.came.mapping, source.came.block, source.came.sources[0].line) == ("shopify/orders", "lines", 5)
    assert np.array_equal(made.handed.owner, [0, 0, 1])


def test_what_rules_and_product_did_is_said(delivered: Shop) -> None:
    _, made = told(delivered, "erp/orders", "1004")
    fields = {shown.field: shown for shown in (*made.header, *made.lines) if shown.row == 1}

    discount, number, channel = (fields[name].sources[0] for name in ("LineDiscount", "LineNumber", "Channel"))
    assert (discount.text, discount.note, discount.came and discount.came.value) == (
        "3.34",
        "as the rules of the flow leave it",
        "0.00",
    )
    assert number.note == "set by the product: Ordinal of the line within its order, from 1"
    assert channel.note == "set by the product: Which shop it came through; set by the pick-up"
    assert fields["OrderNumber"].sources[0].note == ""
