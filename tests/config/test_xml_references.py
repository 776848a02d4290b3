"""What mappings of XML files say that cannot be so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.mapping_references import mapping_mistakes

Write = Callable[..., Path]
IN, OUT = "mappings/shop/orders.yaml", "mappings/erp/orders.yaml"
READS = (
    "reads: order\nformat: {{type: xml, {}}}\n"
    "fields: {{order_number: {{from: {}}}}}\nlines: {{sku: {{from: Ls/L/S}}}}\n"
)


def mistakes(root: Path) -> list[str]:
    return [str(mistake) for mistake in sorted(mapping_mistakes(read_files(root)))]


def reads(format_: str, column: str = "Nr") -> str:
    return READS.format(format_, column)


def test_a_sound_mapping_has_none(workspace: Write) -> None:
    spaces = "namespaces: {'': urn:a, b: urn:b}, join: {'b:N': '; '}, doctype: allow, schema: o.xsd"
    text = reads(f"record: /Os/b:O, lines: Ls/L, {spaces}", "'b:X[@t=''1'']/@no'")
    assert mistakes(workspace({IN: text, "mappings/schemas/o.xsd": "<x/>"})) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (reads("record: Os/O"), "2:29: 'Os/O' does not lead from the root to an element; write it like /Orders/Order"),
        (reads("record: /Os/O, lines: /Ls"), "2:43: '/Ls' does not lead from the record to an element; write it like"),
        (reads("record: /a:Os/O"), "2:29: the prefix 'a' is not declared; declare it under `namespaces:`"),
        (reads("record: /Os/O, join: {'a:N': x}"), "2:43: the prefix 'a' is not declared"),
        (reads("record: /Os/O", "A//B"), "3:31: 'A//B' cannot be read as a path at '/B'; write it like Child/Name"),
        (reads("record: /Os/O, schema: none.xsd"), "2:44: there is no mappings/schemas/none.xsd"),
        (reads("record: /Os/O, template: a.j2"), "2:36: 'template' belongs into a mapping that writes; remove it"),
        (reads("template: a.j2, schema: a.xsd"), "2:1: a mapping that reads XML needs `record:`; write the path of a"),
        (
            "writes: order\nformat: {type: xml, record: /Os/O}\nfields: {}\n",
            "2:1: a mapping that writes needs `template:`",
        ),
        (
            "writes: order\nformat: {type: xml, record: /Os/O}\nfields: {}\n",
            "2:21: 'record' belongs into a mapping that reads; remove it",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(workspace: Write, text: str, expected: str) -> None:
    file = OUT if text.startswith("writes") else IN
    found = [told for told in mistakes(workspace({file: text})) if told.startswith(f"{file}:{expected}")]
    assert found, mistakes(workspace({file: text}))


def test_neither_way_is_a_mistake_of_the_file_alone(workspace: Write) -> None:
    root = workspace({IN: "reads: order\nformat: {type: xml}\nfields: {}\n"})
    told = [str(mistake) for mistake in read_files(root).mistakes()]
    assert any("write `record:` (to read such files), or `template:` and `schema:`" in each for each in told)
