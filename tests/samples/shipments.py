"""A warehouse's shipping report as a sample: one row for each packed line, and what each shipment shows."""

from __future__ import annotations

from dataclasses import dataclass

COLUMNS = (
    *("Shipment", "Shipped at", "Carrier", "Service", "Parcels", "Weight kg", "Name", "City", "Postcode", "Country"),
    *("Order", "Order line", "SKU", "Quantity", "Unit", "Lot", "SSCC", "Tracking"),
)


@dataclass(frozen=True)
class Packed:
    """One packed line."""

    order: str
    line: str
    sku: str
    quantity: str = "1"
    unit: str = "EA"
    lot: str = ""
    sscc: str = "340123450000000014"
    tracking: str = "00340434161094015902"


@dataclass(frozen=True)
class Shipment:
    """One shipment with its rows."""

    number: str
    shows: str
    lines: tuple[Packed, ...]
    shipped_at: str = "2026-03-03 16:40"
    carrier: str = "DHL"
    parcels: str = "1"
    weight: str = "1.35"
    country: str = "DE"

    def rows(self) -> tuple[tuple[str, ...], ...]:
        """Return its rows in the order of COLUMNS; the header cells stand on each."""
        head = (self.number, self.shipped_at, self.carrier, "Parcel", self.parcels, self.weight)
        person = ("Mara Lind", "Hamburg", "20457", self.country)
        return tuple(
            (
                *head,
                *person,
                line.order,
                line.line,
                line.sku,
                line.quantity,
                line.unit,
                line.lot,
                line.sscc,
                line.tracking,
            )
            for line in self.lines
        )


SHIPMENTS = (
    Shipment(
        "S-7001", "one parcel", (Packed("1001", "1", "TEA-ASSAM", "2", lot="L2501"), Packed("1001", "2", "POT-CAST"))
    ),
    Shipment(
        "S-7002",
        "two parcels, each with its own SSCC and tracking number",
        (
            Packed("1002", "1", "MUG-BLUE", "6", sscc="340123450000000021", tracking="00340434161094015919"),
            Packed("1002", "2", "LAMP-SHIP", sscc="340123450000000038", tracking="00340434161094015926"),
        ),
        parcels="2",
        weight="5.9",
    ),
    Shipment(
        "S-7003", "two orders in one shipment", (Packed("1004", "1", "SOAP-OLIVE"), Packed("1005", "1", "BOWL-OAK"))
    ),
    Shipment("S-7004", "a part of a metre", (Packed("1006", "1", "TWINE-M", "2.5", "M"),)),
    Shipment("S-7005", "UNKNOWN_COUNTRY", (Packed("1007", "1", "MUG-SAND"),), country="XX"),
    Shipment(
        "S-7006", "SPREADSHEET_DAMAGE in a tracking number", (Packed("1008", "1", "JAR-CLIP", tracking="3.40E+17"),)
    ),
    Shipment("S-7007", "REQUIRED_MISSING: without a quantity", (Packed("1009", "1", "BOOK-KNOTS", ""),)),
    Shipment("S-7008", "NOT_A_DATE", (Packed("1010", "1", "KNIFE-PAR"),), shipped_at="yesterday"),
)


def text() -> str:
    """Return the shipping report."""
    rows = [COLUMNS, *(row for shipment in SHIPMENTS for row in shipment.rows())]
    return "".join(",".join(row) + "\n" for row in rows)
