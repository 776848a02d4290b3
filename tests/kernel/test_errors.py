"""Three families of exceptions, each with its exit code."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.kernel.errors import ConfigurationError, ExchangeError, FlowLocked, Interrupted, Mistake, Stop, TryLater
from exchange.kernel.exits import Exit


def test_a_mistake_says_where_what_and_what_instead() -> None:
    assert (
        str(Mistake("a.yaml", 3, 5, "no column Skue", "did you mean Sku?"))
        == "a.yaml:3:5: no column Skue; did you mean Sku?"
    )
    assert str(Mistake("a.yaml", 0, 0, "the file is empty")) == "a.yaml: the file is empty"


def test_all_mistakes_are_told_in_order() -> None:
    late, early = Mistake("b.yaml", 1, 1, "b"), Mistake("a.yaml", 9, 1, "a")

    fault = ConfigurationError([late, early])

    assert fault.mistakes == (early, late)
    assert str(fault) == "a.yaml:9:1: a\nb.yaml:1:1: b"
    assert ConfigurationError("no workspace here").mistakes == (Mistake("", 0, 0, "no workspace here"),)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ConfigurationError("x"), Exit.CONFIGURATION),
        (TryLater("x"), Exit.UNAVAILABLE),
        (FlowLocked("orders", Path("l")), Exit.LOCKED),
        (Stop("x"), Exit.INTEGRITY),
    ],
)
def test_each_family_has_its_code(fault: ExchangeError, code: Exit) -> None:
    assert fault.exit is code
    assert isinstance(fault, ExchangeError)


def test_a_lock_names_the_flow_and_what_to_do() -> None:
    assert str(FlowLocked("orders", Path("x.lock"))).endswith(
        "wait for it to end, then run `exchange run orders` again"
    )


def test_a_signal_is_remembered() -> None:
    assert Interrupted(15).signal_number == 15
