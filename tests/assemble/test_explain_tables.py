"""The line of a table's file, whatever its cells hold."""

from __future__ import annotations

from pathlib import Path

from exchange.assemble.explain_tables import table_line
from exchange.config.tables import load_table
from exchange.mapping.explain import Read

CONTENT = '\ufeffsku,note,item\nA,one,1\n\nB,"two\nlines",2\nC,,3\n'


def test_lines_are_those_an_editor_shows(tmp_path: Path) -> None:
    path = tmp_path / "mappings/tables/items.csv"
    path.parent.mkdir(parents=True)
    path.write_text(CONTENT, encoding="utf-8")
    table, _ = load_table(tmp_path, "items")
    assert table is not None

    found = [table_line(tmp_path, {"items": table}, Read("items", {"sku": "x"}, line, "item")) for line in (0, 1, 2)]
    missed = table_line(tmp_path, {"items": table}, Read("items", {"sku": "x"}, -1, "item"))

    assert [(each.line, each.found) for each in found] == [(2, "1"), (4, "2"), (6, "3")]
    assert found[1].said == "mappings/tables/items.csv:4: sku x, item 2"
    assert missed.said == "mappings/tables/items.csv: no line with sku x"
