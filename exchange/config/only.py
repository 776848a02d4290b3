"""The model of `only:` in a flow: which documents a pilot lets through while all others wait outside."""

from __future__ import annotations

from pydantic import field_validator, model_validator

from exchange.config.values import Model, Names

FOLDER = "tables/"


class Listed(Model):
    """A list that is kept in a table, because it is long or others keep it."""

    file: str
    """The table, for example `tables/pilot.csv`."""
    column: str
    """Its column that holds the values."""

    @field_validator("file")
    @classmethod
    def _a_table(cls, file: str) -> str:
        if not file.startswith(FOLDER) or not file.endswith(".csv") or "/" in file.removeprefix(FOLDER):
            raise ValueError("expected a table such as tables/pilot.csv")
        return file

    @property
    def table(self) -> str:
        """The table's name."""
        return self.file.removeprefix(FOLDER).removesuffix(".csv")


class Only(Model):
    """A part of the documents, for a roll-out in steps: each that is written must fit, the rest is filtered."""

    skus: Names | Listed | None = None
    """Items by `sku`: a document with any other item stays outside whole."""
    channels: Names | Listed | None = None
    """Shops, as the pick-ups call them by `channel`, or else by `from`."""
    customers: Names | Listed | None = None
    """Customers by e-mail address, without regard to case."""
    orders: Names | Listed | None = None
    """Orders by `order_number`."""

    @model_validator(mode="after")
    def _of_something(self) -> Only:
        written = [name for name in KEYS if getattr(self, name) is not None]
        if not written:
            raise ValueError("`only` names nothing: write skus, channels, customers or orders, or remove it")
        for name in written:
            if getattr(self, name) == ():
                raise ValueError(f"an empty list lets nothing through: fill {name}, or `exchange pause` the flow")
        return self

    def tables(self) -> tuple[str, ...]:
        """Return the tables that hold lists."""
        found = (getattr(self, name) for name in KEYS)
        return tuple(dict.fromkeys(each.table for each in found if isinstance(each, Listed)))


KEYS = {"skus": "sku", "channels": "", "customers": "customer_email", "orders": "order_number"}
"""Key of `only:` -> document field that it looks at; blank for none: the channel is the file's."""
