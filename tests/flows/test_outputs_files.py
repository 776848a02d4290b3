"""Files of a delivery through the front door: totals in the header, files per value, names, a last look."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from exchange.kernel.exits import Exit
from tests.flows.shop import Line, Ran, Shop, order

FLOW = "mappings/flows/orders.yaml"
WMS = "mappings/wms/orders.yaml"
XSD = "mappings/schemas/wms_orders.xsd"
TEMPLATE = "templates/wms/orders.xml.j2"
NAME = 'name: "ORD_{claim}_{part:03}.xml", documents_per_file: 500'
HEADER = """<Orders>
<Batch file="{{ file.name }}" part="{{ file.part }}" orders="{{ file.documents }}" lines="{{ file.lines }}">
{{- file.totals.Quantity }}</Batch>
{% endblock %}
{%- block record %}"""
BATCH = """<xs:sequence>
        <xs:element name="Batch" minOccurs="0">
          <xs:complexType>
            <xs:simpleContent>
              <xs:extension base="Count">
                <xs:attribute name="file"/><xs:attribute name="part"/><xs:attribute name="orders"/>
                <xs:attribute name="lines"/>
              </xs:extension>
            </xs:simpleContent>
          </xs:complexType>
        </xs:element>
        <xs:element name="Order" type="Order\""""
PIECES = """  <xs:simpleType name="Count">
    <xs:restriction base="xs:integer"><xs:maxInclusive value="12"/></xs:restriction>
  </xs:simpleType>
  <xs:complexType name="Order">"""
KEY = """    <xs:unique name="Numbers">
      <xs:selector xpath="Order"/><xs:field xpath="OrderNumber"/>
    </xs:unique>
  </xs:element>

  <xs:simpleType name="Count">"""


def with_totals(shop: Shop) -> None:
    """Let the header of the WMS's files tell what is in them; its XSD takes 12 pieces at most."""
    shop.edit(TEMPLATE, "<Orders>\n{% endblock %}\n{%- block record %}", HEADER)
    shop.edit(WMS, "per: part\n", "per: part\ntotals: [Quantity]\n")
    shop.edit(XSD, '<xs:sequence>\n        <xs:element name="Order" type="Order"', BATCH)
    shop.edit(XSD, '  <xs:complexType name="Order">', PIECES)
    checked = shop.type("check")
    assert checked.exit == 0, checked.out + checked.err


def names(ran: Ran) -> list[str]:
    return [out["path"].rsplit("/", 1)[1] for out in ran.row["outputs"] if out["endpoint"] == "wms"]


def batches(shop: Shop) -> list[tuple[str, ...]]:
    found = [etree.parse(path).find("Batch") for path in shop.files("data/outbox/wms")]
    return [
        (*(batch.get(name, "") for name in ("part", "orders", "lines")), batch.text or "")
        for batch in found
        if batch is not None
    ]


def test_the_header_tells_what_each_file_holds(shop: Shop) -> None:
    with_totals(shop)
    shop.edit(FLOW, "documents_per_file: 500", "documents_per_file: 2")
    lines = (Line("MUG-BLUE", "2"), Line("BOWL-OAK", "3"), Line("TEA-MINT"))
    ran = shop.take("a.csv", [order(1, *lines), order(2), order(3)])

    assert ran.exit == 0, ran.err
    assert batches(shop) == [("1", "3", "4", "8"), ("2", "1", "1", "2")]
    first = etree.parse(shop.files("data/outbox/wms")[0]).getroot()
    assert first[0].get("file") == names(ran)[0]
    assert [element.tag for element in first] == ["Batch", "Order", "Order", "Order"]
    assert [path for path in shop.files("data/state") if path.suffix == ".body"] == []


def test_a_total_that_the_schema_refuses_delivers_nothing_and_says_why(shop: Shop) -> None:
    """The header of a span is valid, that of the file is not: 7 pieces at a time, and 14 together."""
    with_totals(shop)
    shop.edit(XSD, 'maxInclusive value="12"', 'maxInclusive value="6"')
    ran = shop.take("a.csv", [order(1, Line("TEA-MINT", "4")), order(2, Line("TEA-MINT", "4"))])

    assert ran.exit == 3
    assert ran.row["problems"] == {"TARGET_INVALID": 2}
    assert "Batch" in shop.problems(ran)[0]["message"]
    assert shop.sent() == (set(), set())


def test_a_key_of_the_whole_file_rejects_those_that_break_it_and_says_why(shop: Shop) -> None:
    """More than the 64 records that are validated together lie between the two parts of one order."""
    with_totals(shop)
    shop.edit(XSD, 'value="12"', 'value="1200"')
    shop.edit(XSD, '  </xs:element>\n\n  <xs:simpleType name="Count">', KEY)
    shop.edit(WMS, "OrderNumber: {from: order_number,", "OrderNumber: {from: discount_code,")
    codes = ["SAME", *(f"C{number}" for number in range(2, 90)), "SAME"]
    ran = shop.take("a.csv", [order(n, code=code) for n, code in enumerate(codes, 1)])

    assert (ran.exit, ran.row["problems"]) == (3, {"XSD_NOT_TOGETHER": 2})
    first, last = shop.problems(ran)
    assert (first["document"], last["document"]) == ("1", "90")
    assert "Duplicate key-sequence ['SAME']" in first["message"]
    assert first["message"] == last["message"]
    assert first["message"].endswith("concerned: 1, 90")
    wms, erp = shop.sent()
    assert wms - {""} == set(codes) - {"SAME"}, "blank: of the header"
    assert erp == {str(number) for number in range(2, 90)}


def test_one_file_for_each_order_is_named_after_it(shop: Shop) -> None:
    shop.edit(FLOW, NAME, 'name: "ORD_{number}.xml", documents_per_file: 1')
    both = (Line("MUG-BLUE"), Line("BOWL-OAK"))
    ran = shop.take("a.csv", [order(7, *both), order(8)])

    assert ran.exit == 0, ran.err
    assert names(ran) == ["ORD_7.xml", "ORD_8.xml"]
    assert [len(etree.parse(path).getroot()) for path in shop.files("data/outbox/wms")] == [2, 1]


def test_each_warehouse_gets_its_own_file(shop: Shop) -> None:
    shop.edit(FLOW, NAME, 'name: "{warehouse}_{claim}.xml", file_per: warehouse')
    both = (Line("MUG-BLUE"), Line("BOWL-OAK"))
    ran = shop.take("a.csv", [order(1, *both), order(2, *both), order(3)])

    assert ran.exit == 0, ran.err
    files = {path.name[:3]: etree.parse(path).getroot() for path in shop.files("data/outbox/wms")}
    told = {
        name: [(each.findtext("OrderNumber"), each.findtext("Warehouse")) for each in root]
        for name, root in files.items()
    }
    assert told["LYO"] == [("1", "LYO"), ("2", "LYO")]
    assert [place for _, place in told["HAM"]] == ["HAM"] * len(told["HAM"])
    traced = shop.type("trace", "order", "1", "--json")
    assert sum(name[:3] in {"HAM", "LYO"} for name in _delivered(traced)) == 2, "both of its files are named"


def _delivered(ran: Ran) -> list[str]:
    return [out["path"].rsplit("/", 1)[1] for out in ran.row["outputs"]]


@pytest.mark.parametrize(
    ("cell", "made"), [("A/1", "ORD_A_1.xml"), ("../../x", "ORD__.._x.xml"), ("Ä 1*", "ORD_Ä 1_.xml")]
)
def test_names_are_safe_whatever_the_shop_writes(shop: Shop, cell: str, made: str) -> None:
    shop.edit(FLOW, NAME, 'name: "ORD_{requested_service}.xml", file_per: requested_service')
    ran = shop.take("a.csv", order(1, cells={"Shipping Method": cell}))

    assert ran.exit == 0, ran.err
    assert names(ran) == [made]


def test_two_values_that_become_one_name_get_two_files(shop: Shop) -> None:
    shop.edit(FLOW, NAME, 'name: "ORD_{requested_service}.xml", file_per: requested_service')
    cells = ("A/1", "a_1", "A*1", "A_1-2")
    ran = shop.take("a.csv", [order(n, cells={"Shipping Method": cell}) for n, cell in enumerate(cells, 1)])

    assert ran.exit == 0, ran.err
    assert names(ran) == ["ORD_A_1.xml", "ORD_a_1-2.xml", "ORD_A_1-3.xml", "ORD_A_1-2-2.xml"]
    assert shop.sent()[0] == {"1", "2", "3", "4"}


def test_more_files_side_by_side_than_can_be_open_are_refused(shop: Shop) -> None:
    shop.edit(FLOW, NAME, 'name: "{requested_service}.xml", file_per: requested_service')
    ran = shop.take("a.csv", [order(n, cells={"Shipping Method": f"S{n}"}) for n in range(1, 102)])

    assert ran.exit == Exit.CONFIGURATION
    assert "more than 100 files" in ran.err
    assert shop.files("data/outbox") == []


def test_a_value_that_cannot_be_summed_is_a_problem_of_its_order(shop: Shop) -> None:
    with_totals(shop)
    shop.edit(WMS, "totals: [Quantity]", "totals: [Quantity, Sku]")
    ran = shop.take("a.csv", [order(1), order(2)])

    assert ran.row["problems"] == {"NOT_SUMMABLE": 2}
    assert shop.sent() == (set(), set())


@pytest.mark.parametrize("point", ["outputs.opened", "outputs.body", "outputs.written"])
def test_killed_while_files_are_made_and_run_again(shop: Shop, tmp_path: Path, point: str) -> None:
    """What a killed run has left of bodies and files is written anew: the same names, the same bytes."""
    with_totals(shop)
    shop.edit(FLOW, NAME, 'name: "{warehouse}_{claim}.xml", file_per: warehouse')
    both = (Line("MUG-BLUE"), Line("BOWL-OAK"))
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(shop.root, undisturbed)
    for root in (shop.root, undisturbed):
        Shop(root, init=False).drop("a.csv", [order(1, *both), order(2, *both)])
    script = "from exchange.cli.main import main; main()"
    killed = subprocess.run(
        [sys.executable, "-c", script, "--workspace", str(shop.root), "run", "orders"],
        env={**os.environ, "EXCHANGE_CRASH_AT": f"{point}:2"},
        capture_output=True,
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert shop.files("data/outbox") == []
    assert shop.type("run", "orders").exit == 0
    assert Shop(undisturbed, init=False).type("run", "orders").exit == 0
    made = [
        {path.name: path.read_bytes() for path in Shop(root, init=False).files("data/outbox")}
        for root in (shop.root, undisturbed)
    ]
    assert made[0] == made[1]
    assert len(made[0]) == 3
    assert shop.files("data/state/work") == []
