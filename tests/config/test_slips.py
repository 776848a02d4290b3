"""A text that is refused, as those see it who look for the cause."""

from __future__ import annotations

from exchange.config.slips import View, indent_of, many_blanks, write

VIEW = View(("a:", "  # about b", "", "  b: c", "    d: e", "f: {a: g}"), (4, 5))


def test_comments_and_blank_lines_are_no_cause() -> None:
    assert VIEW.near == (4, 3, 0)
    assert VIEW.around(3) == ["    d: e", "f: {a: g}", "a:"]
    assert VIEW.below(0) == "  b: c"
    assert VIEW.below(5) == ""
    assert View(("a: b",), (1, 0)).near == (0,)


def test_words_that_are_keys() -> None:
    assert VIEW.keys == {"a": 2, "b": 1, "d": 1, "f": 1}


def test_words() -> None:
    assert indent_of("   a") == 3
    assert [many_blanks(1), many_blanks(2)] == ["1 blank", "2 blanks"]
    assert write("  a: b ") == "write `a: b`"
    assert write("a: " + "b" * 100) == f"write `a: {'b' * 67} ...`"
