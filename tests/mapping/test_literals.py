"""Constants of a mapping, read as the kind they are used as."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.literals import kind_of, scalar
from exchange.mapping.spec import ArgumentError


@pytest.mark.parametrize(
    ("value", "kind", "made"),
    [
        ("EA", "text", "EA"),
        (12, "text", "12"),
        (True, "text", "true"),
        ("12", "integer", 12),
        ("1.50", "decimal", Decimal("1.5000")),
        (3, "decimal", Decimal(3)),
        ("false", "boolean", False),
        ("2026-03-04T05:06:07+01:00", "datetime", datetime(2026, 3, 4, 4, 6, 7, tzinfo=UTC)),
        ("", "integer", None),
        (None, "text", None),
    ],
)
def test_read_as_their_kind(value: object, kind: Kind, made: Any) -> None:
    found = scalar("value", value, kind)

    assert found.as_py() == made
    assert found.type == ARROW[kind]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("two", "integer"),
        ("1_000", "integer"),
        ("٣", "integer"),
        ("9" * 20, "integer"),
        ("1.23456", "decimal"),
        ("1e3", "decimal"),
        ("1_000.5", "decimal"),
        ("yes", "boolean"),
        ("2026-03-04T05:06:07", "datetime"),
    ],
)
def test_what_does_not_do_is_refused(value: object, kind: Kind) -> None:
    with pytest.raises(ArgumentError, match=f"does not do as {kind}"):
        scalar("value", value, kind)


def test_kinds_as_yaml_gave_them() -> None:
    assert [kind_of(value) for value in ("a", 1, True)] == ["text", "integer", "boolean"]
