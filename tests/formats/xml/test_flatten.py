"""XML files as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.template.writer import XmlTemplateWriter
from tests.formats.xml.book import Book

Read = Callable[..., Book]


@dataclass(frozen=True)
class Refused:
    """What a schema says."""

    line: int
    place: str
    reason: str


def order(number: object, *skus: str, more: str = "") -> str:
    lines = "".join(f"<Line><Sku>{sku}</Sku></Line>\n" for sku in skus)
    return f"<Order><Number>{number}</Number>{more}<Lines>\n{lines}</Lines></Order>\n"


def orders(*records: str) -> str:
    return f"<Orders>\n{''.join(records)}</Orders>"


def test_records_are_adjacent_rows(read: Read) -> None:
    book = read(
        orders(order(1, "a", "b", more='<Note>n\r\n"m", o</Note>'), order(2), order(3, "c")), "Note", "Lines/Line/Sku"
    )
    assert book.rows("_record", "Number", "Note", "Lines/Line/Sku") == [
        ("0", "1", 'n\n"m", o', "a"),
        (None, "1", None, "b"),
        ("1", "2", None, None),
        ("2", "3", None, "c"),
    ]
    assert book.lines == [2, 5, 7, 9]
    assert (book.codes, book.problems) == ([], [])
    assert book.reader.count(book.layout) == 3, "a record is an element"


def test_problems_stand_on_their_rows(read: Read) -> None:
    twice = order(1, "a", "b").replace("<Sku>b</Sku>", "<Sku>b</Sku><Sku>c</Sku>")
    book = read(orders(order(0), twice), "Lines/Line/Sku")
    [problem] = book.problems
    assert (problem.code, problem.record, problem.file_line, problem.value) == ("XML_REPEATED", 2, 6, "c")


def test_what_a_schema_refuses_is_a_problem_of_the_record(read: Read) -> None:
    def check(root: Any, record: Any) -> list[Refused]:
        assert root.tag == "Orders"
        return [Refused(7, "Number", "is two")] if record.findtext("Number") == "2" else []

    [problem] = read(orders(order(1), order(2, "a", "b")), check=check).problems
    assert (problem.code, problem.record, problem.file_line, problem.field) == ("XSD_INVALID", 1, 7, "Number")
    assert problem.message == "is two"


def test_values_from_outside_stand_with_each_record(read: Read) -> None:
    head = "<Head><Day>mo</Day></Head>"
    book = read(orders(head, order(1, "a", "b"), order(2)), "/Orders/Head/Day")
    assert book.rows("/Orders/Head/Day") == ["mo", None, "mo"]
    twice = read(orders(head.replace("</Day>", "</Day><Day>tu</Day>"), order(1), order(2)), "/Orders/Head/Day")
    assert [(problem.code, problem.record) for problem in twice.problems] == [("XML_REPEATED", 0), ("XML_REPEATED", 1)]


def test_a_reject_id_is_that_of_all_rows_of_its_record(read: Read) -> None:
    book = read(orders(order(1), "<?reject-id abc-0001?>\n" + order(2, "a", "b")))
    assert book.layout.reject_ids == {1: "abc-0001", 2: "abc-0001"}


def test_what_a_doctype_would_declare_elsewhere_is_a_hole_and_told(read: Read) -> None:
    content = '<!DOCTYPE Orders SYSTEM "http://127.0.0.1:9/o.dtd">' + orders(
        order(1), order(2, more="<Note>caf&eacute;</Note>")
    )
    book = read(content, "Note", doctype=True)
    assert [(problem.code, problem.value, problem.record) for problem in book.problems] == [
        ("XML_ENTITY_REFERENCE", "&eacute;", 1)
    ]
    assert read(content, "Note").codes == ["XML_DOCTYPE"]


def test_an_entity_that_nobody_declares_is_told_with_its_place(read: Read) -> None:
    [problem] = read(orders(order(1), order(2, more="\n<Note>a&nbsp;b</Note>"))).survey.problems
    assert problem.code == "XML_NOT_WELL_FORMED"
    assert "Entity 'nbsp' not defined" in problem.message
    assert problem.file_line is not None


def test_the_rest_of_a_cut_file_is_one_broken_record(read: Read) -> None:
    book = read(orders(order(1), order(2, "a", "b"))[:-30], keep_records=True)
    assert book.rows("Number") == ["1"]
    [broken] = [record for chunk in book.chunks for record in chunk.broken]
    assert (broken.record, broken.problem.code, broken.key) == (1, "XML_CUT_SHORT", None)


def test_a_file_that_is_refused_later_tells_how_many_records_were_read(read: Read) -> None:
    book = read(orders(order(1), order(2, "a", "b"), order(3))[:-5])
    assert book.codes == ["XML_NOT_WELL_FORMED"]
    assert book.reader.count(book.layout) == 2, "the last one may not be whole"


def test_a_file_that_is_refused_at_once_has_no_rows(read: Read) -> None:
    assert (read("<Other/>").survey.layout, read("<Other/>").codes) == (None, ["XML_WRONG_ROOT"])


TEMPLATE = """\
{% block header %}<Orders>{% endblock %}
{% block record %}<Order no="{{ order.Number }}"><Note>{{ order.Note }}</Note><Lines>
{% for line in order.lines %}<Line><Sku>{{ line.Sku }}</Sku></Line>{% endfor %}</Lines></Order>{% endblock %}
{% block footer %}</Orders>{% endblock %}
"""
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]) | st.sampled_from("\r\n\t"), max_size=9)
LEGAL = TEXT.filter(lambda text: not {"\ufffe", "\uffff"} & set(text))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(LEGAL, st.lists(LEGAL, min_size=1, max_size=3)), min_size=1, max_size=4))
def test_what_is_written_is_read(read: Read, written: list[tuple[str, list[str]]]) -> None:
    """The round trip: a template writes it, the reader reads it, and it is the same."""
    writer = XmlTemplateWriter(TEMPLATE, "t.xml.j2", "wms")
    notes, lines = [note for note, _ in written], [skus for _, skus in written]
    header = {"Number": pa.array([str(number) for number in range(len(notes))]), "Note": pa.array(notes)}
    owner = np.repeat(np.arange(len(lines)), [len(skus) for skus in lines])
    fragment, failures = writer.render(header, {"Sku": pa.array([sku for skus in lines for sku in skus])}, owner)
    assert failures == []
    content = writer.header() + bytes(fragment.data) + writer.footer()
    book = read(content, "Note", "Lines/Line/Sku", key="@no")
    read_notes = [note or "" for record, note in book.rows("_record", "Note") if record is not None]
    assert read_notes == notes
    assert [sku or "" for sku in book.rows("Lines/Line/Sku")] == [sku for skus in lines for sku in skus]
