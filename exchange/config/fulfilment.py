"""The models of `rules:` that decide which warehouse ships a line, and what becomes of what is not in stock."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from exchange.config.values import Model, Names

WAREHOUSE = "warehouse"
CHANNEL, LINE_WEIGHT, ORDER_WEIGHT = "channel", "line_weight_g", "order_weight_g"
"""What routes may ask for beside the fields of the document."""
ASKED = (CHANNEL, LINE_WEIGHT, ORDER_WEIGHT)


class Between(Model):
    """Limits of a number; both are outside of it."""

    over: Decimal | None = None
    """More than this fits."""
    under: Decimal | None = None
    """Less than this fits."""

    @model_validator(mode="after")
    def _of_something(self) -> Between:
        if self.over is None and self.under is None:
            raise ValueError("write {over: 1000}, {under: 1000}, or both")
        if self.over is not None and self.under is not None and self.over >= self.under:
            raise ValueError(f"nothing is over {self.over} and under {self.under}")
        return self


class Route(Model):
    """Which lines a warehouse ships."""

    when: dict[str, Names | Between] = Field(default_factory=dict)
    """Field of the order or of the line -> values, or `{over: 1000, under: 5000}` for a number; all of them must fit,
    and a blank fits nothing. Also `channel`, `line_weight_g` (weight_g x quantity) and `order_weight_g` (of all lines
    that go anywhere). Without it every line fits."""
    warehouse: str = ""
    """The warehouse that ships the lines that fit, in place of what the mapping says."""
    fulfiller: str = ""
    """Who runs it, for example a 3PL, in place of what the mapping says."""

    @model_validator(mode="after")
    def _to_somewhere(self) -> Route:
        if not self.warehouse and not self.fulfiller:
            raise ValueError("a route leads somewhere: write `warehouse: <name>`")
        return self


class Availability(Model):
    """What becomes of orders that ask for more than there is: stock as flows of stock documents told it, less what
    was handed over since."""

    short: Literal["backorder", "reject", "hold", "send"]
    """`backorder`: what is there is shipped as a part, the rest waits in the ledger and goes out as a part of its own
    once stock has come (an order of which nothing is there waits whole); each run of the flow tries the oldest first.
    `hold`: the order waits whole until all of it is there. `reject`: the order is a problem for a person. `send`: it
    goes out with a warning."""
    per: Literal["location", "all"] = "location"
    """`location`: each line takes the stock of its own warehouse; `all`: that of all places together."""


def names_once(fields: tuple[str, ...]) -> tuple[str, ...]:
    """Return the fields of a split as they are; raises ValueError where one occurs twice or none is there."""
    if not fields or len(set(fields)) < len(fields) or "" in fields:
        raise ValueError("expected `warehouse`, `none`, or a list of line fields such as [warehouse, item_class]")
    if "none" in fields:
        raise ValueError("`none` stands alone: write `split: none`")
    return fields
