"""What only a whole XML file shows: how many records came in, and keys of an XSD that two orders break together."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.flows.formats import INBOX, Sale, workspace, written
from tests.flows.partner_xml import Partner, orders, record
from tests.flows.shop import JONAS, MARA, Shop, order

UNIQUE = """
    <xs:unique name="OnePerPlace"><xs:selector xpath="Order"/><xs:field xpath="ShipTo/PostalCode"/></xs:unique>
  </xs:element>

  <xs:complexType name="Order">"""


def keyed(shop: Shop, rule: str = UNIQUE) -> Shop:
    """Let the WMS's schema hold a rule over all orders of a file."""
    shop.edit("mappings/schemas/wms_orders.xsd", '\n  </xs:element>\n\n  <xs:complexType name="Order">', rule)
    return shop


def test_a_record_is_an_element_however_many_lines_it_has(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin()
    three = ("TEA-MINT", 1), ("MUG-BLUE", 3), ("BOWL-OAK", 1)
    ran = partner.receive(
        "day.xml", orders(record(1), record(2, *three), record(3, *three[:2], Paid="no"), record(4, ("NO", 1), *three))
    )

    assert ran.row["counts"]["records"] == {"in": 4, "out": 2, "rejected": 1, "filtered": 0, "held": 1}
    assert ran.documents == ran.row["counts"]["records"]
    assert partner.taken() == ["1", "2", "2", "2"]


def test_an_object_of_json_lines_is_a_record_too(shop: Shop) -> None:
    workspace(shop, "jsonl")
    two = (("TEA-ASSAM", "2", "4.50"), ("MUG-BLUE", "1", "12.00"))
    shop.age(written("jsonl", shop.root / INBOX / "day.jsonl", Sale("1", two), Sale("2", status="pending")), 1)
    ran = shop.type("run", "orders", "--json")

    assert ran.row["counts"]["records"] == {"in": 2, "out": 1, "rejected": 0, "filtered": 0, "held": 1}


def test_rules_of_whole_files_are_not_held_against_records_that_come_in(tmp_path: Path) -> None:
    """A record is judged by itself: a key over all of them, and what it points to, is the partner's own business."""
    rules = """<xs:key name="Mail"><xs:selector xpath="Order"/><xs:field xpath="Email"/></xs:key>
    <xs:keyref name="Back" refer="Mail"><xs:selector xpath="Order"/><xs:field xpath="Note"/></xs:keyref>
  </xs:element>
  <xs:complexType name="Order">"""
    partner = Partner(tmp_path / "ws").begin("schema: partner.xsd")
    partner.edit("mappings/schemas/partner.xsd", '</xs:element>\n  <xs:complexType name="Order">', rules)
    ran = partner.receive(
        "day.xml", orders(record(1, Note="nobody"), record(2), record(1, Total="2"), tail="<Trailer/>")
    )

    assert ran.row["problems"] == {"DUPLICATE_IN_FILE": 1, "XML_BESIDE_RECORDS": 1}, "one number twice is told anyway"
    assert partner.taken() == ["2"]


def test_a_file_refused_whole_counts_its_elements(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin("schema: partner.xsd")
    other = '<x:Order xmlns:x="urn:x"/>\n'
    ran = partner.receive("day.xml", orders(record(1, ("TEA-MINT", 1), ("MUG-BLUE", 1)), record(2), tail=other))

    assert ran.exit == 3
    assert ran.row["counts"]["records"] == {"in": 2, "out": 0, "rejected": 2, "filtered": 0, "held": 0}


def test_two_orders_that_break_a_key_together_wait_and_the_others_go(shop: Shop) -> None:
    keyed(shop)
    ran = shop.take("a.csv", [order(1), order(2, to=JONAS), order(3)])

    assert (ran.exit, ran.row["problems"]) == (3, {"XSD_NOT_TOGETHER": 2})
    assert shop.sent() == ({"2"}, {"2"}), "an order is atomic: the ERP gets neither of the two"
    assert ran.documents == {"in": 3, "out": 1, "rejected": 2, "filtered": 0, "held": 0}
    first, second = shop.problems(ran)
    assert (first["document"], second["document"]) == ("1", "3")
    assert first["message"] == second["message"]
    assert "Duplicate key-sequence ['20457'] in unique identity-constraint 'OnePerPlace'" in first["message"]
    assert first["message"].endswith("concerned: 1, 3")
    assert "documents_per_file: 1" in first["remedy"]


def test_corrected_they_go_out_and_the_next_run_has_nothing_to_do(shop: Shop) -> None:
    keyed(shop)
    ran = shop.take("a.csv", [order(1), order(2)])
    header, first, second = shop.reject_file(ran).read_text(encoding="utf-8").splitlines(keepends=True)
    shop.drop("fixed.csv", header + first.replace("20457", "20459") + second, day=9)
    again = shop.type("run", "orders", "--json")

    assert again.exit == 0, again.out + again.err
    assert shop.open_rejects() == []
    assert shop.sent() == ({"1", "2"}, {"1", "2"})
    assert shop.type("run", "orders", "--json").exit == 0


def test_a_dry_run_tells_the_same(shop: Shop) -> None:
    keyed(shop)
    shop.drop("a.csv", [order(1), order(2), order(3, to=JONAS)])
    ran = shop.type("run", "orders", "--json", "--dry-run")

    assert ran.row["problems"] == {"XSD_NOT_TOGETHER": 2}
    assert ran.documents["out"] == 1


def test_orders_that_meet_only_when_files_are_cut_anew_are_found_too(shop: Shop) -> None:
    """Without the first two, the third and the fourth come to stand in one file."""
    keyed(shop)
    shop.edit("mappings/flows/orders.yaml", "documents_per_file: 500", "documents_per_file: 3")
    place = [replace(MARA, postcode=code) for code in ("10001", "10001", "10002", "10002", "10003")]
    ran = shop.take("a.csv", [order(number, to=to) for number, to in enumerate(place, 1)])

    assert ran.row["problems"] == {"XSD_NOT_TOGETHER": 4}
    assert shop.sent() == ({"5"}, {"5"})


def test_a_value_that_points_to_nothing_is_the_fault_of_its_order_alone(shop: Shop) -> None:
    rule = """
    <xs:key name="Place"><xs:selector xpath="Order"/><xs:field xpath="ShipTo/PostalCode"/></xs:key>
    <xs:keyref name="Back" refer="Place"><xs:selector xpath="Order"/><xs:field xpath="ShipTo/Region"/></xs:keyref>
  </xs:element>

  <xs:complexType name="Order">"""
    keyed(shop, rule)
    ran = shop.take("a.csv", [order(1), order(2, to=replace(JONAS, region="HH"))])

    [problem] = shop.problems(ran)
    assert (problem["code"], problem["document"]) == ("TARGET_INVALID", "2")
    assert "value ('HH',) not found" in problem["message"]
    assert shop.sent() == ({"1"}, {"1"})


def test_more_orders_than_the_schema_allows_are_a_matter_of_the_configuration(shop: Shop) -> None:
    shop.edit(
        "mappings/schemas/wms_orders.xsd",
        'minOccurs="0" maxOccurs="unbounded"/>\n      </xs:sequence>\n    </xs:complexType>\n  </xs:element>',
        'minOccurs="0" maxOccurs="2"/>\n      </xs:sequence>\n    </xs:complexType>\n  </xs:element>',
    )
    shop.drop("a.csv", [order(1), order(2), order(3)])
    ran = shop.type("run", "orders", "--json")

    assert ran.exit == 5
    assert "documents_per_file" in ran.err
    assert shop.sent() == (set(), set())
    shop.edit("mappings/flows/orders.yaml", "documents_per_file: 500", "documents_per_file: 2")
    assert shop.type("run", "orders", "--json").exit == 0
    assert shop.sent() == ({"1", "2", "3"}, {"1", "2", "3"})
