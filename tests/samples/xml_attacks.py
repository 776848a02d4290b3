"""XML files that are made to harm, or that went wrong on the way: what each is, and what has to be said of it."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.samples.shared import shared

SHARED = shared("xml_attacks")
"""A collection that nobody here wrote; it is not part of the project."""
SHARED_CODES = {
    "cyclic.xml": "XML_ENTITIES",
    "dtd.xml": "XML_DOCTYPE",
    "external.xml": "XML_ENTITIES",
    "external_file.xml": "XML_ENTITIES",
    "quadratic.xml": "XML_ENTITIES",
    "simple-ns.xml": "XML_WRONG_ROOT",
    "simple.xml": "XML_WRONG_ROOT",
    "xmlbomb.xml": "XML_ENTITIES",
    "xmlbomb2.xml": "XML_ENTITIES",
}
ORDER = (
    '<Order id="S7"><Number>7</Number><OrderedAt>2026-03-02T09:00:00+01:00</OrderedAt><Paid>yes</Paid>'
    "<Email>mara@example.com</Email>{note}<ShipTo><Name>{name}</Name><Street>Elbchaussee 1</Street>"
    "<City>Hamburg</City><Zip>22765</Zip><Land>DE</Land></ShipTo>"
    '<Total currency="EUR">10.00</Total><Lines><Line><Sku>TEA-ASSAM</Sku><Quantity>2</Quantity>'
    "<Price>5.00</Price></Line></Lines></Order>"
)
_MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Attack:
    """One file."""

    code: str
    """The problem that it has to leave; blank where it is read as if there were nothing to it."""
    pieces: tuple[bytes | Iterator[bytes], ...]

    def write(self, path: Path) -> Path:
        """Write the file; a large one piece by piece."""
        with path.open("wb") as stream:
            for piece in self.pieces:
                stream.writelines([piece] if isinstance(piece, bytes) else piece)
        return path


def order(note: str = "", name: str = "Mara Ilić") -> str:
    """Return a good record of number 7."""
    return ORDER.format(note=note, name=name)


def _file(inner: str = "", root: str = "<Orders>", before: str = "") -> bytes:
    return f"{before}{root}{inner}</{root[1:-1].split(maxsplit=1)[0]}>".encode()


def _many(piece: bytes, count: int) -> Iterator[bytes]:
    return (piece for _ in range(count))


def attacks() -> dict[str, Attack]:
    """Return the files that are made here, by name."""
    good = order()
    document = _file(good)
    return {
        "good": Attack("", (document,)),
        "xinclude": Attack(
            "",
            (_file(order('<Note xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd"/></Note>')),),
        ),
        "xinclude_record": Attack(
            "XML_NO_SUCH_RECORD",
            (_file('<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" parse="text"/>'),),
        ),
        "schema_location": Attack(
            "",
            (
                _file(
                    good,
                    '<Orders xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
                    'xsi:noNamespaceSchemaLocation="http://127.0.0.1:{port}/orders.xsd">',
                ),
            ),
        ),
        "stylesheet": Attack("", (_file(good, before='<?xml-stylesheet href="http://127.0.0.1:9/x.xsl"?>'),)),
        "utf7": Attack(
            "XML_ENCODING",
            (b'<?xml version="1.0" encoding="UTF-7"?>', _file(good).decode().encode("utf-7")),
        ),
        "ebcdic": Attack("XML_NOT_WELL_FORMED", ('<?xml version="1.0" encoding="IBM037"?><Orders/>'.encode("cp037"),)),
        "text_11_mb": Attack("XML_TOO_LARGE", (b"<Orders><Order><Note>", _many(b"x" * _MEGABYTE, 11), b"</Note>")),
        "cdata_30_mb": Attack("XML_TOO_LARGE", (b"<Orders><Order><![CDATA[", _many(b"<b>" * _MEGABYTE, 10), b"]]>")),
        "comment_30_mb": Attack("XML_TOO_LARGE", (b"<Orders><!--", _many(b"x" * _MEGABYTE, 30), b"--></Orders>")),
        "instruction_30_mb": Attack("XML_TOO_LARGE", (b"<Orders><?x ", _many(b"x" * _MEGABYTE, 30), b"?></Orders>")),
        "attribute_30_mb": Attack(
            "XML_TOO_LARGE", (b'<Orders><Order id="', _many(b"x" * _MEGABYTE, 30), b'"/></Orders>')
        ),
        "attributes_1_million": Attack(
            "XML_TOO_LARGE", (b"<Orders><Order", (b' a%d=">"' % number for number in range(_MEGABYTE)), b"/></Orders>")
        ),
        "name_60_kb": Attack("XML_PAST_LIMIT", (b"<Orders><", b"x" * 60_000, b"/></Orders>")),
        "depth_100k": Attack(
            "XML_PAST_LIMIT", (b"<Orders>", _many(b"<a>", 100_000), _many(b"</a>", 100_000), b"</Orders>")
        ),
        "record_12_mb": Attack(
            "XML_TOO_LARGE", (b"<Orders><Order>", _many(b"<Note>ring twice</Note>", 522_000), b"</Order></Orders>")
        ),
        "header_12_mb": Attack(
            "XML_TOO_LARGE", (b"<Orders>", _many(b"<Head>ring twice</Head>", 522_000), b"</Orders>")
        ),
        "prologue_1_mb": Attack("XML_TOO_LARGE", (_many(b"<?x y?>\n", 131_072), document)),
        "names_300k": Attack("XML_TOO_LARGE", (b"<Orders>", good.encode(), _names(300_000), b"</Orders>")),
        "truncated": Attack("XML_NOT_WELL_FORMED", (document[:-30],)),
        "trailing_garbage": Attack("XML_NOT_WELL_FORMED", (document, b"\n\x1a\x1a")),
        "two_roots": Attack("XML_NOT_WELL_FORMED", (document, document)),
        "nul": Attack("XML_NOT_WELL_FORMED", (_file(good + "\0"),)),
        "control_character": Attack("XML_NOT_WELL_FORMED", (_file(order("<Note>&#1;</Note>")),)),
        "not_xml": Attack("XML_NOT_WELL_FORMED", (b"Number,Sku\r\n7,TEA-ASSAM\r\n",)),
        "blank": Attack("XML_NOT_WELL_FORMED", (b" \n",)),
        "nothing": Attack("FILE_EMPTY", (b"",)),
        "unbound_prefix": Attack("XML_NOT_WELL_FORMED", (_file(f"<x:Note/>{good}"),)),
        "wrong_namespace": Attack("XML_WRONG_ROOT", (_file(good, '<Orders xmlns="urn:other">'),)),
        "record_in_namespace": Attack("XML_NO_SUCH_RECORD", (_file(good.replace("<Order ", '<Order xmlns="urn:x" ')),)),
        "one_in_namespace": Attack(
            "XML_RECORD_ELSEWHERE", (_file(good + good.replace("<Order ", '<Order xmlns="urn:x" ')),)
        ),
        "one_level_up": Attack("XML_WRONG_ROOT", (good.encode(),)),
        "wrong_root": Attack("XML_WRONG_ROOT", (_file(good, "<Invoices>"),)),
        "latin_1_as_utf_8": Attack(
            "XML_NOT_WELL_FORMED",
            (_file(order(name="Grün"), before='<?xml version="1.0" encoding="UTF-8"?>').decode().encode("latin-1"),),
        ),
        "utf_8_as_utf_16": Attack("XML_NOT_WELL_FORMED", (b'<?xml version="1.0" encoding="UTF-16"?>', document)),
        "utf_8_as_cp1252": Attack(
            "MOJIBAKE", (b'<?xml version="1.0" encoding="windows-1252"?>', _file(order(name="Grün")))
        ),
        "utf_16_as_utf_8": Attack("", (codecs.BOM_UTF16_LE, document.decode().encode("utf-16-le"))),
        "two_marks": Attack("XML_NOT_WELL_FORMED", (codecs.BOM_UTF8 * 2, document)),
        "parameter_entities": Attack(
            "XML_ENTITIES", (b"<!DOCTYPE Orders [<!ENTITY % a \"<!ENTITY b '1'>\"> %a;]>", document)
        ),
        "entity_in_attribute": Attack(
            "XML_ENTITIES", (b'<!DOCTYPE Orders [<!ENTITY a "7">]><Orders><Order id="&a;"/></Orders>',)
        ),
        "subset_30_mb": Attack(
            "XML_TOO_LARGE", (b"<!DOCTYPE Orders [", _many(b"<!ELEMENT a ANY>\n", 1_760_000), b"]>", document)
        ),
        "external_dtd": Attack("XML_DOCTYPE", (b'<!DOCTYPE Orders SYSTEM "http://127.0.0.1:9/o.dtd">', document)),
    }


def _names(count: int) -> Iterator[bytes]:
    return (b"<n%d/>" % number for number in range(count))
