"""Records, one at a time."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exchange.formats.xml.records import RecordStream
from exchange.formats.xml.shape import Shape
from exchange.kernel.xmlparser import xml_parser

SHAPE = Shape(("F", "B", "O"), "/F/B/O", "m.yaml")
Told = tuple[str, str, int]


def streamed(path: Path, content: str, shape: Shape = SHAPE) -> tuple[list[Told], RecordStream]:
    path.write_text(content, encoding="utf-8")
    stream = RecordStream(path, shape)
    found = []
    for record in stream:
        around = etree.tostring(record.place.root, encoding="unicode") if record.place is not None else ""
        found.append((around, record.reject_id, record.line))
    return found, stream


def test_each_record_stands_alone_in_copies_of_its_ancestors(tmp_path: Path) -> None:
    content = "<F a='1'>\n<H>x</H><B b='1'>\n<O>1</O>\n<O>2</O>\n</B>\n<B b='2'><G/><O>3</O></B></F>"
    found, stream = streamed(tmp_path / "a.xml", content)
    head = '<F a="1"><H>x</H>'
    assert [(around.replace("\n", ""), line) for around, _, line in found] == [
        (f'{head}<B b="1"><O>1</O></B></F>', 3),
        (f'{head}<B b="1"><O>2</O></B></F>', 4),
        (f'{head}<B b="2"><G/><O>3</O></B></F>', 6),
    ]
    assert stream.problems == []


def test_what_stands_behind_a_record_is_told(tmp_path: Path) -> None:
    content = "<F><B><O>1</O>\n<X/><O>2</O></B>\n<T/></F>"
    found, stream = streamed(tmp_path / "a.xml", content)
    assert [around for around, _, _ in found] == ["<F><B><O>1</O>\n</B></F>", "<F><B><O>2</O></B></F>"]
    assert [problem.message for problem in stream.problems] == [
        "beside the records stand elements that were not read (2): X (line 2), T (line 3)"
    ]


def test_elements_of_the_records_name_elsewhere_are_no_records(tmp_path: Path) -> None:
    found, stream = streamed(tmp_path / "a.xml", "<F><B><O>1<O>inner</O></O></B></F>")
    assert (len(found), stream.problems) == (1, [])
    _, stream = streamed(tmp_path / "a.xml", "<F><B><O>1</O></B><O>2</O></F>")
    assert [problem.code for problem in stream.problems] == ["XML_RECORD_ELSEWHERE"]


def test_a_reject_id_belongs_to_the_record_behind_it(tmp_path: Path) -> None:
    first, rest = "<F><?reject-id a?><B><?reject-id ab-1?>\n<O/><O/>", "<?reject-id ab-2?><?other x?><O/>"
    content = f"{first}{rest}<?reject-id  ab-3 ?><O/></B></F>"
    found, _ = streamed(tmp_path / "a.xml", content)
    assert [identity for _, identity, _ in found] == ["ab-1", "", "", "ab-3"]


def test_the_root_may_be_the_record(tmp_path: Path) -> None:
    found, stream = streamed(tmp_path / "a.xml", "<!-- c --><?reject-id x-1?>\n<O>\n<O/></O>", Shape(("O",), "/O", "m"))
    assert (found, stream.problems) == ([("", "x-1", 2)], [])


@pytest.mark.parametrize("keep", [False, True])
def test_a_broken_file_ends_where_it_breaks(tmp_path: Path, *, keep: bool) -> None:
    shape = Shape(SHAPE.record, SHAPE.shown, SHAPE.mapping, keep_records=keep)
    content = "<F><B>" + "<O>1</O>" * 20_000 + "<O></B></F>"
    found, stream = streamed(tmp_path / "a.xml", content, shape)
    assert len(found) == 20_000 if keep else len(found) < 20_000
    codes = [problem.code for problem in stream.problems]
    assert (codes, stream.cut_short and stream.cut_short.code) == (
        ([], "XML_CUT_SHORT") if keep else (["XML_NOT_WELL_FORMED"], None)
    )
    [problem] = [stream.cut_short] if stream.cut_short is not None else stream.problems
    assert problem.detail["column"] == content.index("</B>") + 5


TEXT = st.text(st.characters(exclude_categories=["C"]), max_size=5)
RECORD = st.builds(
    lambda text, tail: f"<O><v>{escape(text)}</v></O>{tail}", TEXT, st.sampled_from(["", "\n", " <X/>", "<!-- c -->"])
)
BATCH = st.builds(lambda records: f"<B>{''.join(records)}</B>", st.lists(RECORD, max_size=5))


@given(st.lists(st.one_of(BATCH, st.just("<H/>"), st.just("\n")), max_size=4), st.integers(1, 60))
def test_records_are_those_of_the_whole_tree_wherever_blocks_are_cut(parts: list[str], size: int) -> None:
    content = f"<F>{''.join(parts)}</F>"
    path = Path(f"/tmp/exchange-test-records-{size}.xml")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("exchange.formats.xml.feed.XML_BLOCK", size)
        path.write_text(content, encoding="utf-8")
        try:
            texts = [record.element.findtext("v") for record in RecordStream(path, SHAPE)]
        finally:
            path.unlink()
    root = etree.fromstring(content.encode(), xml_parser())
    assert texts == [element.findtext("v") for batch in root.iter("B") for element in batch.iter("O")]
