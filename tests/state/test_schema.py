"""What is known without SQLAlchemy is what is true."""

from __future__ import annotations

from alembic.script import ScriptDirectory

from exchange.kernel.model import ClaimState
from exchange.state.migrate import FOLDER
from exchange.state.schema import HEAD, OPEN_STATES


def test_head_is_the_newest_migration() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == HEAD


def test_open_states_are_those_that_are_not_over() -> None:
    assert set(map(ClaimState, OPEN_STATES)) == set(ClaimState) - {ClaimState.DONE, ClaimState.REJECTED}
