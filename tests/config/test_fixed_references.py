"""What a mapping names that no record of its fixed-width format has."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.config.files import read_files
from exchange.config.mapping_references import mapping_mistakes

Write = Callable[..., Path]
FORM = """\
format:
  type: fixed
  records:
    - {name: order, code: K, role: document, fields: [{name: number, length: 5}, {name: total, length: 9}]}
    - {name: end, code: T, role: trailer, fields: [{name: n, length: 5, counts: [%s]}, {name: s, length: 9, sums: %s}]}
"""


def mistakes(root: Path) -> list[str]:
    return [str(mistake) for mistake in sorted(mapping_mistakes(read_files(root)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("reads: order\n" + FORM % ("order", "total") + "group: {key: number}\nfields: {total: {from: total}}\n", []),
        (
            "reads: order\n" + FORM % ("order", "total") + "group: {key: nummer}\nfields: {total: {from: [totl]}}\n",
            [
                "7:14: no record of `format:` has a field 'nummer'; did you mean 'number'?",
                "8:25: no record of `format:` has a field 'totl'; did you mean 'total'?",
            ],
        ),
        (
            "reads: order\n" + FORM % ("ordr", "totals") + "fields: {total: {from: _record}}\n",
            [
                "6:81: there is no record 'ordr' to count; did you mean 'order'?",
                "6:117: there is no field 'totals' to add up; did you mean 'total'?",
            ],
        ),
        (
            "writes: order\n"
            + FORM % ("documents", "total")
            + "fields: {totl: {from: total}}\nlines: {number: {from: sku}}\n",
            ["7:10: no record of `format:` has a field 'totl'; did you mean 'total'?"],
        ),
    ],
)
def test_names_that_no_record_has(workspace: Write, text: str, expected: list[str]) -> None:
    found = mistakes(
        workspace(
            {"mappings/shop/orders.yaml": text} if text.startswith("reads") else {"mappings/erp/orders.yaml": text}
        )
    )
    assert [each.partition(".yaml:")[2] for each in found] == expected
