"""The synonyms fit the documents that they are for."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML

from exchange.documents.loader import document, names
from exchange.infer.synonyms import FILE, all_names, before_lines, kinds, known_values, synonyms


@pytest.mark.parametrize("kind", kinds())
def test_every_entry_names_a_field(kind: str) -> None:
    told = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))
    own, described = told["documents"][kind], document(kind)

    assert set(own["fields"]) <= set(described.fields)
    assert set(own["lines"]) <= set(described.lines)
    needed = [
        name
        for level in (described.fields, described.lines)
        for name, field in level.items()
        if field.constraints.required
    ]
    left = {described.key, *told["instead"][kind]}
    assert set(needed) - left <= set(told["constants"][kind]), "a draft without such a column could not be checked"
    assert {other for many in told["instead"][kind].values() for other in many} <= {*described.fields, *described.lines}


def test_every_value_is_one_that_a_field_may_have() -> None:
    told = YAML(typ="safe").load(FILE.read_text(encoding="utf-8"))["values"]
    allowed: dict[str, set[str]] = {}
    for kind in names():
        for level in (document(kind).fields, document(kind).lines):
            for name, field in level.items():
                allowed.setdefault(name, set()).update(field.constraints.enum)

    assert {name for name, values in told.items() if not set(values) <= allowed[name]} == set()
    assert known_values("payment_status")["bezahlt"] == "paid"
    assert known_values("description") == {}


def test_addresses_and_lines_are_called_by_prefixes() -> None:
    own = synonyms("order")

    assert ("shipping", "zip") in own.fields["ship_to.postcode"]
    assert ("bill", "to", "zip") in own.fields["bill_to.postcode"]
    assert ("zip",) in own.fields["ship_to.postcode"]
    assert ("zip",) not in own.fields["bill_to.postcode"]
    assert before_lines()[0] == max(before_lines(), key=len)
    assert ("order", "date") in all_names()
