"""The models of a flow's `rules:`: what becomes of documents, whoever sent them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field, field_validator

from exchange.config.addresses import Address, Block
from exchange.config.bundles import Bundles
from exchange.config.fulfilment import Availability, Route, names_once
from exchange.config.stock import Reserve
from exchange.config.values import Duration, Model, Names


class Release(Model):
    """Which documents go out by themselves: `filter` first, then `when`, else `otherwise`."""

    when: dict[str, Names] = Field(default_factory=dict)
    """Document field -> values; all of them must fit."""
    filter: dict[str, Names] = Field(default_factory=dict)
    """Document field -> values; one that fits is enough, and the document never goes out."""
    otherwise: Literal["hold", "release", "filter"] = "hold"
    """What becomes of a document that neither names."""
    held_limit: Duration | None = None
    """How long a document may be held, for example `14d`, counted from when it was held first; looked at in each run of
    the flow, also where no file is there."""
    then: Literal["problem", "filter"] = "problem"
    """What happens to a document that is held for longer than `held_limit`. `problem`: a person is told once
    (HELD_TOO_LONG), it stays held and can still be released. `filter`: it is let go, and only a later file can bring it
    back."""


class Money(Model):
    """How amounts must add up, and what happens to the discount of the whole order."""

    allocate_discount: Literal["by_value", "none"] = "by_value"
    """`by_value`: in proportion to what the lines are worth, to the cent, so that they add up."""
    taxes: Literal["exclusive", "inclusive"] = "exclusive"
    """Inclusive: prices contain the taxes, so they are not added to the total."""
    tolerance: Decimal = Field(default=Decimal("0.01"), ge=0)
    """How far sums may differ, in the document's currency."""
    rounding: Literal["order", "line"] = "order"
    """Where the shop rounds taxes and discounts: once for the order, or on each line; then the sums may differ by half
    a coin for each line as well."""
    on_mismatch: Literal["warn", "reject"] = "warn"
    """Whether a document whose sums do not agree goes on with a warning or is rejected."""


def _sent_already() -> dict[str, Names]:
    return {"fulfilment_status": ("fulfilled",)}


class Customs(Model):
    """What orders must tell that cross a customs border."""

    from_: str = Field(alias="from", pattern="^[A-Z]{2}$")
    """Country the goods are sent from, ISO 3166-1 alpha-2."""
    union: Literal["EU", "none"] = "EU"
    """Customs union of that country: orders within it cross no border."""
    header: Names = ("incoterms",)
    """Order fields that must be filled."""
    lines: Names = ("hs_code", "origin_country", "customs_value", "weight_g")
    """Line fields that must be filled on each line that is shipped."""


class Rules(Model):
    """Business rules of a flow; they know documents only."""

    release: Release = Release()
    """Which documents go out by themselves."""
    repeat: Literal["problem", "change"] = "problem"
    """The same document again with other content: a problem for a person, or a change (a cancellation, where it was
    taken back) that each target is told against what it was sent before. A line keeps its `line_number` over changes:
    a removed one leaves its number unused, a new one gets the next that was never given."""
    taken_back: dict[Literal["cancelled", "voided", "refunded"], Literal["cancel", "return", "problem"]] = Field(
        default_factory=dict
    )
    """With `repeat: change`: what becomes of a document that was sent and is taken back. `cancel` (also where nothing
    is written) tells its targets to stop; `return` goes to the deliveries that take returns; `problem` asks a
    person."""
    route: tuple[Route, ...] = ()
    """Which warehouse ships a line: the first route that fits; without one that fits it is the one that the mapping
    says."""
    ships: Literal["order"] | None = None
    """`order`, in a flow that reads shipments: the orders that a shipment names count as shipped from then on, and can
    be neither changed nor cancelled. Which shop's: `order_channel` of the shipment or of its line, else the pick-up's
    `channel`."""
    split: Literal["warehouse", "none"] | tuple[str, ...] = "none"
    """`warehouse`: one outbound document for each warehouse of its lines; `[warehouse, item_class]`: one for each
    combination of these line fields. What waits for stock goes out as a part of its own in any case."""
    availability: Availability | None = None
    """What becomes of orders that ask for more than is in stock; without it nobody looks. What is handed over is
    subtracted from stock as by `reserve: true`."""
    bundles: Bundles | None = None
    """Which lines sell a bundle, and what it consists of; without it a line is a line."""
    filter_lines: dict[str, Names] = Field(default_factory=_sent_already)
    """Lines with one of these values go nowhere."""
    money: Money = Money()
    """How amounts must add up."""
    customs: Customs | None = None
    """What must be told of orders that leave the country or its customs union; without it nobody looks."""
    addresses: dict[Block, Address] = Field(default_factory=dict)
    """Address of the document -> how it is brought into the form couriers need; `{ship_to: {}}` for the usual way. An
    address that is not named here stays as it came."""
    reserve: bool | Reserve = False
    """For orders: what is handed over is subtracted from the stock of its warehouse until a snapshot contains it; so
    that a shop does not sell it twice meanwhile. Changes and cancellations give back."""

    @property
    def reserved(self) -> Reserve | None:
        """How orders are subtracted from stock; None where they are not."""
        if isinstance(self.reserve, bool):
            return Reserve() if self.reserve or self.availability is not None else None
        return self.reserve

    @property
    def split_by(self) -> tuple[str, ...]:
        """The line fields each combination of whose values makes a part; none: an order goes out whole."""
        if isinstance(self.split, tuple):
            return self.split
        return () if self.split == "none" else (self.split,)

    @field_validator("split")
    @classmethod
    def _split_by_fields(cls, split: str | tuple[str, ...]) -> str | tuple[str, ...]:
        return names_once(split) if isinstance(split, tuple) else split
