"""What is found wrong with a template before it is ever used."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.formats.template.check import FILE_FACTS, template_mistakes

HEADER_ONCE = "the block 'header' is written once for a file and has no `order`"
OUTSIDE = "text outside the blocks is never written"
FIELDS = ("Number", "ShipTo.Name", "ShipTo.City")
LINES = ("Sku", "Quantity")
GOOD = """{% block header %}<Orders>{% endblock %}
{% block record %}
<Order>{{ order.Number }} {{ order["ShipTo"].Name }}
{% set to = order.ShipTo %}{{ to.City }}{{ order.lines[0].Sku }}
{% for line in order.lines if line.Sku %}{{ loop.index }}{{ line.Sku or line.Quantity }}{% endfor %}
</Order>
{% endblock %}
{% block footer %}</Orders>{% endblock %}"""


def test_a_good_template_has_no_mistakes() -> None:
    assert template_mistakes(GOOD, FIELDS, LINES) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("order.Number", "order.Nummer", (3, "the mapping gives no field 'Nummer' here", "did you mean 'Number'?")),
        ("to.City", "to.Citty", (4, "the mapping gives no field 'Citty' here", "did you mean 'City'?")),
        ("lines[0].Sku", "lines[0].Sko", (4, "the mapping gives no field 'Sko' here", "did you mean 'Sku'?")),
        ("or line.Quantity", "or line.Qty", (5, "the mapping gives no field 'Qty' here", "known: Quantity, Sku")),
        ("to.City", "city", (4, "'city' is not known here", "known: file, order")),
        ("to.City", "to.City | uper", (4, "No filter named 'uper'.", "")),
        ("to.City", "to.City | safe", (4, "No filter named 'safe'.", "")),
        ("to.City", "to.City.upper()", (4, "methods are not possible", "use a filter, or a step of the mapping")),
        ("to.City", "to.__class__", (4, "the name '__class__' is not possible", "names do not start with _")),
        ("to.City", "to.City | length", (4, "with every field blank: object of type 'NoneType' has no len()", "")),
        (
            "<Orders>{%",
            "{{ order.Number }}{%",
            (
                1,
                "the block 'header' is written once for a file and has no `order`",
                "use fields in the block `record` only",
            ),
        ),
        ("{% block footer %}", "", (8, "Encountered unknown tag 'endblock'.", "")),
        ("block footer", "block foter", (1, "the block 'footer' is missing", "write {% block footer %}")),
        (
            "{% block footer",
            "x{% block footer",
            (8, "text outside the blocks is never written", "move it into a block"),
        ),
        ("<Order>", "{% include 'x' %}", (3, "a template is one file: `include` is not possible", "")),
        ("<Order>", "{% autoescape false %}{% endautoescape %}", (3, "escaping cannot be switched off", "")),
    ],
)
def test_each_mistake_has_its_line_and_advice(old: str, new: str, expected: tuple[int, str, str]) -> None:
    assert old in GOOD
    assert expected in template_mistakes(GOOD.replace(old, new), FIELDS, LINES)


def test_all_mistakes_at_once() -> None:
    source = GOOD.replace("order.Number", "order.A").replace("to.City", "to.B").replace("line.Sku or", "line.C or")
    assert [(line, what) for line, what, _ in template_mistakes(source, FIELDS, LINES)] == [
        (3, "the mapping gives no field 'A' here"),
        (4, "the mapping gives no field 'B' here"),
        (5, "the mapping gives no field 'C' here"),
    ]


def test_a_field_that_is_value_and_group() -> None:
    [(line, what, _)] = template_mistakes(GOOD, (*FIELDS, "ShipTo"), LINES)
    assert (line, what) == (1, "the field 'ShipTo' is both a value and a group")


FILE = (
    '{% block header %}<Orders n="{{ file.documents }}" q="{{ file.totals.Quantity }}">{% endblock %}\n'
    "{% block record %}<Order/>{% endblock %}{% block footer %}</Orders>{% endblock %}"
)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("file.documents", "file.document", (1, "a file has no 'document'", "did you mean 'documents'?")),
        ("totals.Quantity", "totals.Sku", (1, "the mapping gives no field 'Sku' here", "known: Quantity")),
        (
            "<Order/>",
            "<Order>{{ file.lines }}</Order>",
            (
                2,
                "the block 'record' is written before its file is known and has no `file`",
                "use it in the blocks `header` and `footer`",
            ),
        ),
    ],
)
def test_what_a_file_tells_is_checked_too(old: str, new: str, expected: tuple[int, str, str]) -> None:
    assert template_mistakes(FILE, FIELDS, LINES, ["Quantity"]) == []
    assert template_mistakes(FILE.replace(old, new), FIELDS, LINES, ["Quantity"]) == [expected]


def test_the_example_of_the_readme_is_sound() -> None:
    page = (Path(__file__).parents[3] / "templates" / "README.md").read_text(encoding="utf-8")
    example = page.partition("```jinja\n")[2].partition("```")[0]
    assert template_mistakes(example, ["OrderNumber"], ["Sku", "Quantity"], ["Quantity"]) == []
    assert {name for name in FILE_FACTS if f"`file.{name}" not in page} == set()
