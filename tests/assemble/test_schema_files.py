"""Schemas are written where they differ, and removed with the file they were for."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.checked import digest_of
from exchange.assemble.schema_files import export

OWN = "mappings/.schemas/mappings/wms/orders.json"


def test_written_once_then_left_alone(root: Path) -> None:
    first = export(root)
    assert OWN in first.written
    before = {path: path.stat().st_mtime_ns for path in (root / "mappings/.schemas").rglob("*.json")}
    again = export(root)
    assert (again.written, again.removed, again.kept) == ((), (), len(first.written))
    assert before == {path: path.stat().st_mtime_ns for path in (root / "mappings/.schemas").rglob("*.json")}


def test_a_new_table_makes_them_stale_and_looking_changes_nothing(root: Path) -> None:
    export(root)
    (root / "mappings/tables/carriers.csv").write_text("code,name\nDHL,dhl\n", encoding="utf-8")
    held = (root / OWN).read_bytes()
    assert OWN in export(root, dry=True).written
    assert (root / OWN).read_bytes() == held
    export(root)
    assert b'"carriers"' in (root / OWN).read_bytes()


def test_the_schema_of_a_mapping_that_is_gone_goes_too(root: Path) -> None:
    export(root)
    (root / "mappings/wms/orders.yaml").unlink()
    assert export(root).removed == (OWN,)
    assert not (root / OWN).exists()


def test_lines_are_written_on_request_and_keep_the_rest_of_the_file(root: Path) -> None:
    file = root / "mappings/erp/orders.yaml"
    lined = file.read_bytes()
    bare = lined.partition(b"\n")[2]
    file.write_bytes(bare)
    file.chmod(0o664)
    assert export(root).unlined == ("mappings/erp/orders.yaml",)
    assert file.read_bytes() == bare
    export(root, lines=True)
    assert file.read_bytes() == lined
    assert file.stat().st_mode & 0o777 == 0o664
    assert export(root).unlined == ()


def test_schemas_are_no_configuration_that_a_run_would_look_at_again(root: Path) -> None:
    before = digest_of(root)
    export(root)
    assert digest_of(root) == before
