"""Reading a sample through the readers of a run."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.assemble.infer_rows import NotInferred, front, read_rows


def test_rows_with_their_lines_and_what_is_broken(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text('a,b\n1,"x\ny"\n2\n3,z\n', encoding="utf-8")

    found = read_rows(tmp_path / "x.csv", {"type": "csv"}, (), frozenset())

    assert found.sample.columns["b"].cells.to_pylist() == ["x\ny", "z"]
    assert found.sample.columns["b"].lines.tolist() == [2, 5]
    assert found.told[0].startswith("1 row cannot be read and would be rejected (line 4: ")
    assert found.sample.begins is None


def test_records_that_hold_lines(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text('{"n": "1", "l": [{"s": "a"}, {"s": "b"}]}\n{"n": "2"}\n', encoding="utf-8")

    found = read_rows(tmp_path / "x.jsonl", {"type": "jsonl", "lines": "l"}, ("n", "l.s"), frozenset({"l.s"}))

    assert found.sample.columns["l.s"].cells.to_pylist() == ["a", "b", None]
    assert found.sample.begins is not None
    assert found.sample.begins.tolist() == [True, False, True]
    assert found.sample.inner == {"l.s"}


def test_a_file_that_no_row_can_be_read_of(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("\n\n", encoding="utf-8")

    with pytest.raises(NotInferred, match=r"nothing can be inferred from x\.csv"):
        read_rows(tmp_path / "x.csv", {"type": "csv"}, (), frozenset())


def test_no_more_rows_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exchange.assemble.infer_rows.ROWS", 3)
    (tmp_path / "x.csv").write_text("a,b\n" + "1,2\n" * 5, encoding="utf-8")

    found = read_rows(tmp_path / "x.csv", {"type": "csv"}, (), frozenset())

    assert (found.sample.rows, found.sample.cut) == (3, " (the first 3 of more)")


def test_the_front_of_a_large_file_ends_with_a_line(tmp_path: Path) -> None:
    path, folder = tmp_path / "x.csv", tmp_path / "work"
    folder.mkdir()
    path.write_bytes(b"a,b\n" * 100)

    copy, cut = front(path, folder, 50)
    assert (copy.read_bytes(), cut) == (b"a,b\n" * 12, True)
    copy, cut = front(path, folder, 400)
    assert (len(copy.read_bytes()), cut) == (400, False)
