"""Records set aside: well-formed files of them alone, which read like the source."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from exchange.kernel.xmlparser import xml_parser
from tests.formats.xml.book import Book

Read = Callable[..., Book]


def order(number: int, more: str = "") -> str:
    return f"<Order n='{number}'><Number>{number}</Number>{more}<Lines><Line/><Line/></Lines></Order>\n"


def root(text: str) -> etree._Element:
    return etree.fromstring(text.encode(), xml_parser())


def test_rejects_are_the_records_with_their_ids_in_file_order(read: Read) -> None:
    book = read(f"<Orders day='mo'>\n<Head/>{''.join(map(order, range(5)))}<Tail/></Orders>", "Lines/Line")
    text = book.set_aside([8, 9, 2, 3])
    assert [node.tag if isinstance(node.tag, str) else node.text for node in root(text)] == [
        "Head", "id2", "Order", "id8", "Order",
    ]  # fmt: skip
    assert [element.get("n") for element in root(text).iter("Order")] == ["1", "4"]
    assert text.startswith('<?xml version="1.0" encoding="UTF-8"?>\n<Orders day="mo">\n<Head/>\n<?reject-id id2?>\n')


def test_held_records_keep_the_order_they_are_given_in(read: Read) -> None:
    book = read(f"<Orders>{''.join(map(order, range(5)))}</Orders>", "Lines/Line")
    text = book.set_aside([6, 7, 2, 3, 8, 9], held=True)
    assert [element.get("n") for element in root(text)] == ["3", "1", "4"]
    assert "reject-id" not in text


def test_groups_of_records_stay_groups(read: Read) -> None:
    batch = "<B id='{}'><From>{}</From>{}</B>"
    groups = (batch.format(1, "x", order(1) + order(2)), batch.format(2, "y", order(3)), batch.format(3, "z", order(4)))
    content = f"<F>{''.join(groups)}</F>"
    book = read(content, record="/F/B/Order", lines="")
    kept = root(book.set_aside([1, 3]))
    assert [(group.get("id"), group.findtext("From"), [o.get("n") for o in group.iter("Order")]) for group in kept] == [
        ("1", "x", ["2"]),
        ("3", "z", ["4"]),
    ]


def test_namespaces_are_declared_where_they_were(read: Read) -> None:
    content = (
        "<o:Orders xmlns:o='urn:o' xmlns='urn:d' xmlns:x='urn:x'>"
        "<o:Order xmlns:y='urn:y' y:a='1' x:type='x:t'><Number>1</Number><o:e/></o:Order></o:Orders>"
    )
    spaces = {"o": "urn:o", "d": "urn:d"}
    book = read(content, record="/o:Orders/o:Order", lines="", key="d:Number", namespaces=spaces)
    text = book.set_aside([0])
    assert [text.count(f'"urn:{name}"') for name in "odxy"] == [1, 1, 1, 1]
    [_, element] = root(text)
    assert etree.tostring(element, method="c14n") == etree.tostring(root(content)[0], method="c14n")


def test_a_record_that_is_the_root_stands_alone(read: Read) -> None:
    content = "<?xml version='1.0' encoding='iso-8859-1'?><Order>\n<Number>é</Number></Order>".encode("iso-8859-1")
    book = read(content, record="/Order", lines="")
    assert book.set_aside([0]) == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<?reject-id id0?>\n<Order>\n<Number>é</Number></Order>\n'
    )


NAMES = st.sampled_from(["a", "b", "p:c"])
TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["C"]) | st.sampled_from("\n\t"), max_size=8).map(escape)
LEAF = st.builds(lambda name, text: f"<{name}>{text}</{name}>", NAMES, TEXT)
TREE = st.recursive(
    LEAF,
    lambda inner: st.builds(
        lambda name, parts: f"<{name} q='&lt;'>{''.join(parts)}</{name}>", NAMES, st.lists(inner, max_size=3)
    ),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TREE, min_size=1, max_size=5), st.data())
def test_what_is_set_aside_reads_as_it_did(read: Read, trees: list[str], data: st.DataObject) -> None:
    records = "\n".join(order(number, tree).replace("<Line/>", "") for number, tree in enumerate(trees))
    content = f"<Orders xmlns:p='urn:p'>{records}</Orders>"
    wanted = sorted(data.draw(st.sets(st.integers(0, len(trees) - 1), min_size=1)))
    kept = root(read(content).set_aside(wanted))
    source = root(content)
    same = [etree.tostring(element, method="c14n", with_tail=False) for element in kept.iter("Order")]
    assert same == [etree.tostring(source[number], method="c14n", with_tail=False) for number in wanted]
    again = read(etree.tostring(kept))
    assert again.rows("Number") == [str(number) for number in wanted]
    assert list(again.layout.reject_ids.values()) == [f"id{number}" for number in wanted]
