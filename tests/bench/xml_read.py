"""Reads one XML file as the product does, XSD and all, into its flat copy: `python -m tests.bench.xml_read`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from exchange.checks.xsd_records import XsdRecords
from exchange.formats.delimited.flat import FlatReader
from exchange.formats.delimited.reader import DelimitedReader
from exchange.formats.xml.flatten import XmlFlatten
from exchange.formats.xml.paths import compile_columns
from exchange.formats.xml.shape import Shape
from exchange.kernel.limits import XML_EXPLAINED
from exchange.kernel.xmlpath import read_lines, read_path

HEADER = ("Number", "OrderedAt", "Email", "Currency", "Total", "@id")
ADDRESS = ("Name", "Line1", "City", "Postcode", "Country")
LINE = ("Sku", "Description", "Quantity", "Price", "@no")
COLUMNS = (*HEADER, *(f"ShipTo/{name}" for name in ADDRESS), *(f"Lines/Line/{name}" for name in LINE))


def main(path: Path, xsd: Path | None) -> None:
    """Read the file and print what was found: rows, records, codes of problems."""
    paths = {name: read_path(name, {}) for name in COLUMNS}
    columns = compile_columns(paths, read_lines("Lines/Line", {}), {}, "Number", frozenset())
    check = XsdRecords(xsd, "orders.xsd", XML_EXPLAINED).of_file if xsd is not None else None
    flatten = XmlFlatten(Shape(("Orders", "Order"), "/Orders/Order", "mapping"), columns, check)
    wanted = ("_record", *COLUMNS)
    reader = FlatReader(flatten, DelimitedReader("utf-8", ",", wanted, wanted, "Number", "mapping"), returned=False)
    survey = reader.survey(path)
    codes = [problem.code for problem in survey.problems]
    refused = len(survey.layout.found) if survey.layout is not None else 0
    book = survey.layout.lines if survey.layout is not None else None
    lines = len(book) if book is not None else 0
    if survey.layout is not None and not survey.refused and lines < 1000:
        found = [reader.parse(span, survey.layout).problems for span in reader.spans(survey.layout)]
        codes += [problem.code for problems in found for problem in problems]
    print(json.dumps({"lines": lines, "refused": refused, "codes": sorted(set(codes))}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
