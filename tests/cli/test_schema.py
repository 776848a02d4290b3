"""`exchange schema export`."""

from __future__ import annotations

import json

from tests.flows.shop import Shop


def test_a_new_workspace_has_its_schemas_and_its_editor_settings(shop: Shop) -> None:
    assert json.loads((shop.root / ".vscode/extensions.json").read_text()) == {
        "recommendations": ["redhat.vscode-yaml"]
    }
    associated = json.loads((shop.root / ".vscode/settings.json").read_text())["yaml.schemas"]
    assert all((shop.root / schema).is_file() for schema in associated)
    for file in (shop.root / "mappings").rglob("*.yaml"):
        line = file.read_text(encoding="utf-8").splitlines()[0]
        assert line.startswith("# yaml-language-server: $schema="), file
        assert (file.parent / line.partition("=")[2]).is_file(), line
    ended = shop.type("schema", "export", "--check")
    assert (ended.exit, ended.err) == (0, "")
    assert ended.out.endswith("schemas up to date\n")


def test_stale_ones_are_told_and_written_anew(shop: Shop) -> None:
    (shop.root / "mappings/tables/carriers.csv").write_text("code,name\nDHL,dhl\n", encoding="utf-8")
    looked = shop.type("schema", "export", "--check")
    assert looked.exit == 5
    assert "out of date: mappings/.schemas/mapping.json\n" in looked.out
    assert looked.err == "run `exchange schema export`\n"
    written = shop.type("schema", "export")
    assert (written.exit, "wrote: mappings/.schemas/mapping.json\n" in written.out) == (0, True)
    assert shop.type("schema", "export", "--check").exit == 0


def test_a_file_without_its_line_is_named_and_gets_it_on_request(shop: Shop) -> None:
    file = shop.root / "mappings/flows/returns.yaml"
    file.write_text("flow: returns\n", encoding="utf-8")
    told = shop.type("schema", "export")
    assert "does not name its schema: mappings/flows/returns.yaml\n" in told.out
    assert "`exchange schema export --modelines`" in told.err
    [row] = shop.type("schema", "export", "--modelines", "--json").rows
    assert row["without_modeline"] == ["mappings/flows/returns.yaml"]
    assert file.read_text().startswith("# yaml-language-server: $schema=../.schemas/flow.json\nflow:")


def test_it_works_while_files_are_wrong(shop: Shop) -> None:
    (shop.root / "mappings/exchange.yaml").write_text("endpoints: [\n", encoding="utf-8")
    (shop.root / "mappings/wms/orders.yaml").write_text("writes: ordr\n", encoding="utf-8")
    assert shop.type("schema", "export").exit == 0
