"""The problems of which warehouse ships what, and of what is not in stock: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry, of_workspace

FULFILMENT_ENTRIES = (
    Entry(
        "PART_GOES_NOWHERE",
        "document",
        "No delivery takes a part of the order",
        "no delivery takes what warehouse {value!r} ships: each names others in its `only:`",
        "name the warehouse in `only:` of a delivery of the flow, or correct the route, the table or the mapping that "
        "says which warehouse ships it; then drop the reject file back in",
        why="A part that nobody is told of is never shipped, and nobody would notice. An order goes out whole or not "
        "at all, so its other parts wait too.",
    ),
    Entry(
        "OUT_OF_STOCK",
        "document",
        "More ordered than there is",
        "{value} of {item} ordered at {location}, {there} there",
        "agree with the customer, or wait for stock and drop the reject file back in",
        why="`availability` of the flow's rules says that such orders are a problem. What is there is what flows of "
        "stock documents told last, less what was handed over since.",
    ),
    Entry(
        "SENT_SHORT",
        "document",
        "Sent although there is too little stock",
        "{value} of {item} ordered at {location}, {there} there; sent all the same",
        "see that the warehouse gets stock, or correct its figures",
        "warning",
        why="`short: send` in `availability` of the flow's rules says so.",
    ),
    of_workspace(
        "ROUTE_GOES_NOWHERE",
        "A route to a warehouse that no delivery serves",
        "each delivery of parts names other warehouses in its `only:`",
        "name the warehouse in `only:` of a delivery, or correct the route",
        "warning",
        why="Orders that take this route are rejected, each with the problem PART_GOES_NOWHERE.",
    ),
    of_workspace(
        "STOCK_NEVER_TOLD",
        "A look at stock that nobody tells",
        "`availability` of the flow's rules asks for stock, and no flow has a pick-up with `stock:`",
        "add a flow of stock files, or remove `availability`",
        "warning",
        why="A warehouse of which no stock was ever told has no limits, so that orders are not stopped by mistake.",
    ),
)
