"""Signs that look like others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from exchange.config.slips import Slip, View
from exchange.config.slips_of_signs import foreign_lines, lookalikes, looks_like_blank, tabs, without_lookalikes


def first(found: Iterator[Slip], number: int) -> tuple[int, str]:
    slip = next(found)
    return slip.column, slip.lines[number]


@pytest.mark.parametrize(
    ("line", "column", "meant"),
    [
        ("  a:\u00a0b", 4, "  a: b"),
        ("  a\u200b: b", 3, "  a: b"),
        ("  \u2013 a", 2, "  - a"),
        ("  a\uff1ab", 3, "  a: b"),
        ("  {a: b\uff0cc: d}", 7, "  {a: b, c: d}"),
        ("  a: \u201c*.csv\u201d", 5, '  a: "*.csv"'),
        ("  a: \xab*.csv\xbb", 5, '  a: "*.csv"'),
        ('  a: "*.csv\u201d', 11, '  a: "*.csv"'),
    ],
)
def test_what_was_meant(line: str, column: int, meant: str) -> None:
    assert first(lookalikes(View((line,), (0, 0)), 0), 0) == (column, meant)


def test_a_tab_in_front_is_an_indent_and_behind_it_a_blank() -> None:
    view = View(("a:", "  b: c", "\td: e", "  f:\tg"), (2, 0))
    assert [(slip.column, slip.lines[2], slip.instead) for slip in tabs(view, 2)][:2] == [
        (0, "  d: e", "indent with spaces"),
        (0, "d: e", "indent with spaces"),
    ]
    assert [(slip.column, slip.lines[3], slip.instead) for slip in tabs(view, 3)] == [
        (4, "  f: g", "type a blank in its place")
    ]
    assert not list(tabs(view, 1))


def test_of_two_versions_the_first_is_kept() -> None:
    lines = ("a: b", "<<<<<<< HEAD", "c: d", "||||||| base", "c: f", "=======", "c: e", ">>>>>>> theirs", "g: h")
    [slip] = foreign_lines(View(lines, (3, 0)))
    assert (slip.line, slip.column) == (1, 0)
    assert slip.lines == dict.fromkeys((1, 3, 4, 5, 6, 7), "")


@pytest.mark.parametrize("line", ["```yaml", "  \u2026", "- ...", "%a: b"])
def test_lines_that_are_none_of_yaml(line: str) -> None:
    [slip] = foreign_lines(View(("a: b", line), (1, 0)))
    assert slip.line == 1
    assert slip.lines[1] in {"", "a: b"}


def test_signs_that_look_like_a_blank_or_like_nothing() -> None:
    assert looks_like_blank("a b") is None
    at, what, instead = looks_like_blank("ab\u00a0c") or (0, "", "")
    assert (at, instead) == (2, "type a blank in its place")
    assert what == "a no-break space (U+00A0) stands here, which looks like a blank and is none"
    assert (looks_like_blank("\u200ba") or ("", "", ""))[2] == "remove it"
    assert without_lookalikes("\ufeffa\u00a0b") == "a b"
