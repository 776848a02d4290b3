"""Lines of a flat copy's rows."""

from __future__ import annotations

import pickle
from array import array
from pathlib import Path

import pytest

from exchange.formats.delimited import linebook


def test_few_lines_stay_in_memory(tmp_path: Path) -> None:
    book = linebook.LineBook(tmp_path / "lines")
    for line in (3, 5, 8):
        book.append(line)
    assert len(book) == 3
    assert book.close() == array("q", [3, 5, 8])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [4, 7, 8])
def test_many_lines_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    monkeypatch.setattr(linebook, "KEPT", 4)
    book = linebook.LineBook(tmp_path / "lines")
    for line in range(count):
        book.append(line)
    assert len(book) == count
    lines = book.close()
    assert list(lines) == list(range(count))
    assert list(pickle.loads(pickle.dumps(lines))) == list(range(count))


def test_many_lines_at_once_lie_in_a_file_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linebook, "KEPT", 4)
    book = linebook.LineBook(tmp_path / "lines")
    for some in (range(3), range(3, 12), range(12, 13)):
        book.extend(some)
    assert len(book) == 13
    assert list(book.close()) == list(range(13))
