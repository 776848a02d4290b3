"""Paths compiled into one walk."""

from __future__ import annotations

from exchange.formats.xml.paths import Columns, compile_columns
from exchange.kernel.xmlpath import read_lines, read_path


def compiled(*names: str, lines: str = "Ls/L", join: str = "", every_row: str = "") -> Columns:
    paths = {name: read_path(name, {}) for name in names}
    joins = {read_path(join, {}): "; "} if join else {}
    return compile_columns(paths, read_lines(lines, {}) if lines else (), joins, names[0], frozenset([every_row]))


def test_texts_attributes_and_lines_have_their_branches() -> None:
    columns = compiled("No", "A/@id", "A", "Ls/L/Sku", "Ls/L/@n", ".")
    assert columns.names == ("_record", "No", "A/@id", "A", "Ls/L/Sku", "Ls/L/@n", ".")
    assert (columns.record.plain, columns.record.column) == ({"No": 1}, 6)
    [(_, a)] = columns.record.inner["A"]
    assert (a.column, a.attributes) == (3, [("id", 2)])
    [(_, lines)] = columns.record.inner["Ls"]
    [(_, line)] = lines.inner["L"]
    assert (line.line, line.plain, line.attributes) == (True, {"Sku": 4}, [("n", 5)])


def test_the_key_stands_on_every_row_and_so_does_what_lines_read_of_the_record() -> None:
    assert compiled("No", "Day", "Note", every_row="Day").every_row == (1, 2)


def test_two_names_of_one_path_share_a_walk() -> None:
    columns = compiled("No", "./No", "No/text()")
    assert (columns.copies, columns.record.plain) == (((1, 2), (1, 3)), {"No": 1})


def test_joins_are_by_column() -> None:
    assert compiled("No", "Note", join="./Note").joins == {2: "; "}


def test_what_is_read_from_the_root_has_a_walk_of_its_own() -> None:
    columns = compiled("No", "/Os/@day", "/Os/Head/Day")
    [(_, root)] = columns.outside.inner["Os"]
    assert root.attributes == [("day", 2)]
    assert root.inner["Head"][0][1].plain == {"Day": 3}
