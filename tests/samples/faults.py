"""The sample orders with one thing wrong each, as a shop's export or a spreadsheet leaves them."""

from __future__ import annotations

from dataclasses import replace

from tests.samples.people import CAMILLE, DANA, ELIF, JONAS, MARA, MARKUP, OWEN, URS
from tests.samples.shopify import Line, Order, dated

TEA = Line("TEA-ASSAM", "2")
MUG = Line("MUG-BLUE")
BOWL = Line("BOWL-OAK")
LONG_NAME = "Bartholomew Maximilian Featherstonehaugh-Cholmondeley the Younger, Esq."

PROBLEMS = dated(
    "2026-03-02",
    (
        Order(2001, "good: goes out", (TEA, MUG), MARA),
        Order(2002, "LOOKUP_MISS: an SKU that items.csv does not know", (MUG, Line("TEA-EARLGREY")), JONAS),
        Order(2003, "OUT_OF_RANGE: quantity 0", (Line("TEA-ASSAM", "0"),), ELIF),
        Order(2004, "OUT_OF_RANGE: quantity -1", (Line("TEA-ASSAM", "-1"), Line("LAMP-SHIP")), ELIF),
        Order(2005, "NOT_AN_INTEGER: quantity 1.5", (Line("BOARD-OAK", "1.5"),), CAMILLE),
        Order(2006, "NOT_AN_INTEGER: quantity two", (Line("BOARD-OAK", "two"),), CAMILLE),
        Order(2007, "NOT_AN_INTEGER: quantity 1e3", (Line("SOAP-OLIVE", "1e3"),), CAMILLE),
        Order(2008, "NOT_A_NUMBER: price 12,50", (Line("TEA-ASSAM", price="12,50"),), MARA),
        Order(2009, "NOT_EXACT: a price with five decimals", (Line("SOAP-OLIVE", "2", price="3.33333"),), MARA),
        Order(2010, "NOT_A_DATE: 30 February", (TEA,), JONAS, cells={"Created at": "2026-02-30 09:00:00 +0100"}),
        Order(2011, "NOT_A_DATE: 25 o'clock", (TEA,), JONAS, cells={"Paid at": "2026-03-02 25:10:00 +0100"}),
        Order(2012, "NOT_A_DATE: a day-first date", (TEA,), JONAS, cells={"Paid at": "02/03/2026 10:10"}),
        Order(2013, "good: goes out", (BOWL,), OWEN),
        Order(2014, "UNKNOWN_COUNTRY: XX", (MUG,), replace(URS, country="XX"), bill=URS),
        Order(2015, "UNKNOWN_COUNTRY: a name and no code", (MUG,), replace(MARA, country="Germany"), bill=MARA),
        Order(2016, "UNKNOWN_CURRENCY: EUX", (MUG,), MARA, currency="EUX"),
        Order(2017, "SPREADSHEET_DAMAGE: the postcode", (MUG,), replace(DANA, postcode="4.00638E+12"), bill=DANA),
        Order(2018, "SPREADSHEET_DAMAGE: the order's id", (MUG,), MARA, cells={"Id": "6.01234E+12"}),
        Order(2019, "SPREADSHEET_DAMAGE: a SKU", (Line("2.9E+12"),), MARA),
        Order(2020, "NOT_ALLOWED: an unknown payment status", (TEA,), OWEN, cells={"Financial Status": "settled"}),
        Order(2021, "VALUE_NOT_MAPPED: fulfilment status scheduled", (TEA,), OWEN, fulfilment="scheduled"),
        Order(
            2022,
            "NOT_A_BOOLEAN: requires shipping maybe",
            (Line("TEA-ASSAM", cells={"Lineitem requires shipping": "maybe"}),),
            OWEN,
        ),
        Order(2023, "PATTERN_MISMATCH: an e-mail address without @", (TEA,), ELIF, email="nobody.example.com"),
        Order(2024, "TOO_SHORT: an e-mail address of three characters", (TEA,), ELIF, email="a@b"),
        Order(2025, "TOO_LONG for the WMS: a name of 71 characters, never cut", (TEA,), replace(OWEN, name=LONG_NAME)),
        Order(2026, "ADDRESS_INCOMPLETE: no street", (TEA,), replace(OWEN, line1=""), bill=OWEN),
        Order(2027, "ADDRESS_INCOMPLETE: no city", (TEA,), replace(OWEN, city=""), bill=OWEN),
        Order(2028, "good: goes out", (Line("CANDLE-CASE"),), URS, currency="CHF"),
        Order(2029, "TOTALS_MISMATCH: the lines and the subtotal", (TEA, MUG), MARA, cells={"Subtotal": "49.95"}),
        Order(2030, "TOTALS_MISMATCH: the total", (TEA, MUG), MARA, cells={"Total": "1.00"}),
        Order(
            2031,
            "DISCOUNT_TOO_LARGE: 20.00 off 9.80",
            (Line("TEA-MINT", "2"),),
            MARA,
            discount="20.00",
            cells={"Subtotal": "0.00", "Taxes": "0.93", "Tax 1 Value": "0.93", "Total": "5.83"},
        ),
        Order(2032, "UNIT_UNKNOWN: packs.csv does not know the pallet", (Line("SOAP-PALLET"),), JONAS),
        Order(2033, "UNIT_NOT_WHOLE: 30 m are one roll and a half", (Line("TWINE-M", "30"),), JONAS),
        Order(2034, "TARGET_INVALID: the WMS schema refuses the postcode", (TEA,), replace(CAMILLE, postcode="69003*")),
        Order(2035, "REQUIRED_MISSING: no total", (TEA,), CAMILLE, cells={"Total": ""}),
        Order(2036, "REQUIRED_MISSING: a line without a name", (Line("TEA-ASSAM", cells={"Lineitem name": ""}),), ELIF),
        Order(2037, "REQUIRED_MISSING for the WMS: a line to ship without a SKU", (TEA, Line("")), ELIF),
        Order(
            2038,
            "NOT_ALLOWED: an unknown line status",
            (TEA, replace(MUG, cells={"Lineitem fulfillment status": "lost"})),
            URS,
        ),
        Order(
            2039,
            "four problems on three lines: the reject file shows the first of a row, the .jsonl all",
            (Line("TEA-GREEN", "0"), Line("BOWL-OAK", "three"), Line("KNIFE-PAR", price="18,75")),
            URS,
        ),
        Order(
            2040, "one bad line of three, two warehouses: nothing of it goes anywhere", (TEA, BOWL, Line("XX-1")), DANA
        ),
        Order(
            2041, "markup and a bad quantity: the reject file shows it exactly", (Line("BOOK-KNOTS", "<1>"),), MARKUP
        ),
        Order(2042, "good: goes out", (Line("JAR-CLIP-BOX"), Line("TWINE-ROLL", "3")), CAMILLE),
    ),
)

ROW_TOO_LONG = 3001
ROW_TOO_SHORT = 3003
SLOPPY_QUOTE = 3004
BROKEN_QUOTE = 3005
UNDECODABLE = 3007
NUL = 3009
NO_NUMBER = 3011
RAGGED_LINE = 3012
UNCLOSED_QUOTE = 3014
LAST = 3015
BROKEN_ROWS = dated(
    "2026-03-02",
    (
        Order(ROW_TOO_LONG, "ROW_TOO_LONG: the file's very first row has two cells too many", (TEA,), MARA),
        Order(3002, "good: goes out", (MUG, BOWL), JONAS),
        Order(ROW_TOO_SHORT, "ROW_TOO_SHORT: the row is cut off in the middle", (TEA,), ELIF),
        Order(
            SLOPPY_QUOTE,
            'good: a bare quote is text: Monitor 27"',
            (Line("MONITOR-27"),),
            OWEN,
        ),
        Order(BROKEN_QUOTE, "BROKEN_QUOTE: text after a closing quote", (BOWL,), CAMILLE),
        Order(3006, "good: goes out", (Line("SOAP-OLIVE", "3"),), URS),
        Order(UNDECODABLE, "UNDECODABLE: one byte is not UTF-8", (TEA,), replace(JONAS, name="Jorg Grossmann")),
        Order(3008, "MOJIBAKE: UTF-8 once read as cp1252", (TEA,), replace(JONAS, name="JÃ¶rg GroÃŸmann")),
        Order(NUL, "CONTROL_CHARACTER: a NUL", (TEA,), replace(MARA, name="Mara\x00Lind")),
        Order(3010, "CONTROL_CHARACTER: a bell", (TEA,), replace(MARA, name="Mara\x07 Lind")),
        Order(NO_NUMBER, "GROUP_KEY_MISSING: a row without an order number", (TEA,), ELIF, cells={"Name": ""}),
        Order(RAGGED_LINE, "ROW_TOO_SHORT on the second line: the whole order is rejected", (TEA, MUG), ELIF),
        Order(3013, "good: goes out", (Line("TEA-MINT", "4"),), OWEN),
        Order(UNCLOSED_QUOTE, "UNCLOSED_QUOTE: does not swallow the order behind it", (TEA,), MARA),
        Order(LAST, "good: the last row, behind an unclosed quote", (BOWL,), JONAS),
    ),
)

TWICE = 4004
DISAGREES = 4005
ORPHANS = 4006
AGREES = 4003
SCATTERED = dated(
    "2026-03-04",
    (
        Order(4001, "three lines that lie apart: one order", (TEA, MUG, BOWL), MARA),
        Order(4002, "two lines that lie apart", (Line("LAMP-SHIP"), Line("KNIFE-PAR", "2")), CAMILLE),
        Order(AGREES, "header cells are filled again and agree", (TEA, BOWL), ELIF),
        Order(TWICE, "DUPLICATE_IN_FILE: starts twice; neither is sent", (TEA,), URS),
        Order(DISAGREES, "HEADER_DISAGREES: the second row has another city", (TEA, MUG), MARA),
        Order(ORPHANS, "ORPHAN_LINES: its first row is missing", (TEA, MUG), OWEN),
        Order(4007, "good, one line", (Line("APRON-LIN"),), OWEN),
    ),
)
