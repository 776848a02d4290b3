"""The model of `rules.bundles`: how what is sold as a set becomes what lies on the shelf."""

from __future__ import annotations

from typing import Literal

from exchange.config.values import Model


class Bundles(Model):
    """Lines that sell a bundle become lines of its components, in bundles of bundles too.

    Quantities multiply. What the line costs, and its discount, is shared out to the cent, so that nothing is lost.
    """

    table: str = "bundles"
    """Table with the columns `bundle`, `component`, `quantity` (of the component in one bundle), and if wanted `unit`
    (of that quantity; blank is EA) and `price_share`."""
    key: Literal["sku", "item_number"] = "sku"
    """What the columns `bundle` and `component` hold."""
    items: str = "items"
    """Table that knows the components: its columns that are called like a field of an order line (item_number,
    description, warehouse, weight_g ...) fill that field of the component's line. What says nothing of the item, such
    as `taxable`, is that of the bundle."""
    price: Literal["price_share", "price", "evenly"] | None = None
    """What the price of a bundle is shared out by: `price_share`, a column of the table of bundles (any numbers; each
    component gets its part of their sum); `price`, a column of the table of items, times the quantity; `evenly`, each
    line of the bundle the same. Without it: `price_share` if the table has that column, else `price` if the items
    have it, else evenly."""

    def tables(self) -> tuple[str, ...]:
        """Return the tables that are read."""
        return (self.table, self.items)
