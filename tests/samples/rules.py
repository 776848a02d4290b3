"""The samples of single rules in samples/rules: what each shows, and the orders that go into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from tests.samples.people import CAMILLE, DANA, MARA, OWEN, TOKYO, URS
from tests.samples.shopify import COLUMNS, Address, Line, Order, cell, render

Exports = Mapping[str, tuple[Order, ...]]
"""Path below `days/` -> the orders of a shop's export."""


@dataclass(frozen=True)
class RuleSample:
    """One folder below samples/rules."""

    name: str
    rule: str
    """The keys that it is about."""
    shows: str
    section: str
    """Heading in mappings/README.md that explains them."""
    codes: tuple[str, ...] = ()
    """Problems that are in it on purpose."""
    exports: Exports = field(default_factory=dict)


def text(orders: tuple[Order, ...]) -> str:
    """Return an export of these orders."""
    lines = [",".join(map(cell, COLUMNS)), *(render(row) for order in orders for row in order.rows())]
    return "".join(f"{line}\n" for line in lines)


def _order(number: int, *lines: Line, to: Address = MARA, **changes: object) -> Order:
    plain = Order(number, "", lines, to, at="2026-03-02 08:00:00 +0100")
    return replace(plain, **changes)  # type: ignore[arg-type]  # the caller's own names of fields


TEA, MINT, MUG, OAK, KNIFE = (Line(sku) for sku in ("TEA-ASSAM", "TEA-MINT", "MUG-BLUE", "BOWL-OAK", "KNIFE-PAR"))
"""The last two lie in Lyon, the others in Hamburg."""


def many(line: Line, quantity: int) -> Line:
    """Return so many of a line's item."""
    return replace(line, quantity=str(quantity))


_GIFT = Line("SET-GIFT", "3", name="The big gift set", price="99.95")
BUNDLES = (
    _order(1101, _GIFT, discount="10.01"),
    _order(1102, Line("SET-SOAP", name="Three soaps", price="10.00"), many(MINT, 2)),
    _order(1103, Line("SET-TRAY", name="Trays of soap", price="20.00")),
)
UNITS = (
    _order(1201, Line("TEA-ASSAM-CASE", "2"), many(TEA, 30), many(Line("CANDLE-S"), 16)),
    _order(1202, Line("TWINE-M", "40")),
    _order(1203, Line("TWINE-M", "50")),
    _order(1204, Line("SOAP-PALLET")),
    _order(1205, Line("JAR-CLIP")),
    _order(1206, Line("BOARD-OAK")),
)
ROUTES = (
    _order(1301, many(TEA, 2), MUG, OAK),
    _order(1302, many(TEA, 2), MUG, to=CAMILLE),
    _order(1303, many(Line("MONITOR-27"), 4), TEA),
    _order(1304, Line("LAMP-SHIP"), MUG),
    _order(1305, Line("BOOK-KNOTS"), TEA),
)
BACKORDERS = (_order(1401, many(TEA, 2), many(KNIFE, 3)), _order(1402, many(KNIFE, 2)), _order(1403, many(TEA, 3)))


_PALO_ALTO = Address(
    "Ada Reyes", "12 Main St Apt 4B", "Palo Alto", "943011234", "United States", region="California",
    phone="(650) 555-0101",
)  # fmt: skip
_PLACES = (
    _PALO_ALTO,
    Address("Owen Hartley", "Flat 3, 5 Quay Lane", "Leith", "eh66aa", "Scotland", phone="01632 960123"),
    Address("Jonas Ahrens", "Packstation 123", "Bremen", "D-28199", "GERMANY", line2="1234567"),
    Address("Lea Brandt", "Große Elbstraße 12 a, 3. OG links", "Hamburg", "22767", "Germany", phone="040 / 123 456-0"),
    Address("Camille Royer", "14 rue des Glycines, Bât B, Esc 2", "Lyon", "F-69003", "France", phone="04 72 00 00 00"),
    Address("Owen Hartley", "P.O. Box 12", "Bristol", "bs14zz", "United Kingdom", phone="0044 1632 960123"),
    Address("Marta Nowak", "Paczkomat WAW01A", "Warszawa", "00950", "Polska", line2="ul. Długa 5 m. 7"),
    Address("Noah Tremblay", "210 rue Principale", "Gatineau", "j8x2k1", "CAN", region="Québec"),
    Address("Dana Whitfield", "88 Orchard Street", "Albany", "1001", "USA", line2="Apt 4B", region="New York"),
    Address("Elif Sommer", "Lange Zeile 3", "Nuremberg", "90419", "Germany", phone="0171 1234567 (Maria)"),
    Address("Urs Keller", "Seeweg 21", "Zug", "6300", "Helvetia"),
    Address("Ines O'Hara", "5 Main Street", "Springfield", "", "US", region="Simpsonia"),
    replace(MARA, line1="Donaudampfschifffahrtsgesellschaftsweg 5"),
)
"""The last five cannot be brought into form."""
ADDRESSES = tuple(_order(1500 + number, many(TEA, 2), to=to, bill=MARA) for number, to in enumerate(_PLACES, 1))

CUSTOMS = (
    _order(1601, TEA, OAK),
    _order(1602, OAK, to=CAMILLE, tax="0.20"),
    _order(1603, many(TEA, 2), to=URS, currency="CHF", cells={"Tags": "DDP"}),
    _order(1604, MUG, OAK, to=URS, currency="CHF"),
    _order(1605, MUG, to=OWEN, currency="GBP", tax="0.20"),
)

_CANDLES = (Line("CANDLE-S"),) * 3
_TWO_TAXES = {"Tax 1 Name": "State 4%", "Tax 1 Value": "0.80", "Tax 2 Name": "County 4.5%", "Tax 2 Value": "0.90"}
_YEN = {"Subtotal": "200", "Shipping": "0", "Taxes": "20", "Tax 1 Name": "CT 10%", "Tax 1 Value": "20", "Total": "220"}
_HALF_A_YEN = {**_YEN, "Shipping": "0.50", "Total": "220.50"}
_DINARS = {
    "Subtotal": "3.250", "Shipping": "1.500", "Taxes": "0.475", "Tax 1 Name": "VAT 10%", "Tax 1 Value": "0.475",
    "Total": "5.225",
}  # fmt: skip
_CONTAINED = {"Taxes": "4.77", "Tax 1 Value": "4.77", "Total": "29.90"}
_MANAMA = Address("Huda Karim", "Road 2407, Building 12", "Manama", "317", "BH")
_YENS = tuple(replace(line, price="100") for line in _CANDLES)
_FILS = tuple(replace(line, price="1.250") for line in _CANDLES)
NET = (
    _order(1701, many(TEA, 2), cells={"Taxes": "4.75", "Tax 1 Value": "4.75", "Tax 5 Value": "0.93", "Total": "35.58"}),
    _order(
        1702, *_CANDLES, to=DANA, currency="USD", discount="10.00", shipping="5.00",
        cells={**_TWO_TAXES, "Taxes": "1.70", "Total": "26.70"},
    ),
    _order(1703, *_YENS, to=TOKYO, currency="JPY", discount="100", cells=_YEN),
    _order(1704, *_FILS, to=_MANAMA, currency="BHD", discount="0.500", cells=_DINARS),
    _order(1705, *_YENS, to=TOKYO, currency="JPY", discount="100", cells=_HALF_A_YEN),
    _order(1706, TEA, cells={"Total": "12.34"}),
)  # fmt: skip
GROSS = (
    _order(1711, many(TEA, 2), cells=_CONTAINED),
    _order(
        1712, *(Line("SOAP-OLIVE"),) * 5, discount="1.68",
        cells={"Subtotal": "15.05", "Taxes": "3.19", "Tax 1 Value": "3.19", "Total": "19.95"},
    ),
    _order(1713, many(TEA, 2), cells={**_CONTAINED, "Total": "34.67"}),
)  # fmt: skip

_THERE = replace(MARA, line1="Kaistrasse 8")
_GONE = {"Cancelled at": "2026-03-03 09:00:00 +0100"}
CHANGES_1 = (
    _order(1801, many(TEA, 2)),
    _order(1802, many(TEA, 2)),
    _order(1803, many(TEA, 2)),
    _order(1804, TEA),
    _order(1805, TEA, MUG),
    _order(1806, TEA, status="pending"),
    _order(1807, TEA),
    _order(1808, TEA, OAK),
    _order(1809, TEA, status="pending"),
    _order(1810, TEA),
    _order(1811, TEA, status="pending"),
)
CHANGES_2 = (
    CHANGES_1[0],
    replace(CHANGES_1[1], to=_THERE),
    _order(1803, many(TEA, 5)),
    _order(1804, TEA, MUG),
    _order(1805, TEA),
    replace(CHANGES_1[5], status="voided"),
    replace(CHANGES_1[6], cells=_GONE),
    _order(1808, TEA, MUG),
    replace(CHANGES_1[8], status="paid"),
    replace(CHANGES_1[9], status="refunded"),
    CHANGES_1[10],
    _order(1812, MUG),
)
LATE = (_order(1803, many(TEA, 9)), _order(1813, MUG))
CHANGES_3 = (_order(1803, many(TEA, 5)), CHANGES_1[6])

SHIPPED_1 = (_order(1901, many(TEA, 2)), _order(1902, MUG), _order(1903, TEA), _order(1904, MUG))
SHIPPED_3 = (
    replace(SHIPPED_1[0], to=_THERE),
    replace(SHIPPED_1[1], fulfilment="fulfilled"),
    replace(SHIPPED_1[2], to=_THERE),
    replace(SHIPPED_1[3], status="voided"),
)

_WISHES = "gift_wrap: yes\ngift_message: All the best, Mum!\ndelivery-date: 2026-03-09"
GIFTS = (
    _order(2001, TEA, OAK, cells={"Note Attributes": _WISHES, "Notes": "Ring twice.", "Tags": "no plastic please"}),
    _order(2002, MUG),
    _order(2003, MUG, cells={"Note Attributes": "delivery-date: next Friday"}),
)
SOLD_1 = (_order(2201, many(TEA, 4), MUG), _order(2202, many(TEA, 2), status="pending"))
SOLD_2 = (replace(SOLD_1[0], status="voided"),)
SALES = (_order(2301, many(TEA, 4), Line("TEA-ASSAM-CASE", "8")),)

RULES = (
    RuleSample(
        "bundles",
        "rules.bundles",
        "sets of sets become their parts, and the price is shared out to the cent",
        "Bundles and units",
        ("BUNDLE_UNIT",),
        {"1/inbox/shopify/bundles/orders.csv": BUNDLES},
    ),
    RuleSample(
        "units",
        "steps `to_unit`, `packed_unit`, `convert_unit`, `unit_code`",
        "cases, rolls and pounds; opened packs are refused, rounded up or kept as pieces",
        "Bundles and units",
        ("UNIT_NOT_WHOLE", "UNIT_UNKNOWN", "UNIT_CODE", "UNIT_KINDS"),
        {"1/inbox/shopify/units/orders.csv": UNITS},
    ),
    RuleSample(
        "routes",
        "rules.route, rules.split, deliver[].only",
        "two warehouses and a 3PL, by channel, item, country and weight",
        "Who ships what: routes, parts, 3PLs, stock",
        ("PART_GOES_NOWHERE",),
        {
            "1/inbox/shopify/routes/orders.csv": ROUTES,
            "1/inbox/amazon/routes/orders.csv": (_order(1306, TEA, OAK),),
        },
    ),
    RuleSample(
        "backorders",
        "rules.availability",
        "what is there goes out, the rest on the next day",
        "Who ships what: routes, parts, 3PLs, stock",
        (),
        {"1/inbox/shopify/backorders/orders.csv": BACKORDERS},
    ),
    RuleSample(
        "addresses",
        "rules.addresses; steps `street`, `house_number`, `wrap_address`, `transliterate`",
        "what customers type in seven countries, in the form that couriers need",
        "Addresses",
        (
            "ADDRESS_TOO_LONG",
            "PHONE_UNREADABLE",
            "POSTCODE_FORMAT",
            "UNKNOWN_COUNTRY",
            "UNKNOWN_REGION",
            "ADDRESS_LACKS",
        ),
        {"1/inbox/shopify/addresses/orders.csv": ADDRESSES},
    ),
    RuleSample(
        "customs",
        "rules.customs",
        "HS code, origin, value and incoterms across a border, and an order that lacks some",
        "Amounts, taxes, customs, gifts",
        ("CUSTOMS_MISSING",),
        {"1/inbox/shopify/customs/orders.csv": CUSTOMS},
    ),
    RuleSample(
        "taxes_and_currencies",
        "rules.money",
        "prices with and without tax, several taxes, tax on shipping, yen without and dinars with three decimals",
        "Amounts, taxes, customs, gifts",
        ("AMOUNT_TOO_FINE", "TOTALS_MISMATCH"),
        {"1/inbox/shopify/net/orders.csv": NET, "1/inbox/shopify/gross/orders.csv": GROSS},
    ),
    RuleSample(
        "gifts",
        "fields `gift_wrap`, `gift_message`, `requested_delivery_on`, `special_requests`",
        "what customers ask for, as picking instructions and as columns",
        "Amounts, taxes, customs, gifts",
        ("PATTERN_MISMATCH",),
        {"1/inbox/shopify/gifts/orders.csv": GIFTS},
    ),
    RuleSample(
        "changes",
        "rules.repeat, rules.taken_back, rules.release, pick_up[].as_of",
        "address, quantity, line added and removed, cancelled before and after sending, refunded, held too long, an "
        "older export that comes late",
        "Orders over days: changes, cancellations, shipments",
        ("HELD_TOO_LONG", "REOPENED"),
        {
            "1/inbox/shopify/changes/orders_202603021700.csv": CHANGES_1,
            "2/inbox/shopify/changes/orders_202603031700.csv": CHANGES_2,
            "3/inbox/shopify/changes/orders_202603021200.csv": LATE,
            "3/inbox/shopify/changes/orders_202603041700.csv": CHANGES_3,
        },
    ),
    RuleSample(
        "shipped",
        "rules.ships",
        "a shipping report goes to the shop, and its orders cannot be changed any more",
        "Orders over days: changes, cancellations, shipments",
        ("CHANGED_AFTER_SHIPPED", "SHIPPED_UNKNOWN"),
        {
            "1/inbox/shopify/shipped/monday.csv": SHIPPED_1,
            "3/inbox/shopify/shipped/wednesday.csv": SHIPPED_3,
        },
    ),
    RuleSample(
        "stock",
        "pick_up[].stock",
        "snapshots, numbered changes with a gap, items that disappear",
        "Stock in the ledger",
        ("STOCK_ITEM_MISSING", "STOCK_SEQUENCE_BEHIND"),
    ),
    RuleSample(
        "availability",
        "pick_up[].computed.availability, rules.reserve",
        "safety stock, channel shares, a cap, an allocation, pre-order, bundles; only what changed",
        "Stock: from the warehouses to the shops",
        (),
        {"1/inbox/shopify/sold/monday.csv": SOLD_1, "2/inbox/shopify/sold/tuesday.csv": SOLD_2},
    ),
    RuleSample(
        "reorder",
        "pick_up[].computed.reorder",
        "what to buy, from sales velocity and lead time, or at a point that is told",
        "Stock: from the warehouses to the shops",
        (),
        {"1/inbox/shopify/sales/orders.csv": SALES},
    ),
    RuleSample(
        "reconciliation",
        "pick_up[].computed.reconciliation",
        "warehouse, ERP and shop compared, with a file of adjustments",
        "Stock: from the warehouses to the shops",
    ),
    RuleSample(
        "guards_and_feedback",
        "guards, pick_up[].feedback",
        "a list that was cut off is held, and its sender is told what became of the others",
        "Guards: when a file is held",
        ("NOT_A_NUMBER",),
    ),
)
"""In the order in which samples/README.md shows them."""
