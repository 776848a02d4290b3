"""Work folders: owned by a claim, or swept."""

from __future__ import annotations

import shutil
from pathlib import Path

from exchange.state.work import WorkFolders

ONE, TWO = "0123456789ab", "ba9876543210"


def _fetched(work: WorkFolders, content: bytes = b"Name\n#1\n") -> Path:
    path = work.incoming()
    path.write_bytes(content)
    return path


def test_fetched_copy_becomes_the_source_of_its_claim(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path / "work", "orders")

    source = work.adopt(_fetched(work), ONE)

    assert source == work.source(ONE) == tmp_path / "work" / "orders" / ONE / "source"
    assert source.read_bytes() == b"Name\n#1\n"
    assert list((tmp_path / "work" / "orders" / "incoming").iterdir()) == []


def test_incoming_paths_do_not_collide(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path, "orders")
    first, second = _fetched(work), _fetched(work)

    assert first != second


def test_folder_of_a_claim_that_was_never_recorded_is_replaced(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path, "orders")
    work.adopt(_fetched(work, b"half"), ONE)
    (work.folder(ONE) / "left").touch()

    work.adopt(_fetched(work, b"whole"), ONE)

    assert [path.name for path in work.folder(ONE).iterdir()] == ["source"]
    assert work.source(ONE).read_bytes() == b"whole"


def test_clear_keeps_the_source_alone(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path, "orders")
    work.adopt(_fetched(work), ONE)
    (work.folder(ONE) / "out").mkdir()
    (work.folder(ONE) / "out" / "1").write_text("x")
    (work.folder(ONE) / "spool.arrow").write_text("x")

    work.clear(ONE)

    assert [path.name for path in work.folder(ONE).iterdir()] == ["source"]


def test_remove_is_harmless_the_second_time(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path, "orders")
    work.adopt(_fetched(work), ONE)

    work.remove(ONE)
    work.remove(ONE)

    assert not work.folder(ONE).exists()


def test_sweep_removes_what_no_open_claim_of_this_flow_owns(tmp_path: Path) -> None:
    work, other = WorkFolders(tmp_path, "orders"), WorkFolders(tmp_path, "stock")
    assert work.sweep([]) == []
    work.adopt(_fetched(work), ONE)
    work.adopt(_fetched(work), TWO)
    other.adopt(_fetched(other), TWO)
    left = _fetched(work)

    assert work.sweep([ONE]) == [TWO, f"incoming/{left.name}"]

    assert work.source(ONE).exists()
    assert not work.folder(TWO).exists()
    assert not left.exists()
    assert other.source(TWO).exists()


def test_it_is_clean_where_nothing_lies_in_it(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path, "orders")
    assert work.is_clean()
    left = _fetched(work)
    assert not work.is_clean()
    work.adopt(left, ONE)
    assert not work.is_clean()
    work.remove(ONE)
    assert work.is_clean()


def test_a_folder_that_is_gone_is_told_from_a_file_that_was_never_there(tmp_path: Path) -> None:
    work = WorkFolders(tmp_path / "work", "orders")
    source = work.adopt(_fetched(work), ONE)

    def missed(*paths: Path | None) -> Path | None:
        first, second = (None if path is None else str(path) for path in (*paths, None)[:2])
        return work.removed(FileNotFoundError(2, "No such file or directory", first, None, second))

    assert missed(source) is missed(work.folder(ONE) / "1.artifact") is None
    assert missed(work.folder(TWO) / "1.artifact") == work.folder(TWO)
    assert missed(work.folder(ONE) / "spool" / "1") == work.folder(ONE) / "spool"
    assert missed(tmp_path / "inbox" / "a.csv", work.source(TWO)) == work.folder(TWO)
    assert missed(tmp_path / "gone" / "a.csv") is missed(None) is None
    shutil.rmtree(tmp_path / "work")
    assert missed(None) == tmp_path / "work" / "orders"
