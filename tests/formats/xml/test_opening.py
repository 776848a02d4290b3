"""The first look at an XML file."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from exchange.formats.xml.opening import Opening, look
from exchange.formats.xml.shape import Shape
from exchange.kernel.limits import XML_OPENING_BYTES
from exchange.kernel.problems import Problem

SHAPE = Shape(("Orders", "Order"), "/Orders/Order", "m.yaml")


def seen(tmp_path: Path, content: bytes, shape: Shape = SHAPE) -> Opening | str:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    found = look(path, shape)
    return found if isinstance(found, Opening) else found.code


@pytest.mark.parametrize(
    "content",
    [
        b"<Orders/>",
        b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- <!DOCTYPE x> --><Orders a='1'>",
        b"<?xml version='1.0' encoding='ISO-8859-15'?><Orders>\xa4</Orders>",
        b"<?xml version='1.0' encoding='windows-1252'?><Orders/>",
        codecs.BOM_UTF16_LE + "<?xml version='1.0' encoding='UTF-16'?><Orders/>".encode("utf-16-le"),
        "<?xml version='1.0' encoding='UTF-16BE'?><Orders/>".encode("utf-16-be"),
        b"<!--" + b" " * (XML_OPENING_BYTES - 100) + b"--><Orders>",
        b"<Orders><broken",
    ],
)
def test_what_is_read(tmp_path: Path, content: bytes) -> None:
    assert seen(tmp_path, content) == Opening(doctype=False)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<?xml version='1.0' encoding='UTF-7'?><Orders/>", "XML_ENCODING"),
        (b"<?xml version='1.0' standalone='no' encoding = \"hz-gb-2312\" ?><Orders/>", "XML_ENCODING"),
        (b"<!DOCTYPE Orders SYSTEM 'x.dtd'><Orders/>", "XML_DOCTYPE"),
        (b"<!DOCTYPE Orders [<!ENTITY a 'b'>]><Orders/>", "XML_ENTITIES"),
        (b"<!DOCTYPE Orders [<!ENTITY % a 'b'>]><Orders/>", "XML_ENTITIES"),
        (b"<!DOCTYPE Orders [<!ENTITY a '" + b"b" * XML_OPENING_BYTES + b"'>]><Orders/>", "XML_ENTITIES"),
        (b"<!--" + b" " * XML_OPENING_BYTES + b"--><Orders/>", "XML_TOO_LARGE"),
        (b"<Order/>", "XML_WRONG_ROOT"),
        (b"<Orders xmlns='urn:x'/>", "XML_WRONG_ROOT"),
        (b"<!-- nothing -->", "XML_NOT_WELL_FORMED"),
        (b"Number;Sku", "XML_NOT_WELL_FORMED"),
    ],
)
def test_what_is_refused(tmp_path: Path, content: bytes, code: str) -> None:
    assert seen(tmp_path, content) == code


def test_a_doctype_may_be_allowed_but_no_entities(tmp_path: Path) -> None:
    allowed = Shape(SHAPE.record, SHAPE.shown, SHAPE.mapping, doctype=True)
    assert seen(tmp_path, b"<!DOCTYPE Orders SYSTEM 'x.dtd'><Orders/>", allowed) == Opening(doctype=True)
    assert seen(tmp_path, b"<!DOCTYPE Orders [<!ENTITY a 'b'>]><Orders/>", allowed) == "XML_ENTITIES"


def test_the_words_name_what_is_there_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<?xml version='1.0'?>\n\n<Ordres/>")
    problem = look(path, SHAPE)
    assert isinstance(problem, Problem)
    assert (problem.file_line, problem.message) == (3, "the file begins with Ordres, m.yaml reads Orders")
    assert "correct `record: /Orders/Order` or `namespaces:` in m.yaml" in problem.remedy
