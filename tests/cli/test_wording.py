"""Words that the commands share."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from exchange.cli.wording import clean, nothing_due


@pytest.mark.parametrize(
    ("text", "shown"), [("März.csv", "März.csv"), ("a\x1b[31m\n", "a\\x1b[31m\\n"), ("\u202egpj", "\\u202egpj")]
)
def test_names_do_not_drive_the_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_what_comes_next_where_nothing_is_due() -> None:
    moments = {name: datetime(2026, 3, day, 2, 30, tzinfo=UTC) for name, day in zip("abcd", (4, 3, 1, 2), strict=True)}
    said = "nothing is due; next: c at 2026-03-01 02:30 UTC, d at 2026-03-02 02:30 UTC, b at 2026-03-03 02:30 UTC"
    assert nothing_due(moments) == said
