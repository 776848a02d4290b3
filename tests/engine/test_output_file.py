"""One file while it is written: overwriting what was left, finishing, abandoning, packing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from exchange.engine.output_file import OutputFile
from exchange.kernel.atomic import sha256_of
from exchange.kernel.chunk import Fragment
from exchange.kernel.pipeline import FileFacts, Written


def nothing(*_: Any) -> Any:
    pytest.fail("joining renders nothing")


def one(path: Path, **changes: Any) -> OutputFile:
    return OutputFile(1, "o.xml", path, 1, Written(b"<", b">", nothing, **changes))


def around(facts: FileFacts) -> tuple[bytes, bytes]:
    return f"{facts.part}:{facts.documents}:".encode(), b"."


PIECES = Fragment(b"abbccc", np.array([1, 3, 6]), np.array([1, 2, 3]), np.array([0, 1, 2]))


@pytest.mark.parametrize(("changes", "expected"), [({}, b"<bbccc>"), ({"around": around}, b"1:2:bbccc.")])
def test_a_finished_file_holds_its_entries_and_nothing_is_left(
    tmp_path: Path, changes: dict[str, Any], expected: bytes
) -> None:
    path = tmp_path / "00001.artifact"
    path.write_bytes(b"left by a crash")
    path.with_suffix(".body").write_bytes(b"left by a crash")
    file = one(path, **changes)
    file.open()
    file.add(PIECES, 1, 3)
    made = file.finish("c", "2026-01-01")

    assert path.read_bytes() == expected
    assert made == sha256_of(path)
    assert file.records == 5
    assert [each.name for each in tmp_path.iterdir()] == ["00001.artifact"] or not changes


@pytest.mark.parametrize("changes", [{}, {"around": around}])
def test_an_abandoned_file_is_gone(tmp_path: Path, changes: dict[str, Any]) -> None:
    file = one(tmp_path / "00001.artifact", **changes)
    file.open()
    file.add(PIECES, 0, 1)
    file.abandon(KeyboardInterrupt())
    assert list(tmp_path.iterdir()) == []


def test_a_packed_file_takes_the_place_of_the_rendered_one(tmp_path: Path) -> None:
    def pack(rendered: Path, made: Path) -> None:
        made.write_bytes(rendered.read_bytes().upper())

    file = one(tmp_path / "00001.artifact", pack=pack)
    file.open()
    file.add(PIECES, 0, 3)
    made = file.finish("c", "2026-01-01")
    assert (tmp_path / "00001.artifact").read_bytes() == b"<ABBCCC>"
    assert made.size == 8
