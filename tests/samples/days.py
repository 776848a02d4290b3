"""The sample orders that are as they should be: a whole day, the day after, and older or odd ways to write a file."""

from __future__ import annotations

from dataclasses import replace

from tests.samples.people import (
    ARABIC,
    CAMILLE,
    DANA,
    ELIF,
    EMOJI,
    FORMULA,
    HEBREW,
    JONAS,
    MARA,
    MARKUP,
    NOAH,
    OWEN,
    PIETER,
    TOKYO,
    URS,
)
from tests.samples.shopify import Line, Order, dated

GIFT_CARD = Line("", name="Gift Card - 25 EUR", price="25.00", cells={"Lineitem requires shipping": "false"})
NOTE = 'Please ring twice.\nThe bell says "Brandt, 3rd floor".\n\nThank you, and "greetings" to the packers!'
ATTRIBUTES = "delivery-date: 2026-03-09\ngift_message: All the best, and don't spill the tea!\nwrapping: plain"

CLEAN_DAY = dated(
    "2026-03-02",
    (
        Order(1001, "paid, two lines, one warehouse: goes out", (Line("TEA-ASSAM", "2"), Line("POT-CAST")), MARA),
        Order(
            1002,
            "two warehouses: WMS parts 1 and 2, each with its own lines",
            (Line("MUG-BLUE", "4"), Line("BOWL-OAK"), Line("TEA-MINT", "3")),
            CAMILLE,
            tax="0.20",
        ),
        Order(
            1003,
            "one SKU on three lines: three lines stay three lines",
            (Line("SOAP-OLIVE", "2"), Line("SOAP-OLIVE", "1"), Line("SOAP-OLIVE", "10", price="3.00")),
            JONAS,
        ),
        Order(
            1004,
            "discount 10.00 over three lines of 10.00: 3.34, 3.33, 3.33",
            (Line("CANDLE-S"), Line("CANDLE-S"), Line("CANDLE-S")),
            ELIF,
            discount="10.00",
            code="TENOFF",
        ),
        Order(
            1005,
            "discount over two warehouses and unequal lines, by value with largest-remainder cents",
            (Line("LAMP-SHIP"), Line("KNIFE-PAR", "3"), Line("TEA-ROOIBOS", "7")),
            MARA,
            discount="37.77",
            code="SPRING",
        ),
        Order(
            1006,
            "cases and boxes: the WMS gets 24 and 18 pieces, the ERP 2 CS and 3 BX",
            (Line("TEA-ASSAM-CASE", "2"), Line("JAR-CLIP-BOX", "3")),
            ELIF,
        ),
        Order(1007, "40 m of twine are 2 rolls of 20 m", (Line("TWINE-M", "40"),), JONAS),
        Order(1008, "pending: held until the next day's export", (Line("MUG-SAND", "2"),), MARA, status="pending"),
        Order(1009, "authorized: held", (Line("APRON-LIN"),), CAMILLE, status="authorized"),
        Order(1010, "partially_paid: held", (Line("LAMP-SHIP", "2"),), OWEN, status="partially_paid", currency="GBP"),
        Order(
            1011,
            "partially_refunded: held",
            (Line("BOARD-OAK"), Line("KNIFE-PAR")),
            URS,
            status="partially_refunded",
            cells={"Refunded Amount": "18.75"},
        ),
        Order(1012, "refunded: filtered", (Line("TEA-ROOIBOS"),), ELIF, status="refunded"),
        Order(1013, "voided: filtered", (Line("JAR-CLIP", "6"),), JONAS, status="voided"),
        Order(1014, "fulfilled already: filtered", (Line("BOOK-KNOTS"),), MARA, fulfilment="fulfilled"),
        Order(
            1015,
            "partial: the line that was shipped is left out, the other goes out",
            (Line("MUG-BLUE", cells={"Lineitem fulfillment status": "fulfilled"}), Line("APRON-LIN")),
            CAMILLE,
            fulfilment="partial",
        ),
        Order(
            1016,
            "cancelled before it was sent: filtered",
            (Line("CANDLE-S", "5"),),
            OWEN,
            cells={"Cancelled at": "2026-03-02 12:00:00 +0100"},
        ),
        Order(
            1017,
            "point of sale, no address: filtered for the WMS, goes to the ERP",
            (Line("TEA-MINT", "2"), Line("MUG-SAND")),
            None,
            email="",
            cells={"Location": "Harbour Shop", "Source": "pos", "Employee": "K. Voss", "Payment Method": "Cash"},
        ),
        Order(1018, "gift card only, nothing to ship: ERP only", (GIFT_CARD,), None, tax="0"),
        Order(1019, "gift card and mug: the WMS gets the mug only", (GIFT_CARD, Line("MUG-BLUE")), MARA),
        Order(
            1020,
            "emoji, and a note of several lines with quotes",
            (Line("TEA-ASSAM"),),
            EMOJI,
            cells={"Notes": NOTE},
        ),
        Order(1021, "Hebrew name and address", (Line("TEA-MINT", "6"),), HEBREW, tax="0", shipping="18.00"),
        Order(1022, "Arabic name and address", (Line("BOWL-OAK"),), ARABIC, tax="0", shipping="24.00"),
        Order(1023, "markup in a name: escaped in XML, exact in CSV", (Line("BOOK-KNOTS"),), MARKUP),
        Order(
            1024,
            "text like formulas: exact in both files",
            (Line("SOAP-OLIVE", "4", name="=2+2 Soap"),),
            FORMULA,
            cells={"Notes": "=cmd|' /C calc'!A0"},
        ),
        Order(
            1025,
            "apostrophe before postcode and phone taken off; the one in the name stays",
            (Line("JAR-CLIP"),),
            PIETER,
        ),
        Order(
            1026,
            "service, note, gift message and discount code reach the WMS as instructions",
            (Line("POT-CAST"), Line("TEA-ROOIBOS")),
            ELIF,
            bill=JONAS,
            discount="6.73",
            code="FRIENDS10",
            cells={
                "Shipping Method": "Express, before noon",
                "Notes": "It is a present.",
                "Note Attributes": ATTRIBUTES,
            },
        ),
        Order(
            1027,
            "US order: state, postcode with a leading zero, dollars, an SKU with leading zeros",
            (Line("00042-07", "12"), Line("LAMP-SHIP")),
            DANA,
            tax="0.08",
            currency="USD",
            shipping="29.50",
            cells={"Phone": "'+1 555 0100", "Tags": "wholesale, first order"},
        ),
        Order(
            1028,
            "Canadian order with two taxes",
            (Line("MUG-SAND", "2"),),
            NOAH,
            tax="0.14975",
            currency="CAD",
            cells={"Tax 1 Name": "GST 5%", "Tax 1 Value": "1.74", "Tax 2 Name": "QST 9.975%", "Tax 2 Value": "3.47"},
        ),
        Order(
            1029,
            "a line's own discount is part of the order's",
            (Line("BOARD-OAK", cells={"Lineitem discount": "8.00"}), Line("KNIFE-PAR")),
            URS,
            discount="12.00",
            code="LOYAL",
            tax="0.081",
            currency="CHF",
        ),
        Order(
            1030, "duties are part of the total", (Line("POT-CAST"),), URS, currency="CHF", cells={"Duties": "12.30"}
        ),
        Order(
            1031,
            "paid through an app: blank `Paid at`, outstanding balance, numeric source",
            (Line("CANDLE-CASE"),),
            OWEN,
            currency="GBP",
            tax="0.20",
            cells={"Paid at": "", "Outstanding Balance": "87.48", "Source": "3890849"},
        ),
        Order(1032, 'a quote in a name, properly doubled: Monitor 27"', (Line("MONITOR-27"),), JONAS, shipping="0.00"),
        Order(
            1033,
            "everything free: discount of the whole value",
            (Line("TEA-MINT"),),
            MARA,
            discount="4.90",
            code="SAMPLE",
            shipping="0.00",
        ),
        Order(1034, "Japanese name and address", (Line("TEA-ASSAM", "3"),), TOKYO, tax="0", currency="EUR"),
    ),
)
_SEEN = {order.number: order for order in CLEAN_DAY}

NEXT_DAY = (
    replace(_SEEN[1001], shows="exported again unchanged: filtered"),
    replace(
        _SEEN[1002],
        shows="exported again with another quantity: the WMS gets a change of part 1, the ERP of the order",
        lines=(Line("MUG-BLUE", "6"), *_SEEN[1002].lines[1:]),
    ),
    replace(_SEEN[1003], shows="refunded after it was sent: both targets get a cancellation", status="refunded"),
    replace(
        _SEEN[1004],
        shows="cancelled after it was sent: both targets get a cancellation",
        cells={"Cancelled at": "2026-03-03 08:00:00 +0100"},
    ),
    replace(_SEEN[1005], shows="shipped meanwhile, as it should be: filtered", fulfilment="fulfilled"),
    replace(
        _SEEN[1006],
        shows="shipped meanwhile, but with another quantity: CHANGED_AFTER_SHIPPED",
        lines=(Line("TEA-ASSAM-CASE", "3"), _SEEN[1006].lines[1]),
        fulfilment="fulfilled",
    ),
    replace(
        _SEEN[1007],
        shows="exported again with a corrected address: both targets get a change",
        to=replace(JONAS, line1="Am Deich 121"),
    ),
    replace(
        _SEEN[1019],
        shows="exported again without the mug, the only thing to ship: the WMS gets a cancellation, the ERP a change",
        lines=_SEEN[1019].lines[:1],
    ),
    replace(_SEEN[1008], shows="paid now: goes out", status="paid"),
    replace(_SEEN[1009], shows="still authorized: held"),
    replace(_SEEN[1010], shows="was held and is voided now: filtered", status="voided"),
    *dated("2026-03-03", (Order(1035, "a new order", (Line("TEA-MINT", "2"), Line("BOARD-OAK")), OWEN, tax="0.20"),)),
)

OLDER = dated(
    "2026-03-04",
    (
        Order(5001, "two lines", (Line("TEA-ASSAM"), Line("KNIFE-PAR")), MARA),
        Order(5002, "pending: held", (Line("MUG-BLUE"),), JONAS, status="pending"),
        Order(5003, "one line", (Line("BOOK-KNOTS", "2"),), CAMILLE),
    ),
)

WINDOWS = dated(
    "2026-03-05",
    (
        Order(
            6001,
            "two lines, a note of two lines",
            (Line("POT-CAST"), Line("JAR-CLIP", "4")),
            ELIF,
            cells={"Notes": "a\nb"},
        ),
        Order(6002, "umlauts", (Line("APRON-LIN"),), replace(JONAS, name="Jürgen Großmann")),
        Order(6003, "one line", (Line("SOAP-OLIVE", "8"),), OWEN),
    ),
)

HUNDREDFOLD = dated(
    "2026-03-10",
    (
        Order(
            8101,
            "costs a hundred times what it did",
            (Line("TEA-MINT", price="490"), Line("MUG-BLUE", price="1495")),
            MARA,
        ),
        Order(8102, "so does this", (Line("TEA-ASSAM", "2", price="1250"),), OWEN),
    ),
)

OLD_MAC = dated(
    "2026-03-06",
    (
        Order(7001, "two lines", (Line("TEA-MINT"), Line("TEA-ROOIBOS")), MARA),
        Order(7002, "one line", (Line("LAMP-SHIP"),), URS, currency="CHF"),
    ),
)
