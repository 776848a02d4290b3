"""Records, lines and values in XML."""

from __future__ import annotations

import pytest

from exchange.infer.elements import Elements, elements_of

LINE = "<Line no='1'><Sku>A</Sku><Qty>1</Qty></Line>"


def elements(text: str) -> Elements:
    found = elements_of([text[:40].encode(), text[40:].encode()])
    assert found is not None
    return found


def test_records_repeat_and_lines_repeat_within_them() -> None:
    order = f"<Order id='1'><Number>1</Number><Total cur='EUR'>5</Total><Lines>{LINE}{LINE}</Lines></Order>"
    found = elements(f"<Orders><Made>today</Made>{order}{order}</Orders>")

    assert (found.record, found.lines) == ("/Orders/Order", "Lines/Line")
    assert found.columns == (
        "@id",
        "Number",
        "Total",
        "Total/@cur",
        "Lines/Line/@no",
        "Lines/Line/Sku",
        "Lines/Line/Qty",
    )
    assert found.inner == {"Lines/Line/@no", "Lines/Line/Sku", "Lines/Line/Qty"}


def test_a_document_of_its_own_is_the_record() -> None:
    found = elements(f"<Order><Number>1</Number><Date>x</Date><Currency>EUR</Currency>{LINE}{LINE}</Order>")

    assert (found.record, found.lines) == ("/Order", "Line")


def test_a_single_record_within_others_and_a_single_line() -> None:
    found = elements(f"<Message><Body><Order><A>1</A><B>2</B><C>3</C><Items>{LINE}</Items></Order></Body></Message>")

    assert (found.record, found.lines) == ("/Message/Body/Order", "Items/Line")


def test_namespaces_have_prefixes() -> None:
    found = elements(
        "<o:Orders xmlns:o='urn:o' xmlns='urn:d'><Row><A>1</A></Row><Row><A>2</A><B>3</B></Row></o:Orders>"
    )

    assert found.record == "/o:Orders/Row"
    assert found.namespaces == {"o": "urn:o", "": "urn:d"}
    assert found.columns == ("A", "B")


def test_a_value_that_repeats_with_a_note_of_its_kind_is_no_line() -> None:
    noted = "<By kind='code'>X</By><By kind='name'>Y</By>"
    alone = elements(f"<R><A>1</A><B>2</B><C>3</C>{noted}<AddressLine><T>x</T></AddressLine><D>{LINE}</D></R>")

    assert alone.lines == "D/Line"
    assert alone.repeated == ("By", "By/@kind")


def test_lines_are_what_looks_like_lines_not_what_repeats_most() -> None:
    tax = "<Tax><Amount>1</Amount><Sub><Percent>19</Percent></Sub></Tax>"
    line = "<OrderLine><LineItem><ID>1</ID><Quantity>2</Quantity><Item><Name>x</Name></Item></LineItem></OrderLine>"
    found = elements(f"<Order><ID>7</ID><Date>x</Date><Currency>EUR</Currency>{tax}{tax}{tax}{line}</Order>")

    assert found.lines == "OrderLine"
    assert found.repeated == ("Tax",), "what is in it is left out with it"
    none = elements(f"<Order><ID>7</ID><Date>x</Date><Currency>EUR</Currency>{tax}{tax}</Order>")
    assert none.lines == ""


def test_lines_within_elements_that_repeat_are_read_and_what_stands_around_them_is_told() -> None:
    pack = f"<Pack no='1'><Sscc>1</Sscc>{LINE}{LINE}</Pack>"
    found = elements(f"<Ship><No>7</No><On>x</On><By>y</By>{pack}{pack}</Ship>")

    assert found.lines == "Pack/Line"
    assert found.columns == ("No", "On", "By", "Pack/Line/@no", "Pack/Line/Sku", "Pack/Line/Qty")
    assert found.repeated == ("Pack/@no", "Pack/Sscc")


def test_an_element_with_nothing_in_it_is_a_column() -> None:
    assert elements("<R><Row><A>1</A><N/></Row><Row><A>2</A><N/></Row></R>").columns == ("A", "N")


def test_values_that_repeat_are_told() -> None:
    found = elements("<R><Row><A>1</A><N>x</N><N>y</N></Row><Row><A>2</A><N>z</N></Row></R>")

    assert (found.columns, found.repeated) == (("A",), ("N",))


def test_nothing_to_read() -> None:
    assert elements_of([b"<a/>"]) is None
    with pytest.raises(SyntaxError):
        elements_of([b"<a><b></a>"])
