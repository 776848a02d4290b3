"""How differences read."""

from __future__ import annotations

from exchange.cases.differences import REMOVED, Difference, unified


def lines(expected: str | None, got: str | None) -> list[str]:
    return list(Difference((), "what", expected, got).lines())


def test_values_stand_below_each_other() -> None:
    assert lines("3", "2") == ["expected  3", "got       2"]
    assert lines("3", "") == ["expected  3", "got       a blank"]
    assert lines(None, "2") == ["expected  nothing", "got       2"]


def test_nothing_of_a_value_reaches_the_terminal_but_its_text() -> None:
    assert lines("\x1b[31m", "a\tb") == [r"expected  \x1b[31m", r"got       a\tb"]
    assert len(lines("", "x" * 1000)[1]) < 450


def test_texts_of_several_lines_are_a_unified_diff() -> None:
    assert lines("a\nb\nc\n", "a\nB\nc\n") == ["--- expected", "+++ got", "@@ -1,3 +1,3 @@", " a", "-b", "+B", " c"]


def test_a_long_diff_is_cut() -> None:
    found = list(unified("", "\n".join(map(str, range(500))), "a", "b"))
    assert found[-1] == "... and more"
    assert len(found) == 61


def test_line_ends_that_differ_are_said() -> None:
    assert lines("a\nb\n", "a\r\nb\r\n") == ["they differ in their line ends only"]


def test_removed_says_what_it_is() -> None:
    assert repr(REMOVED) == "REMOVED"
