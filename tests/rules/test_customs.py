"""What crosses a customs border tells what customs asks for."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from exchange.config.rules import Customs
from exchange.rules.customs import customs_failures

RULE = Customs.model_validate({"from": "DE", "header": ["incoterms"], "lines": ["hs_code"]})
OWNER = np.array([0, 1, 1, 2, 3])


def found(incoterms: list[str | None], codes: list[str | None], rule: Customs = RULE) -> list[tuple[int, str]]:
    """Return (order, field) of what is missing: orders to Germany, the United States, France and nowhere."""
    header = {"ship_to.country": pa.array(["DE", "US", "FR", None]), "incoterms": pa.array(incoterms, pa.string())}
    lines = {"hs_code": pa.array(codes, pa.string()), "requires_shipping": pa.array([True, True, False, True, True])}
    return [(each.row, each.field) for each in customs_failures(header, lines, OWNER, rule)]


def test_orders_within_the_union_need_nothing() -> None:
    assert found([None, "DAP", None, None], [None, "090240", None, None, None]) == []


def test_what_leaves_the_union_is_complete_on_every_line_that_is_shipped() -> None:
    assert found([None] * 4, [None] * 5) == [(1, "incoterms"), (1, "hs_code")]


def test_without_a_union_every_other_country_is_abroad() -> None:
    alone = Customs.model_validate({"from": "DE", "union": "none", "header": ["incoterms"], "lines": []})
    assert found([None] * 4, [None] * 5, alone) == [(1, "incoterms"), (2, "incoterms")]


def test_field_that_no_mapping_fills_is_missing() -> None:
    rule = Customs.model_validate({"from": "DE", "header": [], "lines": ["origin_country"]})
    assert found([None] * 4, [None] * 5, rule) == [(1, "origin_country")]
