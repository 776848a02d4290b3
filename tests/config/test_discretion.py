"""Which lines may hold a secret."""

from __future__ import annotations

import pytest

from exchange.config.discretion import may_hold_secret, without_example, without_text

LINES = ("endpoints:", "  a:", "    type: sftp", "    pasword", "      hunter2", "", "    host: b", "  c: sftp://u:x@b")


@pytest.mark.parametrize(("number", "may"), [(1, False), (2, False), (3, True), (4, True), (6, False), (7, True)])
def test_a_line_and_those_that_it_stands_below_of(number: int, may: bool) -> None:
    assert may_hold_secret(LINES, number) == may


def test_what_is_left_of_a_message() -> None:
    assert without_text("no blank stands behind `hunter2:`") == "no blank stands behind this"
    assert without_text("unknown key 'a:hunter2'") == "unknown key this"
    assert without_example('put quotes around it: "hunter2"') == "put quotes around it"
    assert without_example("write `a: hunter2`") == "correct the line"
