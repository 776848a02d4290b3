"""How an order becomes rows of a Shopify orders export; the one place that knows the 79 columns and their sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

_NAMES = (
    "Name|Email|Financial Status|Paid at|Fulfillment Status|Fulfilled at|Accepts Marketing|Currency|Subtotal|Shipping"
    "|Taxes|Total|Discount Code|Discount Amount|Shipping Method|Created at|Lineitem quantity|Lineitem name"
    "|Lineitem price|Lineitem compare at price|Lineitem sku|Lineitem requires shipping|Lineitem taxable"
    "|Lineitem fulfillment status|Billing Name|Billing Street|Billing Address1|Billing Address2|Billing Company"
    "|Billing City|Billing Zip|Billing Province|Billing Country|Billing Phone|Shipping Name|Shipping Street"
    "|Shipping Address1|Shipping Address2|Shipping Company|Shipping City|Shipping Zip|Shipping Province"
    "|Shipping Country|Shipping Phone|Notes|Note Attributes|Cancelled at|Payment Method|Payment Reference"
    "|Refunded Amount|Vendor|Outstanding Balance|Employee|Location|Device ID|Id|Tags|Risk Level|Source"
    "|Lineitem discount|Tax 1 Name|Tax 1 Value|Tax 2 Name|Tax 2 Value|Tax 3 Name|Tax 3 Value|Tax 4 Name|Tax 4 Value"
    "|Tax 5 Name|Tax 5 Value|Phone|Receipt Number|Duties|Billing Province Name|Shipping Province Name|Payment ID"
    "|Payment Terms Name|Next Payment Due At|Payment References"
)
COLUMNS = tuple(_NAMES.split("|"))
NULLABLE = frozenset({"Shipping Address2", "Shipping Company", "Billing Address2", "Billing Company", "Notes", "Tags"})
"""Free text that the export writes as `""` where it is blank; other blanks are nothing at all."""

# What the shop sells: SKU -> what the customer sees, price.
GOODS = {
    "TEA-ASSAM": ("Assam Tea - 250 g", "12.50"),
    "TEA-ASSAM-CASE": ("Assam Tea - case of 12", "129.00"),
    "TEA-MINT": ("Peppermint Tea - 100 g", "4.90"),
    "TEA-ROOIBOS": ("Rooibos Tea - 200 g", "8.30"),
    "POT-CAST": ("Cast Iron Teapot - 0.8 l", "59.00"),
    "MUG-BLUE": ("Stoneware Mug - blue", "14.95"),
    "MUG-SAND": ("Stoneware Mug - sand", "14.95"),
    "JAR-CLIP": ("Clip Jar - 1 l", "6.40"),
    "JAR-CLIP-BOX": ("Clip Jar - box of 6", "34.00"),
    "BOWL-OAK": ("Oak Bowl - 28 cm", "39.90"),
    "BOARD-OAK": ("Oak Cutting Board, oiled", "48.00"),
    "KNIFE-PAR": ("Paring Knife", "18.75"),
    "APRON-LIN": ("Linen Apron - slate", "42.00"),
    "CANDLE-S": ("Beeswax Candle - small", "10.00"),
    "CANDLE-CASE": ("Beeswax Candle - case of 8", "68.00"),
    "SOAP-OLIVE": ("Olive Soap - 100 g", "3.35"),
    "SOAP-PALLET": ("Olive Soap - pallet", "980.00"),
    "LAMP-SHIP": ("Ship's Lamp - brass", "145.00"),
    "TWINE-M": ("Hemp Twine - by the metre", "0.35"),
    "MONITOR-27": ('Monitor 27" - 1440p', "249.00"),
    "00042-07": ("Replacement Wick", "1.99"),
    "BOOK-KNOTS": ("The Book of Knots: 99 hitches, bends & splices", "24.00"),
}


@dataclass(frozen=True)
class Address:
    """Where a parcel or an invoice goes."""

    name: str
    line1: str
    city: str
    postcode: str
    country: str
    line2: str = ""
    company: str = ""
    region: str = ""
    region_name: str = ""
    phone: str = ""

    def cells(self, kind: str) -> dict[str, str]:
        """Return the cells of `Shipping *` or `Billing *`."""
        street = f"{self.line1}, {self.line2}" if self.line2 else self.line1
        parts = {
            "Name": self.name,
            "Street": street,
            "Address1": self.line1,
            "Address2": self.line2,
            "Company": self.company,
            "City": self.city,
            "Zip": self.postcode,
            "Province": self.region,
            "Country": self.country,
            "Phone": self.phone,
            "Province Name": self.region_name,
        }
        return {f"{kind} {part}": text for part, text in parts.items()}


@dataclass(frozen=True)
class Line:
    """One order line; cells that differ from the usual ones stand in `cells`."""

    sku: str
    quantity: str = "1"
    name: str = ""
    price: str = ""
    cells: Mapping[str, str] = field(default_factory=dict)

    @property
    def worth(self) -> Decimal:
        """What the line costs before discounts; a cell that is no number counts as the usual one."""
        return _number(self.quantity, "1") * _number(self.price, self._usual[1])

    def row(self, *, fulfilled: bool) -> dict[str, str]:
        """Return the line's own cells."""
        name, price = self._usual
        return {
            "Lineitem quantity": self.quantity,
            "Lineitem name": self.name or name,
            "Lineitem price": self.price or price,
            "Lineitem sku": self.sku,
            "Lineitem requires shipping": "true",
            "Lineitem taxable": "true",
            "Lineitem fulfillment status": "fulfilled" if fulfilled else "pending",
            "Vendor": "Hafen & Heide",
            "Lineitem discount": "0.00",
            **self.cells,
        }

    @property
    def _usual(self) -> tuple[str, str]:
        return GOODS.get(self.sku, ("Something else", "10.00"))


@dataclass(frozen=True)
class Order:
    """One order of a sample file, and what it is there to show."""

    number: int
    shows: str
    lines: tuple[Line, ...]
    to: Address | None
    bill: Address | None = None
    status: str = "paid"
    fulfilment: str = "unfulfilled"
    discount: str = "0.00"
    code: str = ""
    shipping: str = "4.90"
    tax: str = "0.19"
    currency: str = "EUR"
    email: str = "customer@example.com"
    at: str = "2026-03-02 09:00:00 +0100"
    cells: Mapping[str, str] = field(default_factory=dict)
    """Cells of the first row that differ from the usual ones."""

    def rows(self) -> list[dict[str, str]]:
        """Return the order's rows: the first with all cells, the others with the line's cells only."""
        repeated = {"Name": f"#{self.number}", "Email": self.email, "Created at": self.at}
        rows = [{**repeated, **line.row(fulfilled=self.fulfilment == "fulfilled")} for line in self.lines]
        first = {**rows[0], **self._header(), **self._money(), **self.lines[0].cells, **self.cells}
        repeats = {column: first[column] for column in ("Name", "Email", "Created at", "Phone") if first.get(column)}
        return [first, *({**row, **repeats, **line.cells} for row, line in zip(rows[1:], self.lines[1:], strict=True))]

    def _header(self) -> dict[str, str]:
        paid = self.status in {"paid", "partially_refunded", "refunded"}
        bill = self.bill or self.to
        return {
            "Financial Status": self.status,
            "Paid at": self.at if paid else "",
            "Fulfillment Status": self.fulfilment,
            "Fulfilled at": self.at if self.fulfilment == "fulfilled" else "",
            "Accepts Marketing": "no",
            "Shipping Method": "Standard" if self.to else "",
            "Payment Method": "Shop payments",
            "Payment Reference": f"r{self.number}.1",
            "Id": str(6012340000000 + self.number),
            "Risk Level": "Low",
            "Source": "web",
            "Payment ID": f"r{self.number}.1",
            "Payment References": f"r{self.number}.1",
            **(bill.cells("Billing") if bill else {}),
            **(self.to.cells("Shipping") if self.to else {}),
        }

    def _money(self) -> dict[str, str]:
        subtotal = sum((line.worth for line in self.lines), Decimal(0)) - Decimal(self.discount)
        shipping = Decimal(self.shipping if self.to else "0.00")
        taxes = _cents((subtotal + shipping) * Decimal(self.tax))
        total = subtotal + shipping + taxes + Decimal(self.cells.get("Duties") or "0")
        return {
            "Currency": self.currency,
            "Subtotal": str(_cents(subtotal)),
            "Shipping": str(_cents(shipping)),
            "Taxes": str(taxes),
            "Total": str(_cents(total)),
            "Discount Code": self.code,
            "Discount Amount": self.discount,
            "Refunded Amount": str(_cents(total)) if self.status == "refunded" else "0.00",
            "Outstanding Balance": "0.00" if self.status != "pending" else str(_cents(total)),
            "Tax 1 Name": f"VAT {Decimal(self.tax) * 100:.0f}%" if taxes else "",
            "Tax 1 Value": str(taxes) if taxes else "",
        }


def dated(day: str, orders: Iterable[Order]) -> tuple[Order, ...]:
    """Return the orders with times of one day, nine minutes apart."""
    return tuple(
        replace(order, at=f"{day} {7 + minute // 60:02}:{minute % 60:02}:{minute % 47:02} +0100")
        for minute, order in zip(range(0, 9000, 9), orders, strict=False)
    )


def cell(text: str) -> str:
    """Return the text as it stands in the file: in quotes only where it needs them."""
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"\r\n') else text


def render(row: Mapping[str, str], columns: Iterable[str] = COLUMNS, *, nullable: bool = True) -> str:
    """Return one row without its line end; blanks of a first row are written as the real export writes them."""
    first = nullable and bool(row.get("Id"))
    empty = NULLABLE if first else frozenset()
    return ",".join(cell(row.get(column, "")) or ('""' if column in empty else "") for column in columns)


def _number(text: str, otherwise: str) -> Decimal:
    try:
        return Decimal(text or otherwise)
    except InvalidOperation:
        return Decimal(otherwise)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), ROUND_HALF_UP)
