"""The shipped test kit for steps, formats and endpoints of others; see mappings/EXTENDING.md. It needs pytest."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite(
    "exchange.testing.delivering",
    "exchange.testing.formats",
    "exchange.testing.steps",
    "exchange.testing.taking",
)
