"""A file on its way through the parser: the tree is there while it grows."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest

from exchange.formats.xml.feed import Feed
from exchange.kernel.limits import XML_BLOCK, XML_RECORD_BYTES, XML_RECORD_TAGS, XML_TAG_BYTES

TEXT = '<?xml version="1.0"{}?>\n<!DOCTYPE a><?own pi?><a><b>Grün</b></a>'


def fed(tmp_path: Path, content: bytes) -> Feed:
    path = tmp_path / "a.xml"
    path.write_bytes(content)
    feed = Feed(path)
    assert list(feed.blocks())[-1] is True
    return feed


@pytest.mark.parametrize(
    "content",
    [
        TEXT.format("").encode(),
        TEXT.format("").partition("\n")[2].encode(),
        codecs.BOM_UTF8 + TEXT.format("").encode(),
        codecs.BOM_UTF8 + TEXT.format("").partition("\n")[2].encode(),
        TEXT.format(" encoding='iso-8859-1'").encode("iso-8859-1"),
        codecs.BOM_UTF16_LE + TEXT.format("").encode("utf-16-le"),
        codecs.BOM_UTF16_BE + TEXT.format("").partition("\n")[2].encode("utf-16-be"),
        TEXT.format(" encoding='utf-16'").encode("utf-16-be"),
        b"<?xml-stylesheet x?>" + TEXT.format("").partition("\n")[2].encode(),
    ],
)
def test_the_root_is_found_in_every_encoding(tmp_path: Path, content: bytes) -> None:
    feed = fed(tmp_path, content)
    assert (feed.fault, feed.large) == (None, None)
    assert feed.root.findtext("b") == "Grün"


def test_the_tree_is_there_before_the_file_ends(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_bytes(b"<a>" + b"<b>1</b>" * XML_BLOCK + b"</a>")
    feed = Feed(path)
    sizes = []
    for _ in feed.blocks():
        sizes.append(len(feed.root))
        for child in feed.root[:-1]:
            feed.root.remove(child)
            feed.taken()
    assert max(sizes) <= XML_BLOCK // 4
    assert len(sizes) > 5


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<a>" + b"<b>" + b"x" * XML_RECORD_BYTES, "5000000 bytes"),
        (b"<a>" + b"<b/>" * XML_RECORD_TAGS, "200000 tags"),
        (b"<a><b c='" + b"x" * 2 * XML_TAG_BYTES, "262144 bytes"),
    ],
)
def test_what_is_too_large_ends_it(tmp_path: Path, content: bytes, what: str) -> None:
    feed = fed(tmp_path, content)
    assert feed.large is not None
    assert feed.large.message.endswith(f"is larger than {what}")


def test_a_fault_ends_it_and_the_tree_so_far_stays(tmp_path: Path) -> None:
    feed = fed(tmp_path, b"<a><b>1</b><b>2</c></a>")
    assert feed.fault is not None
    assert feed.column_shift == len("<?exchange?>")
    assert [child.text for child in feed.root] == ["1", "2"]
