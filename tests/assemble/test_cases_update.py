"""What `--update` writes and removes."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.cases_update import is_written, update
from exchange.cases.differences import Difference


def test_values_and_files_are_written(tmp_path: Path) -> None:
    (tmp_path / "m_test.yaml").write_text("cases:\n  - {case: a}   # one\n")
    (tmp_path / "old.csv").write_text("x")
    value = Difference((), "case", "a", "b", ((("cases", 0, "case"), "b"),))
    files = Difference((), "f", None, None, files=(("kept/new.csv", b"1"), ("old.csv", None)))

    changed = update(tmp_path, [("m_test.yaml", value), ("f_test.yaml", files)])

    assert changed == ["m_test.yaml", "kept/new.csv", "old.csv"]
    found = {path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert found == {"m_test.yaml": b"cases:\n  - {case: b}   # one\n", "new.csv": b"1"}
    assert is_written(value)
    assert is_written(files)


def test_a_failure_is_nothing_to_expect(tmp_path: Path) -> None:
    failed = Difference((), "a.csv", None, "this is a bug")
    assert not is_written(failed)
    assert update(tmp_path, [("f_test.yaml", failed)]) == []
