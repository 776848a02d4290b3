"""Putting small pieces together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exchange.kernel.gathering import gathered


@given(st.lists(st.binary(max_size=9)), st.integers(1, 20))
def test_nothing_is_lost_and_all_blocks_but_the_last_are_large_enough(pieces: list[bytes], least: int) -> None:
    blocks = list(gathered(pieces, b"", least))

    assert b"".join(blocks) == b"".join(pieces)
    assert all(len(block) >= least for block in blocks[:-1])
    assert len(blocks[-1]) < least


def test_text_is_gathered_too_and_nothing_makes_one_empty_block() -> None:
    assert list(gathered(["ab", "c", "d"], "", 3)) == ["abc", "d"]
    assert list(gathered([], "", 3)) == [""]
