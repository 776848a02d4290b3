"""How numbers are written, and when nobody can tell."""

from __future__ import annotations

import pytest

from exchange.infer.numbers import Numbers, numbers_of
from tests.infer.columns import column


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (("1", "20"), Numbers(whole=True)),
        (("-1", "2"), Numbers(whole=True, signed=True)),
        (("1.5", "20"), Numbers(whole=False)),
        (("1,5", "20"), Numbers(whole=False, point=",")),
        (("1.234,50", "7,95"), Numbers(whole=False, point=",", group=".")),
        (("1,234.50", "7.95"), Numbers(whole=False, group=",")),
        (("1 234,50", "7,95"), Numbers(whole=False, point=",", group=" ")),
        (("1'234.50", "7.95"), Numbers(whole=False, group="'")),
        (("$1.50", "$20.00"), Numbers(whole=False, sign="$")),
        (("1,50 €", "2,00 €"), Numbers(whole=False, point=",", behind=" €", currency="EUR")),
        (("1.234", "7.950"), Numbers(whole=False, ambiguous=True)),
        (("1,234",), Numbers(whole=False, point=",", ambiguous=True)),
        (("1.234", "0.500"), Numbers(whole=False)),
        (("1.5", "2.5", "many"), Numbers(whole=False, odd=("many",))),
    ],
)
def test_numbers(cells: tuple[str, ...], expected: Numbers) -> None:
    assert numbers_of(column(*cells)) == expected


@pytest.mark.parametrize("cells", [("a", "b"), (None,), ("1e5", "x"), ("12-3",)])
def test_other_texts_are_no_numbers(cells: tuple[str | None, ...]) -> None:
    assert numbers_of(column(*cells)) is None
