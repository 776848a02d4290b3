"""Rendering by template: exact bytes, both ways of rendering alike, and what leaves the fragment."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange.formats.template import writer as module
from exchange.formats.template.writer import XmlTemplateWriter
from exchange.kernel.chunk import CellFailure, Fragment
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import FileFacts
from exchange.kernel.xmlparser import xml_parser

PLAIN = """{% block header %}<?xml version="1.0" encoding="UTF-8"?>
<Orders>
{% endblock %}
{%- block record %}<Order nr="{{ order.Number }}" first="{{ order.lines[0].Sku }}" n="{{ order.lines | length }}">
{%- if order.ShipTo.Name %}<Name>{{ order.ShipTo.Name }}</Name>{% elif order.Note == "a" %}<A/>{% else %}<No/>
{%- endif %}
{%- set to = order.ShipTo %}
{%- set words = [to.Name, order.Note] | select | join(" & ") %}
{%- if words and not (to.City is none) %}<W>{{ words }}</W>{% endif %}
{%- if order["Note"] != "a" or order.Number %}<C>{{ to.City or "none" }}</C>{% endif %}
{%- for line in order.lines %}<L at="{{ loop.index }}" of="{{ order.Number }}"{% if line.Sku == "a" %} a="1"{% endif %}>
{%- set sku = line.Sku or line.Text %}{{ sku }}{{ line.Text }}{{ to.Name }}</L>{% endfor %}</Order>
{% endblock %}
{%- block footer %}</Orders>
{% endblock %}"""
NAMES = ("Number", "ShipTo.Name", "ShipTo.City", "Note")
LINES = ("Sku", "Text")

cells = st.one_of(st.none(), st.sampled_from(["", "a", "b&<>\"'", "x\r\n\ty", "ß😀", "]]>"]))
orders = st.lists(
    st.tuples(st.tuples(*[cells] * len(NAMES)), st.lists(st.tuples(cells, cells), min_size=1, max_size=3)), max_size=6
)


def columns(made: list[Any]) -> tuple[dict[str, pa.Array], dict[str, pa.Array], Any]:
    header = {name: pa.array([order[0][at] for order in made], pa.string()) for at, name in enumerate(NAMES)}
    flat = [line for order in made for line in order[1]]
    lines = {name: pa.array([line[at] for line in flat], pa.string()) for at, name in enumerate(LINES)}
    owner = np.repeat(np.arange(len(made)), [len(order[1]) for order in made]).astype(np.int64)
    return header, lines, owner


def by_jinja(writer: XmlTemplateWriter, *args: Any) -> tuple[Fragment, list[CellFailure]]:
    writer._compiled = {(frozenset(NAMES), frozenset(LINES)): None}
    return writer.render(*args)


@given(orders)
@settings(max_examples=60, deadline=None)
def test_columns_and_jinja_write_the_same_bytes(made: list[Any]) -> None:
    header, lines, owner = columns(made)
    fast, slow = XmlTemplateWriter(PLAIN, "t", "wms"), XmlTemplateWriter(PLAIN, "t", "wms")
    one, failures = fast.render(header, lines, owner)
    other, others = by_jinja(slow, header, lines, owner)
    assert None not in fast._compiled.values()
    assert bytes(one.data) == bytes(other.data)
    assert one.ends.tolist() == other.ends.tolist()
    assert failures == others == []
    root = etree.fromstring(fast.header() + bytes(one.data) + fast.footer(), xml_parser())
    assert len(root) == len(made)
    firsts = [order.get("first") for order in root]
    assert firsts == [order[1][0][0] or "" for order in made]
    read = [[line.text or "" for line in order.iter("L")] for order in root]
    wanted = [[(s or t or "") + (t or "") + (order[0][1] or "") for s, t in order[1]] for order in made]
    assert read == wanted


SIMPLE = (
    '{% block header %}<Orders>{% endblock %}{% block record %}<Order nr="{{ order.Number }}">{{ order.ShipTo.Name }}'
    "</Order>\n{% endblock %}{% block footer %}</Orders>{% endblock %}"
)


def many(*names: str | None) -> tuple[dict[str, pa.Array], dict[str, pa.Array], Any]:
    return columns([((str(at), name, None, None), [("s", "t")]) for at, name in enumerate(names)])


def test_header_records_and_footer_are_exact() -> None:
    writer = XmlTemplateWriter(SIMPLE, "t", "wms")
    fragment, failures = writer.render(*many("<b>&", None, "O'Neil 😀"))
    assert writer.header() == b"<Orders>"
    assert writer.footer() == b"</Orders>"
    assert bytes(fragment.data).decode() == (
        '<Order nr="0">&lt;b&gt;&amp;</Order>\n<Order nr="1"></Order>\n<Order nr="2">O&#39;Neil 😀</Order>\n'
    )
    assert fragment.documents.tolist() == [0, 1, 2]
    assert fragment.records.tolist() == [1, 1, 1]
    assert failures == []


def test_characters_that_xml_forbids_cost_their_record_only() -> None:
    fragment, [failure] = XmlTemplateWriter(SIMPLE, "t", "wms").render(*many("a", "b\x01c", "d"))
    assert (failure.row, failure.field, failure.value, failure.code) == (
        1,
        "ShipTo.Name",
        "b\x01c",
        "ILLEGAL_CHARACTER",
    )
    assert failure.detail == {"character": "U+0001", "target": "wms"}
    assert fragment.documents.tolist() == [0, 2]
    assert bytes(fragment.data) == b'<Order nr="0">a</Order>\n<Order nr="2">d</Order>\n'


def test_a_forbidden_character_in_a_line_fails_the_order_of_the_line() -> None:
    header, lines, owner = many("a", "b")
    lines["Text"] = pa.array(["x", "\ufffe"])
    fragment, [failure] = XmlTemplateWriter(SIMPLE, "t", "wms").render(header, lines, owner)
    assert (failure.row, failure.field, failure.detail["character"]) == (1, "Text", "U+FFFE")
    assert fragment.documents.tolist() == [0]


def refuse_bad(document: bytes) -> list[str]:
    return [f"bad {document.count(b'bad')}"] if b"bad" in document else []


@pytest.mark.parametrize("block", [1, 2, 3, 64])
def test_refused_records_leave_the_fragment(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHECK_ROWS", block)
    monkeypatch.setattr(module, "RENDER_ROWS", 4)
    names = ["bad", "a", "b", "bad", "c", "bad", "\x02", "d", "bad"]
    writer = XmlTemplateWriter(SIMPLE, "t", "wms", refuse_bad, lambda document: [f"plainer {len(document)}"])
    fragment, failures = writer.render(*many(*names))
    refused = [failure for failure in failures if failure.code == "TARGET_INVALID"]
    assert [failure.row for failure in refused] == [0, 3, 5, 8]
    assert refused[0].detail == {"target": "wms", "reason": "plainer 43"}
    assert fragment.documents.tolist() == [1, 2, 4, 7]
    starts = [0, *fragment.ends.tolist()]
    texts = [bytes(fragment.data[a:b]).decode() for a, b in pairwise(starts)]
    assert texts == [f'<Order nr="{at}">{names[at]}</Order>\n' for at in (1, 2, 4, 7)]


def test_records_that_are_refused_only_beside_each_other_are_left_to_the_finished_file() -> None:
    def unique(document: bytes) -> list[str]:
        names = document.count(b"twin")
        return ["twice"] if names > 1 else []

    fragment, failures = XmlTemplateWriter(SIMPLE, "t", "wms", unique).render(*many("twin", "a", "twin"))
    assert failures == []
    assert fragment.documents.tolist() == [0, 1, 2]


def test_a_record_that_the_template_leaves_empty_is_not_lost() -> None:
    source = SIMPLE.replace("<Order nr", "{% if order.ShipTo.Name %}<Order nr").replace(
        "</Order>\n", "</Order>\n{% endif %}"
    )
    fragment, [failure] = XmlTemplateWriter(source, "t", "wms").render(*many("a", None))
    assert (failure.row, failure.code, failure.detail["reason"]) == (
        1,
        "TARGET_INVALID",
        "the template writes nothing for it",
    )
    assert fragment.documents.tolist() == [0]


def test_a_template_that_fails_on_a_value_fails_that_record() -> None:
    source = SIMPLE.replace("{{ order.Number }}", "{{ 6 // (order.Number | int) }}")
    fragment, [failure] = XmlTemplateWriter(source, "t", "wms").render(*many("a", "b", "c"))
    assert (failure.row, failure.code) == (0, "TARGET_INVALID")
    assert str(failure.detail["reason"]).startswith("the template fails: integer")
    assert bytes(fragment.data) == b'<Order nr="6">b</Order>\n<Order nr="3">c</Order>\n'


def test_nothing_to_render() -> None:
    fragment, failures = XmlTemplateWriter(SIMPLE, "t", "wms", refuse_bad).render(*many())
    assert (bytes(fragment.data), fragment.ends.tolist(), fragment.documents.tolist(), failures) == (b"", [], [], [])


def test_an_order_without_lines() -> None:
    header, lines, _ = many("a", "b")
    fragment, failures = XmlTemplateWriter(PLAIN.replace(' first="{{ order.lines[0].Sku }}"', ""), "t", "w").render(
        header, {name: column.slice(0, 1) for name, column in lines.items()}, np.array([1])
    )
    assert failures == []
    assert bytes(fragment.data).count(b"<L ") == 1
    _, [failure] = XmlTemplateWriter(PLAIN, "t", "w").render(
        header, {name: column.slice(0, 1) for name, column in lines.items()}, np.array([1])
    )
    assert (failure.row, failure.code) == (0, "TARGET_INVALID")


@pytest.mark.parametrize(
    ("source", "what", "line"),
    [
        ("{% block header %}", "Unexpected end of template", 1),
        ("{% block header %}{% endblock %}{% block record %}{% endblock %}", "the block 'footer' is missing", 0),
        (SIMPLE.replace("<Orders>", "{{ order.Number }}"), "the block 'header' fails: 'order' is undefined", 0),
    ],
)
def test_templates_that_cannot_be_compiled(source: str, what: str, line: int) -> None:
    with pytest.raises(ConfigurationError) as raised:
        XmlTemplateWriter(source, "wms/orders.xml.j2", "wms")
    [mistake] = raised.value.mistakes
    assert mistake.what.startswith(what)
    assert (mistake.file, mistake.line) == ("wms/orders.xml.j2", line)


TELLING = (
    '{% block header %}<Orders n="{{ file.documents }}" l="{{ file.lines }}" q="{{ file.totals.Sku }}">{% endblock %}'
    '{% block record %}<Order nr="{{ order.Number }}"/>{% endblock %}'
    "{% block footer %}</Orders><!-- {{ file.name }} -->{% endblock %}"
)


def test_header_and_footer_tell_what_the_file_holds() -> None:
    seen: list[bytes] = []

    def validate(document: bytes) -> tuple[str, ...]:
        seen.append(document)
        return ("no",) if b'nr="2"' in document else ()

    writer = XmlTemplateWriter(TELLING, "t", "wms", validate, totals=("Sku",))
    made: list[Any] = [((nr, None, None, None), [("1.5", None), ("2", None)]) for nr in ("1", "2", "3")]
    fragment, failures = writer.render(*columns(made))

    assert (writer.tells, writer.header(), writer.footer()) == (True, b"", b"")
    assert [failure.row for failure in failures] == [1]
    assert bytes(fragment.data) == b'<Order nr="1"/><Order nr="3"/>'
    assert fragment.lines.tolist() == [2, 2]
    assert fragment.totals == {"Sku": [Decimal("3.5"), Decimal("3.5")]}
    assert seen[0].startswith(b'<Orders n="3" l="6" q="10.5">'), "validated as if these were a file"
    facts = FileFacts("a&b.xml", "c", 1, "2026-01-01", 2, 4, {"Sku": Decimal("7.0")})
    assert writer.around(facts) == (b'<Orders n="2" l="4" q="7.0">', b"</Orders><!-- a&amp;b.xml -->")


def test_a_total_that_is_no_number_leaves_the_fragment() -> None:
    writer = XmlTemplateWriter(TELLING, "t", "wms", totals=("Sku",))
    made: list[Any] = [(("1", None, None, None), [("one", None)]), (("2", None, None, None), [("2", None)])]
    fragment, failures = writer.render(*columns(made))
    assert [(failure.row, failure.code, failure.value) for failure in failures] == [(0, "NOT_SUMMABLE", "one")]
    assert fragment.totals == {"Sku": [Decimal(2)]}


def test_records_that_are_a_file_each_are_checked_each_by_itself() -> None:
    def roots(document: bytes) -> list[str]:
        try:
            etree.fromstring(document, xml_parser())
        except etree.XMLSyntaxError as fault:
            return [str(fault)]
        return []

    alone = "{% block header %}{% endblock %}{% block record %}<A>{{ order.N }}</A>{% endblock %}"
    writer = XmlTemplateWriter(alone + "{% block footer %}{% endblock %}", "t", "wms", roots)
    header, owner = {"N": pa.array(["1", "2", "3"])}, np.zeros(0, np.int64)

    assert writer.render(header, {}, owner)[1] == [], "two roots are no document: the finished file tells"
    fragment, failures = writer.one_each().render(header, {}, owner)

    assert failures == []
    assert bytes(fragment.data) == b"<A>1</A><A>2</A><A>3</A>"
