"""What a spreadsheet shows of a number: as the programs show it, or told that it cannot be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.formats.xlsx.numberformat import number_format


@pytest.mark.parametrize(
    "code",
    [
        "General", "0", "0.00", "#,##0", "#,##0.00", "# ##0", "@", "0.00E+00", "# ?/?", ";;;",
        "0 \"kg\"", "#,##0.00\\ \"EUR\"", "[$€-407] #,##0.00", "\"USD \"#,##0", "[Red]0.00", "0.00;[Red]-0.00",
        "_-* #,##0.00 _€_-", "General\" d\"", "dd.mm.yyyy", "[$-407]d. mmmm yyyy", "[h]:mm", "hh:mm AM/PM", "m/d",
    ],
)  # fmt: skip
def test_formats_that_show_the_number_or_a_known_date(code: str) -> None:
    assert number_format(code) is None


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("00000", 123.0, "00123"),
        ("00000", 123456.0, "123456"),
        ("00000", -5.0, "-00005"),
        ("00000", 1.5, None),
        ("000.00", 1.5, "001.50"),
        ("0%", 0.5, "50%"),
        ("0%", 0.07, "7%"),
        ("0%", 0.1 + 0.2, "30%"),
        ("0%", 0.175, None),
        ("0.0 %", 0.175, "17.5 %"),
        ("#,##0%", 12.0, "1200%"),
        ("0.0%;(0.0%)", -0.125, "(12.5%)"),
        ("0%;[Red]0%", -0.12, "-12%"),
        ("000-00-0000", 123456789.0, "123-45-6789"),
        ("0000\\-00", 202603.0, "2026-03"),
        ("###-####", 5.0, None),
        ("\"SKU-\"0", 5.0, "SKU-5"),
        ("00 \"pcs\"", 5.0, "05 pcs"),
        ("[<=9999999]###-####;(###) ###-####", 5551234.0, "555-1234"),
        ("[<=9999999]###-####;(###) ###-####", 2065551234.0, "(206) 555-1234"),
        ("00;-00;\"none\"", 0.0, "0"),
        ("#,##0,", 1234567.0, None),
        ("0.0,,\"M\"", 1234567.0, None),
        ("e", 45000.0, None),
        ("0;yyyy", -1.0, None),
    ],
)  # fmt: skip
def test_what_is_shown(code: str, number: float, shown: str | None) -> None:
    known = number_format(code)
    assert known is not None
    assert known.text(number) == shown


@given(st.integers(0, 10**14), st.integers(2, 15))
def test_leading_zeros_change_no_number(number: int, width: int) -> None:
    known = number_format("0" * width)
    assert known is not None
    shown = known.text(float(number))
    assert shown is not None
    assert (int(shown), len(shown)) == (number, max(width, len(str(number))))


@given(st.integers(-(10**6), 10**6))
def test_a_percentage_is_a_hundredth(hundredths: int) -> None:
    known = number_format("0.00%")
    assert known is not None
    shown = known.text(hundredths / 10_000)
    assert shown is not None
    assert round(float(shown.removesuffix("%")) * 100) == hundredths


@given(st.text('0#?.,%;-\\"[]<>=EeymdhsAPMG_* 5', max_size=12), st.floats(-1e14, 1e14))
def test_any_code_is_read_or_told(code: str, number: float) -> None:
    known = number_format(code)
    assert known is None or isinstance(known.text(number), str | None)
