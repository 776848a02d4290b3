"""Quotes, brackets and commas."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from exchange.config.slips import Slip, View
from exchange.config.slips_of_values import brackets, commas, escapes, in_quotes, open_quotes, put_quotes, unquoted
from tests.config.slipped import tried


@pytest.mark.parametrize(
    ("kind", "line", "column", "meant", "what"),
    [
        (open_quotes, 'a: "b', 5, 'a: "b"', "0:3 a quote is opened and not closed"),
        (open_quotes, "a: {b: 'c, d: e}", 16, "a: {b: 'c', d: e}", "0:7 a quote is opened and not closed"),
        (open_quotes, r'a: "C:\"', 8, r"a: 'C:\'", r"0:3 a `\"` does not end the text that is opened here"),
        (brackets, "a: {b: [c]", 10, "a: {b: [c]}", "0:3 the `{` that is opened here is not closed"),
        (brackets, "a: {b: [c}", 9, "a: {b: [c]}", "0:7 the `[` that is opened here is not closed before the next `}`"),
        (brackets, "a: b: c}", 7, "a: {b: c}", "0:3 the `{` is missing here, its `}` is there"),
        (brackets, "a: {b: c}}", 9, "a: {b: c}", "0:9 a `}` stands here, and nothing is open that it closes"),
        (brackets, "a: [b],", 6, "a: [b]", "0:6 a `,` stands behind the last value of the line"),
        (commas, "a: {b: c; d: e}", 10, "a: {b: c, d: e}", "0:8 a `;` does not part entries"),
        (commas, "a: [b,, c]", 6, "a: [b, c]", "0:5 nothing stands between two commas"),
        (unquoted, "a: @b", 3, 'a: "@b"', "0:3 a value cannot begin with @"),
        (unquoted, "a: b: c # d", 4, 'a: "b: c" # d', "0:3 a value that holds `: ` needs quotes"),
        (
            unquoted,
            "{a: b{c}.d, e: f}",
            5,
            '{a: "b{c}.d", e: f}',
            "0:4 a value with one of { } [ ] , in it needs quotes here",
        ),
        (
            unquoted,
            "{a: {b}.c}",
            7,
            '{a: "{b}.c"}',
            "0:4 a value that begins with { and goes on behind its } needs quotes",
        ),
        (
            unquoted,
            'a: "b" c',
            7,
            """a: '"b" c'""",
            '0:3 the text in quotes ends at the next ", and something follows it',
        ),
        (unquoted, "{a: b #1, c: d}", 15, '{a: "b #1", c: d}', "0:4 what follows a blank and # is a comment"),
    ],
)
def test_what_was_meant(
    kind: Callable[[View, int], Iterator[Slip]], line: str, column: int, meant: str, what: str
) -> None:
    assert tried(kind, line, 0, (0, column))[meant] == what


def test_a_comma_is_missing_before_what_is_a_key_elsewhere() -> None:
    text = "a: {b: c, d: e}\na: {b: c d: e}"
    assert tried(commas, text, 1, (1, 11)) == {"a: {b: c, d: e}\na: {b: c, d: e}": "1:8 a `,` is missing before `d:`"}
    assert not tried(commas, "a: {b: c x: e}", 0, (0, 11))


def test_a_backslash_in_double_quotes() -> None:
    view = View((r'a: "C:\d" # x',), (0, 7), (0, 3))
    [slip] = escapes(view, 0)
    assert (slip.lines[0], slip.instead) == (r"a: 'C:\d' # x", r"write single quotes: 'C:\d'")
    assert not list(escapes(View(("a: b",), (0, 0)), 0))


def test_quotes_that_change_nothing() -> None:
    assert [in_quotes(text) for text in ("a", 'a"b', "a\\b", "a\"b'c")] == ['"a"', "'a\"b'", "'a\\b'", "'a\"b''c'"]
    assert put_quotes("*") == 'put quotes around it: "*"'
