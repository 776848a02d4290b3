"""Which record blocks compile to joins of columns; that both ways agree is shown in test_writer."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest
from jinja2 import nodes

from exchange.formats.template.columns import ColumnTemplate, NotPlain, Records
from exchange.formats.template.environment import rendering_environment

FIELDS, LINES = {"A", "S.B"}, {"X"}


def compiled(body: str) -> ColumnTemplate:
    syntax = rendering_environment().parse(f"{{% block record %}}{body}{{% endblock %}}")
    return ColumnTemplate(next(syntax.find_all(nodes.Block)), FIELDS, LINES)


def records() -> Records:
    header = {"A": pa.array(["1", None, "3"]), "S.B": pa.array(["<", "b", None])}
    return Records(header, {"X": pa.array(["x", "y", None, "z"])}, np.array([0, 0, 1, 2]), 3)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ["", "", ""]),
        ("-{{ 1 }}-", ["-1-"] * 3),
        ("{{ order.A }}{{ order['S'].B }}", ["1&lt;", "b", "3"]),
        ("{% for l in order.lines %}({{ l.X }}{{ order.A }}){% endfor %}", ["(x1)(y1)", "()", "(z3)"]),
        ("{% for l in order.lines %}.{% endfor %}", ["..", ".", "."]),
        ("{% if order.A == '1' %}one{% elif not order.S.B %}none{% else %}other{% endif %}", ["one", "other", "none"]),
        ("{{ order.lines[0].X or '<' }}{{ order.lines|length }}", ["x2", "&lt;1", "z1"]),
        ("{% set s = order.S %}{{ [order.A, s.B]|select|join('&') }}", ["1&amp;&lt;", "b", "3"]),
    ],
)
def test_plain_blocks(body: str, expected: list[str]) -> None:
    assert compiled(body).render(records()).to_pylist() == expected


@pytest.mark.parametrize(
    "body",
    [
        "{{ order.A | upper }}",
        "{{ order.Nothing }}",
        "{{ order.S }}",
        "{{ order.A ~ order.S.B }}",
        "{% if order.A %}{% set x = order.A %}{% endif %}",
        "{% if order.A > '1' %}{% endif %}",
        "{% if order.A == 1 %}{% endif %}",
        "{% for l in order.lines if l.X %}{% endfor %}",
        "{% for l in order.lines %}{% for m in order.lines %}{% endfor %}{% endfor %}",
        "{% for l in order.lines %}{{ loop.last }}{% endfor %}",
        "{{ order.lines[1].X }}",
        "{% macro m() %}{% endmacro %}",
    ],
)
def test_blocks_left_to_jinja(body: str) -> None:
    with pytest.raises(NotPlain):
        compiled(body)


def test_the_first_line_of_a_record_without_lines_is_left_to_jinja() -> None:
    bare = Records({"A": pa.array(["1"])}, {"X": pa.array([], pa.string())}, np.zeros(0, np.int64), 1)
    assert compiled("{% for l in order.lines %}{{ l.X }}{% endfor %}{{ order.A }}").render(bare).to_pylist() == ["1"]
    with pytest.raises(NotPlain):
        compiled("{{ order.lines[0].X }}").render(bare)
