"""The model of `explode:` in an inbound mapping: how packed cells are taken apart."""

from __future__ import annotations

from pydantic import Field, model_validator

from exchange.config.values import Model, Names


class Explode(Model):
    """How cells that hold several values are taken apart; the values are columns for `fields` and `lines`."""

    columns: Names = Field(min_length=1)
    """Columns of packed cells; `line_item_*` is every column that begins so, in the file's order."""
    lines: str = ""
    """What stands between two lines of a document within one cell; without it a cell is one line."""
    pairs: str = Field(min_length=1)
    """What stands between two values of a line."""
    equals: str = ""
    """What stands between a value's name and the value; without it the values stand in the order of `keys`."""
    keys: Names = ()
    """Names of the values. Only before one of them do `lines` and `pairs` separate then, so that values may hold them;
    `*` in a name stands for anything."""

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Explode:
        if not self.equals and not self.keys:
            raise ValueError("write `equals`, or `keys` with the names of the values in their order")
        used = [text for text in (self.lines, self.pairs, self.equals) if text]
        if len(set(used)) < len(used):
            raise ValueError("`lines`, `pairs` and `equals` are the same text: nothing tells them apart")
        return self

    @property
    def makes_lines(self) -> bool:
        """Whether one row of the file may become several lines."""
        return bool(self.lines) or len(self.columns) > 1 or any("*" in column for column in self.columns)
