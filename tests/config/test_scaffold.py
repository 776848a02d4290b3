"""The starter workspace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from exchange.config.inspection import inspect
from exchange.config.scaffold import in_the_way, starter, write_starter
from exchange.config.workspace import load_flows


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_starter_is_copied_whole_and_is_sound(tmp_path: Path) -> None:
    target = tmp_path / "new" / "workspace"
    inboxes = write_starter(target)
    for part in ("mappings", "templates", "cron"):
        copied = contents(starter() / part)
        assert contents(target / part) == {name: text for name, text in copied.items() if not name.startswith(".")}
    assert inspect(target).mistakes == ()
    assert inboxes == [target / "data/inbox/shopify/orders"]
    assert list(inboxes[0].iterdir()) == []
    assert (target / ".gitignore").read_text(encoding="utf-8") == "data/\n"
    assert not (target / ".exchange-init").exists()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "samples").mkdir()
    assert in_the_way(tmp_path) == [tmp_path / "samples"]
    with pytest.raises(FileExistsError):
        write_starter(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["samples"]


def test_files_beside_it_and_leftovers_of_a_crash_do_not_matter(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("mine\n", encoding="utf-8")
    (tmp_path / ".exchange-init" / "templates").mkdir(parents=True)
    write_starter(tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "mine\n"
    assert (tmp_path / "mappings/exchange.yaml").is_file()


def test_the_starter_shows_a_server_that_works_by_uncommenting(tmp_path: Path) -> None:
    write_starter(tmp_path)
    for file, pattern in (("mappings/exchange.yaml", r"^  # ( *\w+:)"), ("mappings/flows/orders.yaml", r"^  # (- \{)")):
        path = tmp_path / file
        path.write_text(re.sub(pattern, r"  \1", path.read_text(encoding="utf-8"), flags=re.MULTILINE), "utf-8")
    [mistake] = inspect(tmp_path).mistakes
    assert "no host key is pinned for sftp.example.com" in mistake.what
    flow = load_flows(tmp_path).flows["orders"]
    assert {each.from_ for each in flow.pick_up} == {"shopify", "wms_sftp"}
    assert {each.to for each in flow.deliver} == {"wms", "erp", "wms_sftp"}
