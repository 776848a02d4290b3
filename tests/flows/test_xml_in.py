"""XML orders through the front door: read, checked, set aside as XML, fixed, dropped back in."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from exchange.kernel.xmlparser import xml_parser
from tests.flows.partner_xml import MAPPING, Partner, orders, record

SCHEMA = "schema: partner.xsd"
TRAILER = "<Trailer/>\n"
BESIDE = {"XML_BESIDE_RECORDS": 1}


@pytest.fixture
def partner(tmp_path: Path) -> Partner:
    """A partner that sends XML without a schema."""
    return Partner(tmp_path / "ws").begin()


@pytest.fixture
def strict(tmp_path: Path) -> Partner:
    """The same partner with an XSD."""
    return Partner(tmp_path / "ws").begin(SCHEMA)


def records(path: Path) -> list[etree._Element]:
    """Return the orders in an XML file."""
    return list(etree.parse(str(path), xml_parser()).getroot().iter("Order"))


def numbers(path: Path) -> list[str | None]:
    """Return the numbers of the orders in an XML file."""
    return [order.findtext("Number") for order in records(path)]


def test_orders_and_their_lines_go_out(partner: Partner) -> None:
    ran = partner.receive("day.xml", orders(record(1), record(2, ("TEA-MINT", 1), ("MUG-BLUE", 3))))
    assert (ran.exit, ran.row["problems"]) == (0, {})
    assert ran.row["counts"]["records"]["in"] == 2
    assert partner.taken() == ["1", "2", "2"]
    [path] = partner.files("data/outbox/wms/partner")
    [first, second] = etree.parse(str(path), xml_parser()).getroot()
    assert (first.findtext("ShipTo/Name"), first.findtext("ShipTo/City")) == ("Mara Ilić", "Hamburg")
    assert [line.findtext("Quantity") for line in second.iter("Line")] == ["1", "3"]


def test_check_is_content_and_a_mistake_is_told_where_it_stands(partner: Partner) -> None:
    assert partner.type("check").exit == 0
    partner.edit("mappings/partner/orders.yaml", "{from: Email}", "{from: 'x:Email'}")
    partner.edit("mappings/partner/orders.yaml", "record: /Orders/Order", "record: Orders/Order")
    told = partner.type("check")
    assert told.exit == 5
    assert "mappings/partner/orders.yaml:2:29: 'Orders/Order' does not lead from the root" in told.out
    assert "orders.yaml:10:26: the prefix 'x' is not declared" in told.out


def test_bad_records_leave_as_xml_with_their_reject_ids(strict: Partner) -> None:
    bad = [record(2, ("TEA-MINT", 1), ("NOPE", 2)), record(3, Paid="maybe"), record(4, Total="much")]
    ran = strict.receive("day.xml", orders(record(1), *bad, record(5), tail=TRAILER))
    assert ran.exit == 3
    assert ran.row["problems"] == {
        "LOOKUP_MISS": 1,
        "VALUE_NOT_MAPPED": 1,
        "XSD_INVALID": 1,
        "NOT_A_NUMBER": 1,
        **BESIDE,
    }
    assert strict.taken() == ["1", "5"]
    path = strict.rejected(ran)
    assert path.name == f"day.xml.{ran.row['claim']}.rejects.xml"
    assert numbers(path) == ["2", "3", "4"]
    ids = [node.text for node in etree.parse(str(path), xml_parser()).getroot() if node.tag is etree.PI]
    assert ids == [f"{ran.row['claim']}-{number:04}" for number in (1, 2, 3)]
    told = {(problem["code"], problem["line"], problem["field"]) for problem in strict.problems(ran)}
    assert ("LOOKUP_MISS", 23, "Lines/Line/Sku") in told
    assert ("XSD_INVALID", 43, "Total") in told
    assert [row["file"] for row in strict.open_rejects()] == [str(path.relative_to(strict.root))] * 3


def test_fixed_and_dropped_back_it_closes_its_rejects(strict: Partner) -> None:
    ran = strict.receive("day.xml", orders(record(1, ("NOPE", 1)), record(2, ("NEVER", 1)), tail=TRAILER))
    text = strict.rejected(ran).read_text(encoding="utf-8").replace(">NOPE<", ">TEA-MINT<")
    back = strict.receive("fixed.xml", text, day=9)
    assert (back.exit, back.documents["out"], back.documents["rejected"]) == (3, 1, 1)
    first, second, third = strict.type("rejects", "list", "--all", "--json").rows
    states = [strict.type("rejects", "show", row["reject_id"], "--json").row["state"] for row in (first, second, third)]
    assert states == ["closed", "superseded", "open"]
    again = strict.rejected(back).read_text(encoding="utf-8")
    assert again.count("<?reject-id ") == 1
    done = strict.receive("again.xml", again.replace(">NEVER<", ">TEA-MINT<"), day=10)
    assert done.exit == 0
    assert strict.open_rejects() == []
    assert strict.taken() == ["1", "2"]


def test_held_records_wait_as_xml_and_can_be_released(partner: Partner) -> None:
    content = orders(record(1, Paid="no"), record(2), record(3, ("TEA-MINT", 1), ("MUG-BLUE", 1), Paid="no"))
    ran = partner.receive("day.xml", content)
    assert ran.documents["held"] == 2
    [kept] = partner.files("data/state/held")
    assert numbers(kept) == ["1", "3"]
    assert partner.type("release", "order", "3", "--reason", "paid by cheque").exit == 0
    assert partner.taken() == ["2", "3", "3"]
    assert partner.files("data/state/held") == [kept], "nothing else is left there"


def test_what_is_wrong_around_the_records_is_no_fault_of_theirs(strict: Partner) -> None:
    """The XSD asks for a trailer, which comes after the records, and allows a header before them."""
    head = "<Header>of the day</Header>\n"
    ran = strict.receive("day.xml", orders(head, record(1), tail=TRAILER))
    assert (ran.exit, ran.row["problems"]) == (0, BESIDE)
    ran = strict.receive("other.xml", orders("<Heading/>\n", record(2), tail=TRAILER), day=2)
    assert ran.row["problems"]["XSD_INVALID"] == 1
    assert "not expected" in strict.problems(ran)[0]["message"]


def test_two_records_of_one_number_are_no_order(partner: Partner) -> None:
    ran = partner.receive("day.xml", orders(record(1), record(2), record(1, ("TEA-MINT", 1))))
    assert ran.row["problems"] == {"DUPLICATE_IN_FILE": 1}
    assert partner.taken() == ["2"]
    assert numbers(partner.rejected(ran)) == ["1", "1"]


def test_a_record_without_its_number_is_one_reject(partner: Partner) -> None:
    nameless = record(1, ("TEA-MINT", 1), ("MUG-BLUE", 2)).replace("<Number>1</Number>", "<Number> </Number>")
    ran = partner.receive("day.xml", orders(nameless, record(2)))
    assert ran.row["problems"]["GROUP_KEY_MISSING"] == 1
    assert ran.documents == {"in": 2, "out": 1, "rejected": 1, "filtered": 0, "held": 0}
    [left] = records(partner.rejected(ran))
    assert [line.findtext("Sku") for line in left.iter("Line")] == ["TEA-MINT", "MUG-BLUE"]


def test_a_value_that_occurs_twice_is_a_problem_unless_it_is_joined(partner: Partner) -> None:
    twice = record(1, Note="ring twice").replace("</Note>\n", "</Note>\n    <Note>then wait</Note>\n")
    ran = partner.receive("day.xml", orders(twice))
    [problem] = partner.problems(ran)
    assert (problem["code"], problem["field"], problem["value"]) == ("XML_REPEATED", "Note", "then wait")
    partner.edit("mappings/partner/orders.yaml", "lines: Lines/Line", 'lines: Lines/Line, join: {Note: "; "}')
    partner.receive("other.xml", orders(twice.replace(">1<", ">2<")), day=2)
    [path] = partner.files("data/outbox/wms/partner")
    assert "ring twice; then wait" in path.read_text(encoding="utf-8")


def test_prefixes_are_the_files_own_business(tmp_path: Path) -> None:
    mapping = MAPPING.replace("/Orders/Order", "/Orders/Order, namespaces: {'': urn:x, y: urn:y}")
    partner = Partner(tmp_path / "ws").begin(mapping=mapping.replace("{from: Email}", "{from: 'y:Email'}"))
    plain = orders(record(1), root='Orders xmlns="urn:x" xmlns:why="urn:y"').replace("Email>", "why:Email>")
    other = orders(record(2)).replace("<Orders>", '<a:Orders xmlns:a="urn:x">').replace("</Orders>", "</a:Orders>")
    other = other.replace("<Order ", '<Order xmlns="urn:x" ').replace("<Email", '<Email xmlns="urn:y"')
    assert partner.receive("a.xml", plain).row["problems"] == {}
    assert partner.receive("b.xml", other, day=2).row["problems"] == {}
    assert partner.taken() == ["1", "2"]


def test_the_reject_file_of_namespaced_records_reads_like_the_source(tmp_path: Path) -> None:
    mapping = MAPPING.replace("/Orders/Order", "/Batch/Orders/Order, namespaces: {'': urn:x}")
    partner = Partner(tmp_path / "ws").begin(mapping=mapping)
    group = '<Orders day="{}">\n{}</Orders>\n'
    inner = group.format("mo", record(1, ("NO", 1)) + record(2)) + group.format("tu", record(3, ("NO", 1)))
    ran = partner.receive("a.xml", f'<Batch xmlns="urn:x" xmlns:z="urn:z">\n<From>x</From>{inner}</Batch>')
    path = partner.rejected(ran)
    text = path.read_text(encoding="utf-8")
    root = etree.parse(str(path), xml_parser()).getroot()
    days = [(group.get("day"), [order.findtext("{urn:x}Number") for order in group]) for group in list(root)[1:]]
    assert [(day, [number for number in found if number]) for day, found in days] == [("mo", ["1"]), ("tu", ["3"])]
    assert (text.count("urn:x"), text.count("<From>x</From>")) == (1, 1)
    assert partner.taken() == ["2"]
    fixed = partner.receive("b.xml", text.replace(">NO<", ">TEA-MINT<"), day=9)
    assert fixed.exit == 0
    assert partner.open_rejects() == []


def test_a_broken_file_is_rejected_whole_with_its_place(partner: Partner) -> None:
    ran = partner.receive("day.xml", orders(record(1), record(2)).replace("</Orders>", ""))
    assert (ran.exit, ran.row["state"], ran.row["problems"]) == (3, "rejected", {"XML_NOT_WELL_FORMED": 1})
    [problem] = partner.problems(ran)
    assert problem["line"] == 26
    assert problem["message"].startswith("the XML breaks off at line 26, column ")
    assert partner.taken() == []
    assert partner.receive("next.xml", orders(record(3)), day=2).exit == 0


def test_what_comes_before_the_broken_place_may_count(tmp_path: Path) -> None:
    partner = Partner(tmp_path / "ws").begin("on_broken: keep_records")
    ran = partner.receive("day.xml", orders(record(1), record(2), "<Order><Number>3</Order>"))
    assert (ran.exit, ran.row["problems"]) == (3, {"XML_CUT_SHORT": 1})
    assert ran.row["counts"]["records"] == {"in": 3, "out": 2, "rejected": 1, "filtered": 0, "held": 0}
    assert partner.taken() == ["1", "2"]
    [reject] = partner.open_rejects()
    assert reject["file"].endswith(".rejects.jsonl")


def test_a_file_without_orders_is_fine_and_one_of_other_things_is_not(partner: Partner) -> None:
    assert partner.receive("none.xml", orders()).row["problems"] == {"NO_RECORDS": 1}
    ran = partner.receive("other.xml", orders(record(1)).replace("<Order ", "<Ordr ").replace("</Order>", "</Ordr>"))
    assert (ran.exit, ran.row["problems"]) == (3, {"XML_NO_SUCH_RECORD": 1})
    assert "'Ordr'" not in partner.problems(ran)[0]["message"]
    assert "there is nothing at /Orders/Order, but there is Ordr" in partner.problems(ran)[0]["message"]


def test_header_values_are_read_from_the_root(tmp_path: Path) -> None:
    mapping = MAPPING.replace("{from: Note}", "{from: [/Orders/Header/Sender, /Orders/@day], steps: [{join: ' '}]}")
    partner = Partner(tmp_path / "ws").begin(mapping=mapping)
    head = "<Header><Sender>hub 7</Sender></Header>\n"
    ran = partner.receive("a.xml", orders(head, record(1), record(2), root='Orders day="mo"'))
    assert ran.row["problems"] == {}
    [path] = partner.files("data/outbox/wms/partner")
    assert path.read_text(encoding="utf-8").count("hub 7 mo") == 2
