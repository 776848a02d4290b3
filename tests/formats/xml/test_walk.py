"""Values of one record, in one walk."""

from __future__ import annotations

from lxml import etree

from exchange.formats.xml.paths import compile_columns
from exchange.formats.xml.walk import Row, Walk
from exchange.kernel.xmlparser import xml_parser
from exchange.kernel.xmlpath import read_lines, read_path


def walked(text: str, *names: str, lines: str = "Ls/L", join: str = "", every_row: str = "") -> Walk:
    paths = {name: read_path(name, {}) for name in names}
    joins = {read_path(join, {}): "; "} if join else {}
    steps = read_lines(lines, {}) if lines else ()
    walk = Walk(compile_columns(paths, steps, joins, names[0], frozenset([every_row])))
    walk.read(etree.fromstring(text, xml_parser()), None)
    return walk


def cells(walk: Walk) -> list[Row]:
    return [row[1:] for row in walk.rows]


def test_header_cells_stand_on_the_first_row_and_the_key_on_all() -> None:
    text = "<O a='7'><No>1</No>\n<Ls><L n='1'><S>x</S></L>\n<L n='2'><S>y</S></L></Ls><T>9</T></O>"
    walk = walked(text, "No", "@a", "T", "Ls/L/S", "Ls/L/@n")
    assert cells(walk) == [["1", "7", "9", "x", "1"], ["1", None, None, "y", "2"]]
    assert walk.lines == [3]


def test_what_a_line_reads_of_its_record_stands_on_all_rows() -> None:
    walk = walked("<O><Ls><L/><L/></Ls><No>1</No><W>HAM</W></O>", "No", "W", every_row="W")
    assert cells(walk) == [["1", "HAM"], ["1", "HAM"]]


def test_a_record_without_lines_is_one_row_and_so_is_one_without_its_key() -> None:
    assert cells(walked("<O><No>1</No></O>", "No", "Ls/L/S")) == [["1", None]]
    walk = walked("<O><No> </No><Ls><L><S>x</S></L><L><S>y</S></L></Ls></O>", "No", "Ls/L/S")
    assert (cells(walk), walk.lines) == ([[" ", "x"]], [])


def test_lines_may_have_keys_of_their_own() -> None:
    text = "<O><Ls><L><S> </S></L><L><S>x</S></L></Ls></O>"
    assert cells(walked(text, "Ls/L/S")) == [[" "], ["x"]]


def test_text_is_whole_whatever_stands_in_it() -> None:
    text = "<O><No>1</No><T>a<b>c</b>d<![CDATA[<e>]]>&amp;&#233;</T><Ls><L>x<?p q?>y</L></Ls></O>"
    assert cells(walked(text, "No", "T", "Ls/L")) == [["1", "acd<e>&é", "xy"]]


def test_white_space_is_kept_and_an_empty_element_is_a_blank() -> None:
    assert cells(walked("<O><No>1</No><A> x\n</A><B/><C></C></O>", "No", "A", "B", "C")) == [["1", " x\n", None, None]]


def test_the_text_of_the_record_itself() -> None:
    assert cells(walked("<O>1</O>", ".", lines="")) == [["1"]]


def test_a_value_that_occurs_again_is_told_with_its_row() -> None:
    text = "<O><No>1</No><N>a</N><N/><N>b</N><Ls><L/><L><S>x</S><S>y</S></L></Ls></O>"
    walk = walked(text, "No", "N", "Ls/L/S")
    assert walk.repeated == [(0, 2, "b"), (1, 3, "y")]
    joined = walked(text, "No", "N", "Ls/L/S", join="N")
    assert joined.rows[0][2] == "a; b"
    assert joined.repeated == [(1, 3, "y")]


def test_one_of_several_is_named_by_number_or_attribute() -> None:
    text = "<O><No>1</No><P t='a'><I>x</I></P><P t='b'><I>y</I></P><P t='b'><I>z</I></P></O>"
    assert cells(walked(text, "No", "P[1]/I", "P[3]/I", "P[4]/I", "P[@t='a']/I")) == [["1", "x", "z", None, "x"]]
    assert walked(text, "No", "P[@t='b']/I").repeated == [(0, 2, "z")]


def test_lines_may_lie_in_several_containers() -> None:
    text = "<O><No>1</No><Ls><L><S>x</S></L></Ls><Ls><L><S>y</S></L></Ls></O>"
    assert cells(walked(text, "No", "Ls/L/S")) == [["1", "x"], ["1", "y"]]


def test_values_around_the_records() -> None:
    paths = {name: read_path(name, {}) for name in ("No", "/Os/@day", "/Os/Head/Day", "/Os")}
    walk = Walk(compile_columns(paths, (), {}, "No", frozenset()))
    around = walk.around(etree.fromstring("<Os day='mo'>t<Head><Day>1</Day><Day>2</Day></Head></Os>", xml_parser()))
    assert around[2:] == ["mo", "1", "t12"]
    assert walk.repeated == [(0, 3, "2")]
    walk.read(etree.fromstring("<O><No>1</No></O>", xml_parser()), around)
    assert cells(walk) == [["1", "mo", "1", "t12"]]
