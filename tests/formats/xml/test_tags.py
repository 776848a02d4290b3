"""How long the tag is that a block leaves open."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from exchange.formats.xml.tags import OpenTag
from exchange.kernel.limits import XML_TAG_BYTES


def test_a_tag_is_open_until_its_end_outside_of_quotes() -> None:
    tag = OpenTag()
    assert tag.size(b"<a><b c='>' d=\"") == 12
    assert tag.size(b">'") == 14
    assert tag.size(b'" >text') == 0
    assert tag.size(b"more text") == 0


def test_marked_text_may_be_long() -> None:
    assert OpenTag().size(b"<a><![CDATA[" + b"x" * XML_TAG_BYTES) == 0


def test_a_comment_without_end_counts() -> None:
    tag = OpenTag()
    assert tag.size(b"<a><!-- ") == 5
    assert tag.size(b"x" * 3 * XML_TAG_BYTES) > XML_TAG_BYTES


@given(
    st.lists(st.sampled_from(["<a>", "<b c='x>'", ' d="<"', ">", "</a>", "text ", "'", '"']), max_size=12), st.data()
)
def test_where_blocks_are_cut_makes_no_difference(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts).encode()
    cut = data.draw(st.integers(0, len(text)))
    whole, halves = OpenTag(), OpenTag()
    halves.size(text[:cut])
    # A `<` in a quoted value is no XML; what follows it may be told otherwise.
    if b'"<' not in text:
        assert (whole.size(text) > 0) == (halves.size(text[cut:]) > 0)
