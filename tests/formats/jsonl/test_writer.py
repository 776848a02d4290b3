"""Documents into JSON Lines, and back."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.formats.jsonl.writer import JsonLinesWriter
from tests.formats.delimited.test_reader import rows
from tests.formats.jsonl.test_flatten import made, read

WRITER = JsonLinesWriter(
    ("no", "to.city", "gift"), ("sku", "qty"), "items", frozenset({"qty", "no"}), frozenset({"gift"})
)


def test_names_are_ways_and_numbers_keep_their_digits() -> None:
    header = {"no": pa.array(["1", "2"]), "to.city": pa.array(["Köln", None]), "gift": pa.array(["true", ""])}
    lines = {"sku": pa.array(['A"', "B", "C"]), "qty": pa.array(["1.500", None, "12345678901234567890"])}
    fragment, failures = WRITER.render(header, lines, np.array([0, 0, 1]))
    assert failures == []
    assert bytes(fragment.data).decode() == (
        '{"no":1,"to":{"city":"Köln"},"gift":true,"items":[{"sku":"A\\"","qty":1.500},{"sku":"B"}]}\n'
        '{"no":2,"items":[{"sku":"C","qty":12345678901234567890}]}\n'
    )
    assert (fragment.records.tolist(), fragment.documents.tolist()) == ([1, 1], [0, 1])


def test_without_an_array_each_line_is_an_object() -> None:
    writer = JsonLinesWriter(("no",), ("sku",), "")
    fragment, _ = writer.render({"no": pa.array(["1"])}, {"sku": pa.array(["A", "B"])}, np.array([0, 0]))
    assert bytes(fragment.data) == b'{"no":"1","sku":"A"}\n{"no":"1","sku":"B"}\n'
    assert (fragment.ends.tolist(), fragment.records.tolist()) == ([42], [2])
    fragment, _ = JsonLinesWriter(("no",), (), "").render({"no": pa.array(["1"])}, {}, np.array([0]))
    assert bytes(fragment.data) == b'{"no":"1"}\n'


def test_what_is_no_number_is_refused_with_its_document() -> None:
    header = {"no": pa.array(["1", "01", "3"]), "to.city": pa.array(["", "", "\ue000"]), "gift": pa.array(["yes"] * 3)}
    lines = {"sku": pa.array(["A"] * 3), "qty": pa.array(["1", "2", "NaN"])}
    fragment, failures = WRITER.render({**header, "gift": pa.array(["", "no", ""])}, lines, np.arange(3))
    assert [(each.row, each.field, each.code) for each in failures] == [
        (1, "no", "NOT_A_NUMBER"),
        (1, "gift", "NOT_A_BOOLEAN"),
        (2, "to.city", "ILLEGAL_CHARACTER"),
        (2, "qty", "NOT_A_NUMBER"),
    ]
    assert (fragment.documents.tolist(), json.loads(bytes(fragment.data))["no"]) == ([0], 1)


TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ue000\ufffe\uffff"), max_size=8)
NUMBER = st.decimals(allow_nan=False, allow_infinity=False, places=3).map(lambda value: f"{value:f}")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, st.lists(st.tuples(TEXT, NUMBER), min_size=1, max_size=3)), min_size=1, max_size=4))
def test_round_trip(tmp_path: Path, documents: list[tuple[str, list[tuple[str, str]]]]) -> None:
    numbers = [str(number) for number in range(len(documents))]
    lines = [line for _, own in documents for line in own]
    owner = np.array([number for number, (_, own) in enumerate(documents) for _ in own])
    header = {
        "no": pa.array(numbers),
        "to.city": pa.array([city for city, _ in documents]),
        "gift": pa.nulls(len(numbers), pa.string()),
    }
    columns = {"sku": pa.array([sku for sku, _ in lines]), "qty": pa.array([qty for _, qty in lines])}
    fragment, failures = WRITER.render(header, columns, owner)
    assert failures == []
    chunk, _, _ = read(made(), tmp_path, bytes(fragment.data))
    assert chunk.broken == ()
    again = [(row["no"], row["items.sku"] or "", row["items.qty"]) for row in rows([chunk])]
    assert again == [(str(document), *line) for document, line in zip(owner, lines, strict=True)]
    cities = [row["to.city"] or "" for row in rows([chunk]) if row["_record"]]
    assert cities == [city for city, _ in documents]
