"""The models of a flow's `guards:`: limits past which nothing is delivered until a person has looked."""

from __future__ import annotations

import re
from string import Formatter
from typing import Literal

from pydantic import Field, field_validator, model_validator

from exchange.config.values import Duration, Model, Percent

Does = Literal["ignore", "warn", "hold"]
ANYTHING = "*"
"""Stands in a total for any text."""
COUNTED = ("records", "documents", "lines")
"""What a total may count, beside the fields that it may sum up."""


class Share(Model):
    """A share of what is compared, and how many there must be at least."""

    share: Percent
    """More than this share trips the guard, for example `20%`."""
    at_least: int = Field(default=1, ge=1)
    """Fewer than so many never do: in a small file one item is a large share."""


class RowCount(Model):
    """How many records a file may have, measured by the last accepted one."""

    min: float = Field(default=0.0, ge=0)
    """So many times the records of the last accepted file are expected at least, for example 0.5 for half of them."""
    max: float | None = Field(default=None, ge=0)
    """So many times at most, for example 3."""


class Jump(Model):
    """How far a quantity may go up or down in one step."""

    factor: float = Field(ge=1)
    """So many times as much, or as little, is a jump; nothing at all is not, see `to_zero`."""
    share: Percent
    """More than this share of the items trips the guard."""
    at_least: int = Field(default=1, ge=1)
    """Fewer items than this never do."""


class Prices(Model):
    """How many prices may move how far."""

    move: float = Field(ge=0)
    """What is a move, in percent of the price before: 30 for 30 %; it may be more than 100."""
    share: Percent
    """More than this share of the prices trips the guard."""
    at_least: int = Field(default=1, ge=1)
    """Fewer items than this never do."""


class SchemaDrift(Model):
    """What happens where the columns are not those of the last accepted file."""

    new: Does = "warn"
    """A column that was not there."""
    missing: Does = "hold"
    """A column that is not there any more."""
    renamed: Does = "hold"
    """One that is gone, and another in its place or of a name like it."""
    reordered: Does = "ignore"
    """The same columns in another order: they are read by name."""


class Total(Model):
    """What a file says of itself, in one of its lines or in its name."""

    where: Literal["last_line", "first_line", "name"] = "last_line"
    """Where it stands. A first or last line is no record where the mapping's `format` says so (`skip`, `footer`)."""
    like: str
    """How it is written, for example `TRAILER;{records};{quantity}`. `{records}`, `{documents}` and `{lines}` are
    counted; any other name is a field of the document or of its lines, and is summed up. `*` stands for any text."""
    decimal: Literal[".", ","] = "."
    """Decimal sign of the numbers in it; the other one may part thousands."""

    @field_validator("like")
    @classmethod
    def _names_something(cls, like: str) -> str:
        try:
            names = [name for _, name, _, _ in Formatter().parse(like) if name is not None]
        except ValueError:
            names = []
        if not names or not all(names) or len(set(names)) < len(names):
            raise ValueError("expected a line such as TRAILER;{records};{quantity}, each name once")
        return like

    @property
    def names(self) -> tuple[str, ...]:
        """What stands in it, in its order."""
        return tuple(name for _, name, _, _ in Formatter().parse(self.like) if name)

    @property
    def pattern(self) -> str:
        """The regular expression of the whole line, with a group for each name, in their order."""
        made = ""
        for text, name, _, _ in Formatter().parse(self.like):
            made += "".join(".*" if sign == ANYTHING else re.escape(sign) for sign in text)
            made += r"\s*([-+]?[0-9][0-9.,]*)\s*" if name is not None else ""
        return made


class Guards(Model):
    """Limits past which a file is held: nothing of it is delivered until a person has looked. Those that compare do so
    with the last file of the same pick-up that was accepted; the first file of all trips none of them."""

    max_reject_rate: Percent | Share | None = None
    """Share of rejected documents above which the file is held, for example `20%`."""
    row_count: RowCount | None = None
    """How many records it may have against the last accepted file, for example `{min: 0.5, max: 3}`."""
    vanish: Percent | Share | None = None
    """Share of the last file's items that are not in this one any more. For files of stock; like all that is about
    items, by SKU or item number."""
    to_zero: Percent | Share | None = None
    """Share of the items that had stock and have none now."""
    jump: Jump | None = None
    """Quantities that go up or down by a factor, for example `{factor: 10, share: 5%}`."""
    prices: Prices | None = None
    """Prices that move, for example `{move: 30, share: 10%}`; each against the price that it had last."""
    hundredfold: Literal["price", "quantity", "both"] | None = None
    """Any price (or quantity) that is exactly a hundred times as much, or a hundredth: a decimal sign was lost."""
    totals: tuple[Total, ...] = ()
    """Counts and sums that the file itself states, for example
    `[{where: last_line, like: "TRAILER;{records};{quantity}"}]`."""
    schema_drift: Does | SchemaDrift = "ignore"
    """Columns that are not those of the last accepted file: `hold` or `warn` of any difference, or one word each for
    `new`, `missing`, `renamed` and `reordered`."""
    empty: Literal["allow", "hold"] = "allow"
    """`hold`: a file with a header and no records. One without any byte is rejected in any case."""
    too_old: Duration | None = None
    """Content that is older than this when it is taken, for example `2d`. It is as old as `as_of` of the pick-up says;
    without `as_of`, stock whose mapping fills `counted_at` is as old as the newest of these."""
    too_early: Duration | None = None
    """Content that is younger than the last accepted file's by less than this, for example `1h`; also content that is
    dated into the future by more."""

    @property
    def most_rejects(self) -> Share:
        """Which share of rejected documents is too much."""
        limit = self.max_reject_rate
        return limit if isinstance(limit, Share) else Share.model_construct(share=1.0 if limit is None else limit)

    @property
    def about_items(self) -> bool:
        """Whether items are compared."""
        return any((self.vanish, self.to_zero, self.jump, self.prices, self.hundredfold))

    @property
    def compares(self) -> bool:
        """Whether anything is compared with the last accepted file."""
        drifts = self.schema_drift != "ignore"
        return self.about_items or drifts or self.row_count is not None or self.too_early is not None

    @property
    def drift(self) -> SchemaDrift:
        """What happens where columns differ."""
        if isinstance(self.schema_drift, SchemaDrift):
            return self.schema_drift
        each = self.schema_drift
        return SchemaDrift(new=each, missing=each, renamed=each, reordered=each)

    @model_validator(mode="after")
    def _a_range(self) -> Guards:
        rows = self.row_count
        if rows is not None and rows.max is not None and rows.max < rows.min:
            raise ValueError("row_count: `max` is less than `min`")
        return self
