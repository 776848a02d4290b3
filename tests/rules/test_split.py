"""What parts a document is split into."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pydantic import ValidationError

from exchange.config.rules import Rules
from exchange.rules.split import keys


def test_lines_of_one_warehouse_share_a_key_and_blank_is_one() -> None:
    lines = {"warehouse": pa.array(["HAM", None, "LYO", "HAM"])}

    assert keys(lines, 4, ("warehouse",)).to_pylist() == ["HAM", "", "LYO", "HAM"]


def test_without_warehouses_nothing_is_split() -> None:
    assert keys({}, 3, ("warehouse",)).to_pylist() == ["", "", ""]
    assert keys({"warehouse": pa.array(["A", "B"])}, 2, ()).to_pylist() == ["", ""]


def test_each_combination_of_several_fields_is_a_part() -> None:
    lines = {"warehouse": pa.array(["HAM", "HAM", "LYO", "HAM"]), "item_class": pa.array(["a", "b", "a", "a"])}

    found = keys(lines, 4, ("warehouse", "item_class")).to_pylist()

    assert len(set(found)) == 3
    assert found[0] == found[3]


def test_split_as_it_is_written() -> None:
    assert Rules().split_by == Rules(split="none").split_by == ()
    assert Rules(split="warehouse").split_by == ("warehouse",)
    assert Rules(split=("warehouse", "item_class")).split_by == ("warehouse", "item_class")


@pytest.mark.parametrize("wrong", [(), ("none",), ("warehouse", "warehouse"), ("warehouse", "none"), "sku"])
def test_split_that_cannot_be(wrong: object) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate({"split": wrong})
