"""Claims are named by their id, or by enough of its beginning."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.cli.claims import claim_of
from exchange.cli.context import Refused
from exchange.state.ledger import SqlLedger, open_ledger
from tests.state.book import URL, sealed, taken


@pytest.fixture
def ledger(tmp_path: Path) -> SqlLedger:
    """A ledger of its own."""
    return open_ledger(URL, tmp_path)


def test_by_id_and_by_its_beginning_in_any_case(ledger: SqlLedger) -> None:
    owner = sealed(ledger, "a", [])

    for start in (owner.id, owner.id[:4], owner.id.upper()):
        assert claim_of(ledger, start).claim == owner
    ledger.close()


def test_none_several_and_unfinished_are_refused(ledger: SqlLedger) -> None:
    with pytest.raises(Refused, match="there is no claim 00; `exchange run --json`"):
        claim_of(ledger, "00")
    one, two = sealed(ledger, "a", []), sealed(ledger, "b", [])
    with pytest.raises(Refused, match=f"several claims start with : {one.id}, {two.id}"):
        claim_of(ledger, "")
    three = taken(ledger, "c")
    with pytest.raises(Refused, match=f"claim {three.id} is claimed: nothing of it was sent yet"):
        claim_of(ledger, three.id)
    ledger.close()
