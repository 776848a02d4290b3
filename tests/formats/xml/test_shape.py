"""What a mapping says of XML files."""

from __future__ import annotations

from exchange.formats.xml.shape import plain


def test_a_plain_tag_has_no_namespace() -> None:
    assert (plain("{urn:x}Order"), plain("Order")) == ("Order", "Order")
