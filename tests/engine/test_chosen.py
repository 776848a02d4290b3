"""What a delivery takes by its `only:`, and what all of them leave."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.engine.chosen import GOES_TO, chosen, goes_to, had, unclaimed
from exchange.engine.facts import OUT
from exchange.engine.handed import hand_over, selectable, selected
from exchange.engine.prepared import Prepared
from exchange.kernel.pipeline import Machine, Target, machine_of
from exchange.rules.split import keys
from tests.engine.desk import Desk, export, order

PLACES = ("HAM", "LYO", "PAR")
LINES = st.lists(
    st.lists(
        st.tuples(st.sampled_from(PLACES), st.sampled_from(["a", "b"]), st.integers(1, 9)), min_size=1, max_size=6
    ),
    min_size=1,
    max_size=5,
)


def test_values_of_all_fields_have_to_fit_and_a_blank_never_does() -> None:
    table = pa.table({"warehouse": ["HAM", "LYO", None, "HAM"], "item_class": ["a", "a", "a", None]})
    assert chosen(table, {"warehouse": ("HAM", "PAR")}).tolist() == [True, False, False, True]
    assert chosen(table, {"warehouse": ("HAM",), "item_class": ("a",)}).tolist() == [True, False, False, False]
    assert chosen(table, {"sku": ("x",)}).tolist() == [False] * 4
    assert chosen(table, {}).all()


def test_what_a_target_had_is_remembered(desk: Desk) -> None:
    target = machine_of(desk.plan).targets[0]
    column = goes_to({target.name: np.array([True, False, False]), "x": np.array([True, True, False])})
    lines = pa.table({GOES_TO: pa.concat_arrays([column, pa.array([None], pa.string())])})
    assert had(lines, target).tolist() == [True, False, False, True]
    assert had(pa.table({"a": [1, 2]}), target).all()


def prepared(desk: Desk, orders: list[list[tuple[str, str, int]]]) -> Prepared:
    """Return good orders, with other lines."""
    made = desk.prepared(export(*(order(number) for number in range(1, len(orders) + 1))))
    rows = [(document, *line) for document, lines in enumerate(orders) for line in lines]
    lines = made.lines.take(pa.array([document for document, *_ in rows]))
    for name, place in (("warehouse", 1), ("item_class", 2)):
        values = pa.array([row[place] for row in rows], pa.string())
        there = name in lines.column_names
        lines = (
            lines.set_column(lines.column_names.index(name), name, values)
            if there
            else lines.append_column(name, values)
        )
    quantity = pa.array([row[3] for row in rows], made.lines.column("quantity").type)
    lines = lines.set_column(lines.column_names.index("quantity"), "quantity", quantity)
    return replace(made, lines=lines)


def machine(desk: Desk, choices: list[set[str]]) -> tuple[Machine, list[Target]]:
    """Return a machine that splits by warehouse and class, with a delivery of parts for each set of warehouses."""
    plain = machine_of(desk.plan)
    wms = replace(plain.targets[0], line_inputs=("quantity",))
    targets = [replace(wms, name=f"t{n}", only_lines={"warehouse": tuple(names)}) for n, names in enumerate(choices)]
    fields = ("warehouse", "item_class")
    made = replace(plain, split=lambda lines, rows: keys(lines, rows, fields), split_columns=fields)
    return replace(made, targets=tuple(targets)), targets


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders=LINES, choices=st.lists(st.sets(st.sampled_from(PLACES), min_size=1), min_size=1, max_size=3))
def test_each_line_is_in_one_part_and_goes_to_all_who_take_it(
    desk: Desk, orders: list[list[tuple[str, str, int]]], choices: list[set[str]]
) -> None:
    documents = prepared(desk, orders)
    whole, targets = machine(desk, choices)
    out = np.full(len(orders), OUT)
    part_of: dict[tuple[int, str, str], int] = {}
    for target, takes in zip(targets, choices, strict=True):
        made = hand_over(documents, out, whole, target, "shopify")
        wanted = [(n, *line) for n, lines in enumerate(orders) for line in lines if line[0] in takes]
        assert sum(made.lines["quantity"].to_pylist()) == sum(row[3] for row in wanted)
        assert len(made.source) == len(wanted)
        numbers, most = made.header["part"].to_pylist(), made.header["parts"].to_pylist()
        for place, row in zip(made.owner.tolist(), made.source.tolist(), strict=True):
            line = documents.lines.slice(row, 1).to_pylist()[0]
            key = (int(made.document[place]), line["warehouse"], line["item_class"])
            assert part_of.setdefault(key, numbers[place]) == numbers[place]
        reached = set().union(*choices)
        for place, document in enumerate(made.document.tolist()):
            assert most[place] == len({line[:2] for line in orders[document] if line[0] in reached})
    lines = [each(documents, out, target)[1] for target in targets for each in (selectable, selected)]
    left = {document for document, _ in unclaimed(documents, list(zip(lines[::2], lines[1::2], strict=True)))}
    reached = set().union(*choices)
    assert left == {n for n, rows in enumerate(orders) if any(line[0] not in reached for line in rows)}
