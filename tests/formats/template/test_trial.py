"""A record made up for the purpose."""

from __future__ import annotations

from exchange.formats.template.trial import trial

TEMPLATE = """{% block header %}<Orders n="{{ file.documents }}">{% endblock %}
{% block record %}<Order><A>{{ order.A }}</A>{% for line in order.lines %}<L>{{ line.A }}{{ line.B.C }}</L>{% endfor %}
</Order>{% endblock %}{% block footer %}<T>{{ file.totals.B }}</T></Orders>{% endblock %}"""


def test_every_field_is_filled_but_those_named() -> None:
    filled = trial(TEMPLATE, ("A",), ("A", "B.C"), ("B",))
    assert filled == b'<Orders n="1"><Order><A>1</A><L>11</L>\n</Order><T>1</T></Orders>'
    blank = trial(TEMPLATE, ("A",), ("A", "B.C"), ("B",), ("lines.A",))
    assert blank == b'<Orders n="1"><Order><A>1</A><L>1</L>\n</Order><T>1</T></Orders>'


def test_a_template_that_fails_gives_none() -> None:
    assert trial(TEMPLATE.replace("order.A", "order.Z.A"), ("A",), ("A", "B.C"), ("B",)) is None
    assert trial("{% block record %}", (), (), ()) is None
