"""The model of a pick-up's `stock:`: what its figures mean, and how files of changes follow each other."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Literal

from pydantic import model_validator

from exchange.config.values import Duration, Model, Names

NUMBER = "{sequence}"
"""Stands in a file name for the number of the file."""


class Sequence(Model):
    """Where the number of a file stands; the files of a sender are numbered without gaps."""

    name: str = ""
    """In the file name, for example `stock_{sequence}.csv`; `*` stands for anything."""
    column: str = ""
    """In a column of the file that holds the same number on each row."""

    @model_validator(mode="after")
    def _one_place(self) -> Sequence:
        if bool(self.name) == bool(self.column):
            raise ValueError("write either {name: stock_{sequence}.csv} or {column: ...}")
        if self.name and self.name.count(NUMBER) != 1:
            raise ValueError("expected a file name with {sequence} in it, such as stock_{sequence}.csv")
        return self

    def number_in(self, name: str) -> int | None:
        """Return the number in a file name; None where it has none."""
        before, _, after = self.name.partition(NUMBER)
        pattern = f"{_regular(before)}([0-9]{{1,18}}){_regular(after)}"
        found = re.fullmatch(pattern, name, re.IGNORECASE)
        return int(found[1]) if found else None


def _regular(pattern: str) -> str:
    """Return the regular expression of a part of a file name."""
    return "".join(".*" if sign == "*" else re.escape(sign) for sign in pattern)


class Stock(Model):
    """What the figures of a pick-up mean; with it they are kept in the ledger, for what can be sold."""

    mode: Literal["snapshot", "delta"]
    """`snapshot`: what lies there; `delta`: what was added (less than nothing: taken away) since the file before."""
    location: Names = ()
    """The warehouses that the files tell of, as order lines name them. One: lines that name no warehouse are of that
    one. Lines of other warehouses are problems. Without it each file tells of the warehouses that its lines name."""
    missing: Literal["keep", "zero", "problem"] = "keep"
    """What becomes of items of these warehouses that a snapshot lacks: they keep their figure, they are set to nothing,
    or they keep it and a person is asked."""
    sequence: Sequence | None = None
    """How files of changes are numbered: one that is missing holds those behind it, until it has come."""
    counts_orders: bool = False
    """Changes that already contain the orders that were handed over before them: what was sent before a file is then
    not subtracted any more. Snapshots always contain them."""
    use: Literal["sell", "compare"] = "sell"
    """`compare`: figures of another system, only to be compared with; they are not stock that can be sold."""

    @model_validator(mode="after")
    def _of_its_mode(self) -> Stock:
        if self.mode == "delta" and self.sequence is None:
            raise ValueError("changes need `sequence:`, so that none is lost and none is added twice")
        if self.mode == "delta" and self.missing != "keep":
            raise ValueError("`missing` is for snapshots: changes tell of some items only")
        if self.mode == "snapshot" and (self.sequence or self.counts_orders):
            raise ValueError("`sequence` and `counts_orders` are for `mode: delta`: the newest snapshot counts")
        return self


class Reserve(Model):
    """How orders that were handed over are subtracted from stock."""

    location: str = ""
    """Warehouse of lines that name none."""
    to: Names = ()
    """Deliveries (their endpoints) that tell the warehouses; without it those whose mapping says `per: part` or
    `requires: shipping`, or else all."""
    lag: Duration = timedelta(0)
    """How long after the delivery an order is still missing from a snapshot, for example `15m` where the warehouse
    imports files every quarter of an hour."""
