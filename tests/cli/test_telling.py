"""How the way of a field reads, on a terminal and elsewhere."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace

import pytest

from exchange.assemble.explain_shown import Shown, Source, Step, TableLine
from exchange.cli.telling import TITLES, as_json, print_fields, print_rows, problem_text, rows_of, text_of, yaml_of
from exchange.kernel.problems import Problem

LOOK = TableLine("items", "mappings/tables/items.csv", 7, {"sku": "A"}, "item", "100")
STEPS = (
    Step("strip", None, "m.yaml:3", {}, ("A",), (), ""),
    Step("lookup", {"table": "items", "key": ["sku"], "keep": True}, "m.yaml:3", {"unit": None}, ("100",), (LOOK,), ""),
)
CELL = Source("SKU", " A ", "in/day.csv", 4, 2)
INNER = Shown("shop/in", "lines", 1, "item_number", "m.yaml:3", 4, (CELL,), STEPS, "100", ())
PROBLEM = Problem("TOO_LONG", 4, 1, "SKU", "100", {"length": 3, "limit": 2, "target": "erp"})
OUTER = Shown(
    "erp/out", "lines", 1, "Item", "o.yaml:9", 4, (Source("item_number", "100", came=INNER),), (), None, (PROBLEM,)
)


def test_from_cell_to_result_with_what_the_product_did() -> None:
    rows = list(rows_of(OUTER))

    assert rows[:4] == [
        ("Item", "SKU", '" A "', "day.csv:4, column 2"),
        ("", "strip", '"A"', ""),
        (
            "",
            'lookup: {table: "items", key: ["sku"], keep: true}',
            '"100"',
            "unit (blank); mappings/tables/items.csv:7: sku A, item 100",
        ),
        ("", "= item_number", '"100"', "m.yaml:3"),
    ]
    assert rows[4] == ("", "= Item", "(blank)", "o.yaml:9")
    assert rows[5][:2] == ("", "! TOO_LONG")
    assert rows[5][3] == problem_text(PROBLEM)
    noted = replace(OUTER, sources=(replace(OUTER.sources[0], note="by the rules"),))
    assert ("", "item_number", '"100"', "by the rules") in list(rows_of(noted))


def test_a_step_that_fails_shows_its_code() -> None:
    failed = replace(INNER, steps=(replace(STEPS[0], code="NOT_A_DATE", values=(None,)),), value=None)

    assert list(rows_of(failed))[1][1:3] == ("strip", "NOT_A_DATE")


@pytest.mark.parametrize(
    ("value", "shown"),
    [(None, "(blank)"), ("", '""'), (" a ", '" a "'), ('5"', '"5\\""'), ("a\nb", '"a\\nb"'), ("Ü", '"Ü"')],
)
def test_a_value_shows_what_cannot_be_seen(value: str | None, shown: str) -> None:
    assert text_of(value) == shown


def test_parameters_read_as_yaml() -> None:
    assert yaml_of({"a": ["x", 1], "b": {"c": False}}) == '{a: ["x", 1], b: {c: false}}'


def test_columns_are_aligned_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    print_rows([("field", "s", '"v"', "here"), ("", "longer", "(blank)", "")])

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == list(TITLES)
    assert lines[1].index('"v"') == lines[2].index("(blank)")
    assert all(line == line.rstrip() for line in lines)


def test_on_a_terminal_it_is_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    screen = Terminal()
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stdout", screen)

    print_fields([OUTER, replace(OUTER, block="fields", row=2, field="Other[bold]")])

    assert "line 1, from line 4 of the file:" in screen.getvalue()
    assert "document, part 2, from line 4 of the file:" in screen.getvalue()
    assert "Other[bold]" in screen.getvalue(), "text is no markup"
    assert "= item_number" in screen.getvalue()


def test_as_json_nests_what_came_before() -> None:
    made = as_json(OUTER)

    [source] = json.loads(json.dumps(made))["sources"]
    assert source["from"]["steps"][1]["tables"] == [
        {"file": "mappings/tables/items.csv", "line": 7, "wanted": {"sku": "A"}, "column": "item", "found": "100"}
    ]
    assert made["value"] is None
