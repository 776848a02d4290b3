"""What one line of YAML shows."""

from __future__ import annotations

import pytest

from exchange.config.sight import closing, look


@pytest.mark.parametrize(
    ("line", "brackets", "stray", "quote"),
    [
        ('  - {from: a, match: "*.csv"}  # {', [], None, None),
        ("  a: {b: [c, d", [5, 9], None, None),
        ("  a: [b}", [5], 7, None),
        ("  a: b}", [], 6, None),
        ('  a: "b, c', [], None, 5),
        ("  a: the shop's {b}", [], 18, None),
        ("  a: 'the shop''s'", [], None, None),
    ],
)
def test_what_is_left_open(line: str, brackets: list[int], stray: int | None, quote: int | None) -> None:
    seen = look(line)
    assert (seen.brackets, seen.stray, seen.quote) == (brackets, stray, quote)


def test_where_values_begin_and_where_the_line_ends() -> None:
    line = "  - a: {b: c, d: [e, f]}  # g"
    seen = look(line)
    assert "".join(line[at] for at in seen.starts) == "-a{bcd[ef"
    assert line[: seen.end] == "  - a: {b: c, d: [e, f]}"
    assert look("a: #1001").starts == [0, 3]
    assert look("a: # 1001").starts == [0]


def test_where_a_quote_is_closed() -> None:
    assert closing(r'"a\"b" c', 0) == 5
    assert closing("'a''b' c", 0) == 5
    assert closing('"a', 0) is None
