"""Which fields an element is made of is found by changing each of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from exchange.assemble.explain_choice import plan_of, way_of
from exchange.assemble.explain_document import OneDocument, Unread, Wanted, laid_out, one_document
from exchange.assemble.explain_element import Feeds, Record
from exchange.assemble.explain_inbound import inbound
from exchange.assemble.explain_outbound import outbound
from exchange.formats.xml.at import Held, held
from exchange.kernel.pipeline import machine_of
from tests.assemble.conftest import SAMPLES
from tests.flows.shop import Shop

FILE = SAMPLES / "01_clean_day.csv"
TEMPLATE = """\
{% block header %}<Orders>{% endblock %}
{%- block record %}<Order kind="{{ 'x' if order.Channel == 'shopify' else 'y' }}">
<Total>{{ (order.lines | map(attribute='Quantity') | map('int') | sum) }}</Total><Fixed>1</Fixed>
<Name>{{ order.ShipTo.Name | upper }}</Name></Order>{% endblock %}
{%- block footer %}</Orders>{% endblock %}"""


def record(root: Path, template: str = "") -> Record:
    way = way_of(root, "wms/orders", FILE)
    plan = plan_of(root, way)
    with laid_out(machine_of(plan), FILE) as layout:
        assert not isinstance(layout, Unread)
        one = one_document(plan, layout, Wanted("1001"))
        assert isinstance(one, OneDocument)
        read = inbound(root, plan.sources, one, FILE.name)
        made = outbound(root, plan.sources, one, 0, (read, plan.channel, None))
    out = plan.sources.outbound[0]
    out = replace(out, template=template) if template else out
    return Record(out, machine_of(plan).targets[0], made.handed, 0)


def of(name: str) -> Held:
    return Held(name, 0, 0, "")


def test_the_field_whose_text_stands_there(delivered: Shop) -> None:
    made = record(delivered.root)

    assert made.feeds(of("/Order/Lines/Line[2]/Sku")) == [Feeds("Sku", 1, shown=True)]
    assert made.feeds(of("/Order/OrderNumber")) == [Feeds("OrderNumber", -1, shown=True)]
    assert made.feeds(of("/Order/@part")) == [Feeds("part", -1, shown=True)]
    assert made.feeds(of("/Order/Lines/Line/Quantity/@unit")) == []


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/Order/Fixed", []),
        ("/Order/@kind", [Feeds("Channel", -1, shown=False)]),
        ("/Order/Name", [Feeds("ShipTo.Name", -1, shown=True)]),
        ("/Order/Total", [Feeds("Quantity", 0, shown=False), Feeds("Quantity", 1, shown=False)]),
    ],
)
def test_what_a_template_makes_of_fields(delivered: Shop, path: str, expected: list[Feeds]) -> None:
    assert record(delivered.root, TEMPLATE).feeds(of(path)) == expected


def test_paths_are_those_of_the_rendered_text() -> None:
    assert [each.path for each in held("<A><B/><B/></A>")] == ["/A", "/A/B", "/A/B[2]"]
