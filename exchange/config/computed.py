"""The models of pick-ups that are computed from the ledger: stock for a channel, what to reorder, what differs."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from pydantic import Field, model_validator

from exchange.config.bundles import Bundles
from exchange.config.values import Duration, Model, Names, Percent

Refresh = Literal["never", "hourly", "daily", "weekly", "monthly"]


class Goods(Model):
    """Which items are meant, and what is known of them; keys that all computed pick-ups share."""

    items: str = "items"
    """Table of what is sold: its columns `sku` and `item_number`, and if there `item_class` and `unit` (what one of a
    SKU is: blank is EA; the table `packs` says how many base units that is)."""
    units: str = ""
    """Table with the columns `sku` and `unit`, where the table of items does not say it."""
    rules: str = ""
    """Table of exceptions, for example `stock_rules`: the columns `channel`, `location`, `sku`, `item_number`,
    `item_class` say where a line holds (blank: everywhere), the others are keys of this pick-up (`safety_stock` ...),
    `state` (active, preorder, discontinued, hidden) with `preorder` (how many more than there are) and
    `available_from`, `allocation` (base units kept for the channel of the line before shares are taken), `order_in`
    (how many are bought together). The line that says most about where it holds counts, value by value."""
    locations: Names = ()
    """Warehouses whose stock counts, in the order in which they are sold from; all of them where it is not written."""


class Availability(Goods):
    """What a channel may sell: on hand - reserved - sent since - safety stock at each location; then its share."""

    per: Literal["total", "location"] = "total"
    """One figure for each SKU, or one for each SKU and location."""
    safety_stock: Decimal = Field(default=Decimal(0), ge=0)
    """Base units of an item that are never offered, at each location."""
    share: Percent = 1.0
    """Which part of what is left goes to this channel, for example `50%`; several channels with shares of 100 % in all
    never sell one piece twice."""
    buffer: int = Field(default=0, ge=0)
    """How many less are shown than could be sold, of each SKU."""
    cap: int | None = Field(default=None, ge=0)
    """Most that are shown of a SKU."""
    untold: Literal["skip", "zero"] = "skip"
    """SKUs of whose stock nobody ever told: they are left as they are at the channel, or shown as sold out."""
    bundles: Bundles | None = None
    """SKUs that are bundles, as in the rules of the orders: there are as many of them as their scarcest component
    makes."""
    refresh: Refresh = "never"
    """How often everything is sent again, also what did not change; on the clock of the flow's `timezone`. Without it
    only what changed is sent."""


class Reorder(Goods):
    """What purchasing is to be told: items whose stock lasts no longer than their delivery takes."""

    window: Duration = timedelta(days=28)
    """Over how long the sales velocity is taken, from what was handed over."""
    lead_time: Duration = timedelta(days=14)
    """How long a delivery of the supplier takes; `lead_time` in the table of rules says it for items."""
    safety_stock: Decimal = Field(default=Decimal(0), ge=0)
    """Base units that are to be left when the delivery comes."""
    reorder_point: Decimal | None = Field(default=None, ge=0)
    """Told, where it is not to be computed from velocity and lead time; usually in the table of rules."""
    lasts: Duration = timedelta(days=28)
    """How long what is proposed is to last, beyond the lead time."""
    refresh: Refresh = "daily"
    """How often an item is told again while it is below its point."""


class Reconciliation(Goods):
    """Where others have other figures than the one who is right."""

    authority: str
    """Channel of the pick-up whose figures are right, for example `wms`."""
    against: Names = Field(min_length=1)
    """Channels whose figures are compared with them, for example `[erp, shopify]`; a pick-up of such figures says
    `stock: {use: compare}`."""
    figure: Literal["on_hand", "free"] = "on_hand"
    """What is compared: what lies there, or what of it is not reserved. Orders that one side has seen and the other has
    not are taken into account."""
    tolerance: Decimal = Field(default=Decimal(0), ge=0)
    """Base units by which figures may differ."""
    tolerance_share: Percent = 0.0
    """Part of the right figure by which they may differ as well, for example `2%`; the larger of both counts."""
    refresh: Refresh = "daily"
    """How often a difference is told again while it stays as it is."""


class Computed(Model):
    """One of them, with its keys."""

    availability: Availability | None = None
    """What the channel may sell."""
    reorder: Reorder | None = None
    """What is to be bought."""
    reconciliation: Reconciliation | None = None
    """Where figures differ."""

    @model_validator(mode="after")
    def _one(self) -> Computed:
        if [each is None for each in (self.availability, self.reorder, self.reconciliation)].count(False) != 1:
            raise ValueError("write one of {availability: {...}}, {reorder: {...}}, {reconciliation: {...}}")
        return self

    @property
    def name(self) -> str:
        """Which of them it is, and the document that it makes."""
        return next(name for name in type(self).model_fields if getattr(self, name) is not None)

    @property
    def chosen(self) -> Availability | Reorder | Reconciliation:
        """Return the keys of the one that is asked for."""
        made = self.availability or self.reorder or self.reconciliation
        if made is None:  # the validator has seen to it
            raise ValueError("nothing is computed")
        return made

    def tables(self) -> tuple[str, ...]:
        """Return the tables that are read."""
        made = self.chosen
        bundles = made.bundles.tables() if isinstance(made, Availability) and made.bundles else ()
        return tuple(dict.fromkeys([made.items, *filter(None, (made.units, made.rules)), *bundles]))


def period(refresh: Refresh, day: date, hour: int) -> str:
    """Return what a moment of the flow's clock is called, so that with each new one everything is told again."""
    year, week, _ = day.isocalendar()
    return {
        "never": "",
        "hourly": f"{day:%Y-%m-%d} {hour:02}",
        "daily": f"{day:%Y-%m-%d}",
        "weekly": f"{year}-W{week:02}",
        "monthly": f"{day:%Y-%m}",
    }[refresh]
