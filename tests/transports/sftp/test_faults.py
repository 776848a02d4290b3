"""Faults keep what a caller decides by."""

from __future__ import annotations

import pytest

from exchange.kernel.errors import TryLater
from exchange.kernel.exits import Exit
from exchange.transports.sftp.faults import Code, Lost, Refused, Stalled, Unusable


def test_a_partner_that_needs_an_edit_is_no_reason_to_stop_for_others() -> None:
    assert issubclass(Unusable, TryLater)
    assert Unusable.exit is Exit.CONFIGURATION


def test_silence_is_a_lost_connection_too() -> None:
    assert issubclass(Stalled, Lost)


@pytest.mark.parametrize(("code", "missing"), [(Code.NO_SUCH_FILE, True), (Code.FAILURE, False), (99, False)])
def test_a_refusal_says_whether_something_is_missing(code: int, missing: bool) -> None:
    assert Refused(code, "said").missing is missing
    assert str(Refused(code, "said")) == f"said (status {int(code)})"
    assert str(Refused(code, "")) == f"no reason given (status {int(code)})"
