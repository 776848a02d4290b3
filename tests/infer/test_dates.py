"""The format that fits all dates of a column, or the choice between two."""

from __future__ import annotations

import pytest

from exchange.assemble.infer import readable
from exchange.infer.dates import dates_of
from tests.infer.columns import column


@pytest.mark.parametrize(
    ("cells", "formats"),
    [
        (("2026-03-04", "2026-12-31"), ("%Y-%m-%d",)),
        (("04.03.2026", "5.3.2026"), ("%d.%m.%Y",)),
        (("03/04/2026", "05/06/2026"), ("%d/%m/%Y", "%m/%d/%Y")),
        (("03/04/2026", "13/06/2026"), ("%d/%m/%Y",)),
        (("03/04/2026", "06/13/2026"), ("%m/%d/%Y",)),
        (("20260304", "20261231"), ("%Y%m%d",)),
        (("Jul-21-25", "Jan-02-26"), ("%b-%d-%y",)),
        (("4 March 2026",), ("%d %B %Y",)),
        (("2026-03-02 09:15:41 +0100",), ("%Y-%m-%d %H:%M:%S %z",)),
        (("2025-07-30T08:34:47+00:00", "2025-07-30T08:34:47Z"), ("%Y-%m-%dT%H:%M:%S%z",)),
        (("1/2/2026 3:04 PM", "1/31/2026 3:04 AM"), ("%m/%d/%Y %I:%M %p",)),
        (("20260304123000",), ("%Y%m%d%H%M%S",)),
    ],
)
def test_formats_fit_every_row(cells: tuple[str, ...], formats: tuple[str, ...]) -> None:
    found = dates_of(column(*cells, None), readable)

    assert found is not None
    assert found.formats == formats
    assert found.ambiguous == (len(formats) > 1)
    assert found.has_zone == ("%z" in formats[0])
    assert found.has_time == any(code in formats[0] for code in ("%H", "%I"))


def test_a_cell_that_does_not_fit_is_named() -> None:
    found = dates_of(column("2026-03-04", "2026-03-05", "yesterday"), readable)

    assert found is not None
    assert found.formats == ("%Y-%m-%d",)
    assert found.odd == ("yesterday",)


@pytest.mark.parametrize("cells", [("a", "b"), (None,), ("1001", "1002"), ("19999999", "12345678"), ("2026-13-45",)])
def test_other_texts_are_no_dates(cells: tuple[str | None, ...]) -> None:
    assert dates_of(column(*cells), readable) is None
