"""What a file holds beside its records."""

from __future__ import annotations

from lxml import etree

from exchange.formats.xml.shape import Shape
from exchange.formats.xml.strays import Strays

SHAPE = Shape(("Orders", "Order"), "/Orders/Order", "m.yaml")


def element(tag: str) -> etree._Element:
    return etree.Element(tag)


def test_a_header_needs_no_word_and_a_trailer_one() -> None:
    strays = Strays(SHAPE)
    strays.header(element("Header"))
    assert strays.problems(2) == []
    strays.note(element("Trailer"))
    strays.note(etree.ProcessingInstruction("x"))
    [problem] = strays.problems(2)
    assert (problem.code, problem.severity) == ("XML_BESIDE_RECORDS", "warning")
    assert "stand elements that were not read (1): Trailer (line " in problem.message


def test_what_is_called_like_a_record_is_none_the_less_missed() -> None:
    strays = Strays(SHAPE)
    strays.header(element("{urn:x}Order"))
    [problem] = strays.problems(1)
    assert (problem.code, problem.value, problem.severity) == ("XML_RECORD_ELSEWHERE", "{urn:x}Order", "error")


def test_without_records_everything_else_is_told_once() -> None:
    strays = Strays(SHAPE)
    assert strays.problems(0) == []
    for tag in ("Header", "{urn:x}Order", "Header"):
        strays.header(element(tag))
    [problem] = strays.problems(0)
    assert (problem.code, problem.value) == ("XML_NO_SUCH_RECORD", "{urn:x}Order")
