"""The words for what pydantic finds."""

from __future__ import annotations

import pytest
from pydantic import BaseModel

from exchange.config.loader import load_bytes
from exchange.config.models import Flow, Mapping, TableSchema, Workspace
from exchange.config.scalars import read_plain
from exchange.config.wording import shown

_HEAD = "reads: order\nformat: {type: csv}\nfields:\n"
_FLOW = 'flow: x\npick_up: [{from: a, mapping: m%s}]\ndeliver: [{to: a, mapping: m, name: "n"%s}]\n'


def mistakes(model: type[BaseModel], text: str) -> list[str]:
    return [str(mistake) for mistake in load_bytes(text.encode(), "f.yaml", model).mistakes]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("  x: {form: A}", "f.yaml:4:7: unknown key 'form'; did you mean 'from'?"),
        ("  x: {from: 012}", 'f.yaml:4:13: 012 is a number to YAML; put quotes around it: "012"'),
        ("  x: {from: [A, 1.10]}", 'f.yaml:4:17: 1.10 is a number to YAML; put quotes around it: "1.10"'),
        ("  x: abc", "f.yaml:4:6: 'x' cannot be 'abc'; expected keys with values"),
        ("  x: {steps: strip}", "f.yaml:4:14: 'steps' cannot be 'strip'; expected a list such as [a, b]"),
        (
            "  x: {steps: [strip, 5]}",
            "f.yaml:4:22: entry 2 of 'steps' cannot be '5'; expected a step such as `strip`, ",
        ),
        ("  x: {max_length: 0}", "f.yaml:4:19: 'max_length' is 0; write 1 or more"),
        ("  x: {max_length: 012}", "f.yaml:4:19: 'max_length' cannot be '012'; expected a whole number such as 500"),
        ("  x: {required: yes}", "f.yaml:4:17: 'required' cannot be 'yes'; expected true or false"),
        ("  x: {address: {city: {frm: A}}}", "f.yaml:4:24: unknown key 'frm'; did you mean 'from'?"),
        ("  x: {address: {city: NO}}", 'f.yaml:4:23: NO is true or false to YAML; put quotes around it: "NO"'),
        ("  x:\n  y: {}", "f.yaml:4:3: 'x' is empty; expected keys with values"),
    ],
)
def test_fields_of_a_mapping(row: str, expected: str) -> None:
    [mistake] = mistakes(Mapping, _HEAD + row + "\n")
    assert mistake.startswith(expected)


@pytest.mark.parametrize(
    ("format_", "expected"),
    [
        ("{type: csv, encodng: x}", ["f.yaml:2:21: unknown key 'encodng'; did you mean 'encoding'?"]),
        ("{type: xlm}", ["f.yaml:2:16: 'type' cannot be 'xlm'; did you mean 'xml'?"]),
        ("{}", ["f.yaml:2:9: 'format' does not say its type; write `type: ...` in 'format'"]),
        (
            "{type: xml}",
            [
                "f.yaml:2:1: write `record:` (to read such files), or `template:` and `schema:` (to write them)",
            ],
        ),
    ],
)
def test_the_format_is_judged_by_its_type(format_: str, expected: list[str]) -> None:
    assert mistakes(Mapping, f"reads: order\nformat: {format_}\nfields: {{}}\n") == expected


def test_a_rule_of_the_whole_file_keeps_its_own_words() -> None:
    [mistake] = mistakes(Mapping, "format: {type: csv}\nfields: {}\n")
    assert mistake == "f.yaml:1:1: write either `reads: <document>` (inbound) or `writes: <document>` (outbound)"


def test_values_of_a_flow() -> None:
    text = _FLOW % (", settle: soon, then: arcive", ", documents_per_file: many")
    assert mistakes(Flow, text + "guards: {max_reject_rate: 20}\n") == [
        "f.yaml:2:41: 'settle' cannot be 'soon'; expected a duration such as 10s, 5m or 2h",
        "f.yaml:2:53: 'then' cannot be 'arcive'; did you mean 'archive'?",
        "f.yaml:3:62: 'documents_per_file' cannot be 'many'; expected a whole number such as 500",
        "f.yaml:4:27: 'max_reject_rate' cannot be '20'; expected a percentage such as 20%",
    ]


def test_keys_of_a_pick_up() -> None:
    text = _FLOW % (", max_size: big, done_file: done, then: move", "")
    assert mistakes(Flow, text) == [
        "f.yaml:2:43: 'max_size' cannot be 'big'; expected a size such as 500MB or 10GB",
        "f.yaml:2:59: 'done_file' cannot be 'done'; expected a file name with {name} or {stem} such as {name}.done",
    ]
    assert mistakes(Flow, _FLOW % (", then: move", "")) == [
        "f.yaml:2:11: `then: move` and `move_to: <folder>` belong together"
    ]


def test_an_empty_list_is_said_once_and_not_of_a_list_whose_entries_are_wrong() -> None:
    assert mistakes(TableSchema, "fields: []\n") == ["f.yaml:1:9: 'fields' is empty; write at least one entry"]
    assert mistakes(TableSchema, "fields: [x]\n") == [
        "f.yaml:1:10: entry 1 of 'fields' cannot be 'x'; expected keys with values"
    ]


def test_several_mistakes_of_one_file_come_together() -> None:
    assert mistakes(Workspace, "endpoints: {a: {typ: x, path: ~}, b: {type: stfp, path: c}}\nledgr: x\n") == [
        "f.yaml:1:17: unknown key 'typ'; did you mean 'type'?",
        'f.yaml:1:31: ~ is nothing to YAML; write "" where nothing is meant, "~" where the text is',
        "f.yaml:1:45: 'type' cannot be 'stfp'; did you mean 'sftp'?",
        "f.yaml:2:1: unknown key 'ledgr'; did you mean 'ledger'?",
    ]


def test_values_are_shown_as_they_were_written() -> None:
    assert [shown(read_plain(text)) for text in ("1.10", "0.0000001", "true", "NO", "7", "x")] == [
        "1.10",
        "0.0000001",
        "true",
        "NO",
        "7",
        "x",
    ]
