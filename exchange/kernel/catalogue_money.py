"""The problems of amounts and of what crosses a border: part of the catalogue."""

from __future__ import annotations

from exchange.kernel.catalogue_entry import Entry

MONEY_ENTRIES = (
    Entry(
        "AMOUNT_TOO_FINE",
        "document",
        "More digits than the currency has",
        "{field}: {value} has more digits than an amount in {currency} can have",
        "correct the amount or the currency; where the source writes cents as units, add a `divide` step",
        why="Yen have no cents and dinars have three digits (ISO 4217). An amount that cannot be paid is a mistake in "
        "the file or in the mapping, and rounding it silently would make the sums wrong.",
    ),
    Entry(
        "CUSTOMS_MISSING",
        "document",
        "Customs would stop the parcel",
        "{field} is blank, and the order goes to {country}, across a customs border",
        "fill it in the shop, or take it from a table in the mapping (items.csv can hold HS code and origin)",
    ),
)
