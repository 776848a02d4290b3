"""Slips of whole lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from exchange.config.slips import Slip, View
from exchange.config.slips_of_lines import blocks, dashes, entries, glued, indentation, keys, values_and_more
from tests.config.slipped import tried


@pytest.mark.parametrize(
    ("kind", "text", "number", "meant", "what"),
    [
        (glued, "a:b", 0, "a: b", "0:0 no blank stands behind `a:`"),
        (glued, "{a: b, c:d}", 0, "{a: b, c: d}", "0:7 no blank stands behind `c:`"),
        (glued, "a:\n  -b", 1, "a:\n  - b", "1:2 no blank stands behind the `-`"),
        (keys, "a = b", 0, "a: b", "0:0 a `=` stands behind `a` in place of `: `"),
        (keys, '"a: b"', 0, "a: b", "0:0 the quotes are around the key and the value"),
        (keys, "a\n  b: c", 0, "a:\n  b: c", "0:0 no `:` stands behind `a`"),
        (keys, "a: b\nsome, words", 1, "a: b\n", "1:0 this line has no key"),
        (keys, "- a:\n  b", 1, "- a:\n    b", "1:2 the value of 'a' stands below it and is not indented deeper"),
        (keys, "a: |\nb\nc", 2, "a: |\n  b\n  c", "1:0 the value of 'a' stands below it and is not indented deeper"),
        (
            entries,
            "- a\nb\n- c",
            1,
            "- a\n- b\n- c",
            "1:0 the lines around this one begin with `- `, this one does not",
        ),
        (
            entries,
            "a\nb\n- c",
            1,
            "- a\n- b\n- c",
            "0:0 the lines around this one begin with `- `, this one does not, down to line 2",
        ),
        (dashes, "- a: b\nc: d", 0, "a: b\nc: d", "0:0 a `- ` stands before this key, and none before those around it"),
        (indentation, "a:\n  b: c\n   d: e", 2, "a:\n  b: c\n  d: e", "2:3 this line is indented by 3 blanks"),
        (indentation, "-  a: b\n  c: d", 0, "- a: b\n  c: d", "0:1 more than one blank stands behind the `-`"),
        (
            blocks,
            "- a: b\nc: d\ne:\n  f: g",
            1,
            "- a: b\n  c: d\n  e:\n    f: g",
            "1:0 this line begins in the first column, which does not fit the lines around it",
        ),
        (values_and_more, "a: b\n  c: d", 0, "a:\n  c: d", "0:3 'a' has a value, and lines below it"),
    ],
)
def test_what_was_meant(
    kind: Callable[[View, int], Iterator[Slip]], text: str, number: int, meant: str, what: str
) -> None:
    assert tried(kind, text, number, (len(text.splitlines()) - 1, 0))[meant].startswith(what)


def test_a_key_with_lines_below_it_is_not_aligned_with_them() -> None:
    lines = ("a:", "  b: c", "  d: e", "  f: g", " h:", "  i: j")
    assert next(indentation(View(lines, (4, 1)), 4)).lines == {4: "h:"}
