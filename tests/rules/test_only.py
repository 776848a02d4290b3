"""Which documents stay outside of a pilot; tests/flows/test_only.py runs flows with it."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.rules.only import Pilot, outside

NO = "outside `only`: "
Row = tuple[str | None, str | None, list[str | None]]


def judged(pilot: Pilot, *documents: Row, bad: tuple[int, ...] = ()) -> list[str]:
    """Return the reason of each document (number, e-mail, items), blank for those within."""
    header = {
        "order_number": pa.array([number for number, _, _ in documents], pa.string()),
        "customer_email": pa.array([email for _, email, _ in documents], pa.string()),
    }
    skus = [sku for _, _, items in documents for sku in items]
    owner = np.repeat(np.arange(len(documents)), [len(items) for _, _, items in documents]).astype(np.int64)
    wrong = np.isin(np.arange(len(documents)), bad)
    keep = np.array([sku != "SENT" for sku in skus], bool)
    found = outside((header, {"sku": pa.array(skus, pa.string())}), owner, (keep, wrong), pilot)
    return [(reason or "").removeprefix(NO) for reason in found.to_pylist()]


def test_each_item_has_to_be_listed() -> None:
    pilot = Pilot(skus=("A", "B"))
    assert judged(pilot, ("1", None, ["A", "B"]), ("2", None, ["A", "C", "D"]), ("3", None, [])) == ["", "sku C", ""]


def test_lines_that_go_nowhere_keep_nobody_out() -> None:
    assert judged(Pilot(skus=("A",)), ("1", None, ["A", "SENT"])) == [""]


def test_a_blank_keeps_out_but_where_it_could_not_be_read() -> None:
    pilot = Pilot(skus=("A",), customers=("a@b.example",))
    blank: tuple[str, None, list[str | None]] = ("1", None, ["A"])
    assert judged(pilot, blank, ("2", "A@b.example", [None])) == ["customer_email is blank", "a sku is blank"]
    assert judged(pilot, blank, ("2", "a@b.example", [None]), bad=(0, 1)) == ["", ""]
    assert judged(pilot, ("1", None, ["C"]), bad=(0,)) == ["sku C"], "one that is read decides"


def test_all_that_is_written_has_to_fit() -> None:
    pilot = Pilot(skus=("A",), orders=("1", "2"), customers=("a@b.example",))
    assert judged(pilot, ("1", "a@b.example", ["A"]), ("3", "x@y.example", ["A"]), ("2", "x@y.example", ["A"])) == [
        "",
        "its number",
        "its customer",
    ]


@pytest.mark.parametrize(("channels", "reason"), [(("shop",), "channel de"), (("de", "fr"), ""), (None, "")])
def test_the_channel_is_the_files(channels: tuple[str, ...] | None, reason: str) -> None:
    assert judged(Pilot(channels=channels, channel="de"), ("1", None, ["A"])) == [reason]


def test_a_document_of_one_item_has_it_in_its_header() -> None:
    header = {"sku": pa.array(["A", "B"])}
    masks = np.ones(3, bool), np.zeros(2, bool)
    found = outside((header, {}), np.array([0, 0, 1]), masks, Pilot(skus=("A",)))
    assert found.to_pylist() == [None, f"{NO}sku B"]


@given(st.lists(st.lists(st.sampled_from("ABC"), max_size=4), max_size=6), st.sets(st.sampled_from("ABC")))
def test_within_are_those_all_of_whose_items_are_listed(documents: list[list[str]], listed: set[str]) -> None:
    rows: list[Row] = [(str(number), None, list(items)) for number, items in enumerate(documents)]
    found = judged(Pilot(skus=tuple(sorted(listed))), *rows)
    assert [not reason for reason in found] == [set(items) <= listed for items in documents]
