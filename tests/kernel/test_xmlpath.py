"""Paths into XML records."""

from __future__ import annotations

import pytest

from exchange.kernel.xmlpath import PathFault, Step, XmlPath, read_lines, read_path, read_record

SPACES = {"c": "urn:c", "b": "urn:b"}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("Sku", XmlPath((Step("Sku"),))),
        ("./Sku", XmlPath((Step("Sku"),))),
        ("Sku/text()", XmlPath((Step("Sku"),))),
        (".", XmlPath(())),
        ("text()", XmlPath(())),
        ("@id", XmlPath((), "id")),
        ("A/B/@id", XmlPath((Step("A"), Step("B")), "id")),
        ("c:A/b:B", XmlPath((Step("{urn:c}A"), Step("{urn:b}B")))),
        ("c:A/@b:id", XmlPath((Step("{urn:c}A"),), "{urn:b}id")),
        ("A/@xml:lang", XmlPath((Step("A"),), "{http://www.w3.org/XML/1998/namespace}lang")),
        ("A[2]/B", XmlPath((Step("A", 2), Step("B")))),
        ("A[@t='x/y']/B", XmlPath((Step("A", 0, "t", "x/y"), Step("B")))),
        ('A[@c:t="it\'s"]', XmlPath((Step("A", 0, "{urn:c}t", "it's"),))),
        ("/Orders/Header/Date", XmlPath((Step("Orders"), Step("Header"), Step("Date")), "", absolute=True)),
        ("/Orders/@day", XmlPath((Step("Orders"),), "day", absolute=True)),
        ("Größe", XmlPath((Step("Größe"),))),
    ],
)
def test_paths(text: str, path: XmlPath) -> None:
    assert read_path(text, SPACES) == path


def test_the_blank_prefix_is_for_elements_without_one_and_never_for_attributes() -> None:
    assert read_path("A/@id", {"": "urn:d"}) == XmlPath((Step("{urn:d}A"),), "id")


@pytest.mark.parametrize(
    "text", ["", "/", "//A", "A//B", "A/", "A/..", "../A", "*", "A[last()]", "A[0]", "A B", "A[@b]"]
)
def test_what_cannot_be_read_is_refused_with_what_to_write(text: str) -> None:
    with pytest.raises(PathFault, match="cannot be read as a path") as told:
        read_path(text, {})
    assert "Child/Name" in told.value.instead


def test_a_prefix_that_is_not_declared_is_told() -> None:
    with pytest.raises(PathFault, match="the prefix 'x' is not declared") as told:
        read_path("x:A", SPACES)
    assert "b, c so far" in told.value.instead


def test_record_and_lines() -> None:
    assert read_record("/c:Orders/c:Order", SPACES) == ("{urn:c}Orders", "{urn:c}Order")
    assert read_lines("Lines/Line", {}) == (Step("Lines"), Step("Line"))
    for text in ("Orders/Order", "/Orders/@id", "/Orders/Order[1]"):
        with pytest.raises(PathFault, match="does not lead from the root"):
            read_record(text, {})
    for text in ("/Lines", "@id", "."):
        with pytest.raises(PathFault, match="does not lead from the record"):
            read_lines(text, {})
