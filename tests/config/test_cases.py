"""Cases files that are wrong: ten typical mistakes and more, each with its message at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from exchange.config.cases import Cases, FlowCases, flow_case_files, mapping_case_files, subject_of
from exchange.config.loader import load_bytes
from exchange.config.workspace import mapping_names, read_flows

TOP = Path(__file__).parents[2]
GOOD = """\
cases:
  - case: one
    given: {rows: [{Name: "#1"}]}
    expect: {documents: [{fields: {total: 1}}]}
"""
ONE_OF = "write exactly one of {any: true}, {absent: true}, {regex: ...}, {contains: ...}"
MISTAKES = [
    ("{total: 1}", "{total: {regx: 1}}", "4:44: unknown key 'regx'; did you mean 'regex'?"),
    ("{total: 1}", "{total: {equals: 1}}", "4:44: unknown key 'equals'; known: absent, any, contains, regex"),
    ("{total: 1}", "{total: {any: true, absent: true}}", f"4:43: {ONE_OF}"),
    ("{total: 1}", '{total: {regex: "("}}', "4:51: 'regex' cannot be '('; expected a regular expression: missing ),"),
    ("{total: 1}", "{total: 0012}", '4:43: 0012 is a number to YAML; put quotes around it: "0012"'),
    ("{total: 1}", "{total: NO}", '4:43: NO is true or false to YAML; put quotes around it: "NO"'),
    ("{total: 1}", "{total: 2026-03-02}", "4:43: 2026-03-02 is a date to YAML; put quotes around it"),
    ("{total: 1}", "{total: }", "4:36: 'total': nothing is written here; write the text, or \"\" where none is meant"),
    ("{total: 1}", "{total: [1]}", "4:43: 'total': expected text, not a list; write text"),
    ("{total: 1}", "{total: 1, total: 2}", "4:46: key 'total' occurs twice, first in line 4; remove one of them"),
    ("given", "gven", "3:5: unknown key 'gven'; did you mean 'given'?"),
    ("case: one\n    ", "", "2:5: key 'case' is missing; write `case: ...`"),
    ('rows: [{Name: "#1"}]', "rows: []", "3:12: write one of `rows:`, `documents:` and `file:` below `given`"),
    ('{rows: [{Name: "#1"}]}', "{file: /etc/passwd}", "3:19: 'file' cannot be '/etc/passwd'; expected a path below"),
    ('{rows: [{Name: "#1"}]}', "{file: a/../../b}", "3:19: 'file' cannot be 'a/../../b'; expected a path below"),
    ('{rows: [{Name: "#1"}]}', "{file: data/inbox/x}", "3:19: 'file' cannot be 'data/inbox/x'; expected a path below"),
    ("{fields: {total: 1}}", "{feilds: {total: 1}}", "4:27: unknown key 'feilds'; did you mean 'fields'?"),
    ("documents: [{fields: {total: 1}}]", "problems: [{cod: A}]", "4:26: unknown key 'cod'; did you mean 'code'?"),
    ("documents: [{fields: {total: 1}}]", "problems: [{code: A, row: 0}]", "4:40: 'row' is 0; write 1 or more"),
    ("  - case", "\t- case", "2:1: a tab stands where YAML allows spaces only; indent with spaces"),
]


@pytest.mark.parametrize(("old", "new", "told"), MISTAKES, ids=[new or told for _, new, told in MISTAKES])
def test_mistakes_in_cases_of_a_mapping(old: str, new: str, told: str) -> None:
    assert old in GOOD
    loaded = load_bytes(GOOD.replace(old, new, 1).encode(), "m_test.yaml", Cases)

    assert str(loaded.mistakes[0]).startswith(f"m_test.yaml:{told}")
    assert len(loaded.mistakes) == 1, loaded.mistakes


FLOW = """\
cases:
  - case: one
    at: "2026-03-05T09:00:00+01:00"
    files: samples/a.csv
    expected: samples/expected
"""
AT = 'expected a moment with its zone such as "2026-03-05T09:00:00Z"'
FLOW_MISTAKES = [
    ('"2026-03-05T09:00:00+01:00"', '"2026-03-05T09:00:00"', f"3:9: 'at' cannot be '2026-03-05T09:00:00'; {AT}"),
    ('"2026-03-05T09:00:00+01:00"', "soon", f"3:9: 'at' cannot be 'soon'; {AT}"),
    ('"2026-03-05T09:00:00+01:00"', "2026-03-05", f"3:9: 'at' cannot be '2026-03-05'; {AT}"),
    ("    at: ", "    att: ", "3:5: unknown key 'att'; did you mean 'at'?"),
    ("samples/a.csv", "[]", "4:12: 'files' is empty; write at least one entry"),
    ("samples/a.csv", "/tmp/a.csv", "4:12: 'files' cannot be '/tmp/a.csv'; expected a path below the workspace"),
    ("samples/expected", "../expected", "5:15: 'expected' cannot be '../expected'; expected a path below"),
    ("samples/expected", "data/x", "5:15: 'expected' cannot be 'data/x'; expected a path below the workspace"),
    ("samples/expected", '""', "5:15: 'expected' cannot be ''; expected a path below the workspace"),
    ("    expected: samples/expected\n", "", "2:5: key 'expected' is missing; write `expected: ...`"),
]


@pytest.mark.parametrize(("old", "new", "told"), FLOW_MISTAKES, ids=[new or told for _, new, told in FLOW_MISTAKES])
def test_mistakes_in_cases_of_a_flow(old: str, new: str, told: str) -> None:
    assert old in FLOW
    loaded = load_bytes(FLOW.replace(old, new, 1).encode(), "f_test.yaml", FlowCases)

    assert [mistake for mistake in loaded.mistakes if str(mistake).startswith(f"f_test.yaml:{told}")], loaded.mistakes


def test_numbers_and_flags_without_quotes_keep_their_text() -> None:
    text = "cases:\n- case: a\n  given: {rows: [{a: 1.10, b: -2, c: true, d: 1001}]}\n"
    cases = load_bytes(text.encode(), "m_test.yaml", Cases).required()
    assert cases.cases[0].given.rows == ({"a": "1.10", "b": "-2", "c": "true", "d": "1001"},)


def test_moments_are_utc() -> None:
    case = load_bytes(FLOW.encode(), "f_test.yaml", FlowCases).required().cases[0]
    assert case.at.isoformat() == "2026-03-05T08:00:00+00:00"


def test_cases_files_are_found_and_are_neither_mappings_nor_flows(tmp_path: Path) -> None:
    for name in ("shop/orders", "shop/orders_test", "a/b/c_test", "flows/day", "flows/day_test", "schemas/x_test"):
        path = tmp_path / f"mappings/{name}.yaml"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x: y")

    assert mapping_case_files(tmp_path) == ["mappings/a/b/c_test.yaml", "mappings/shop/orders_test.yaml"]
    assert flow_case_files(tmp_path) == ["mappings/flows/day_test.yaml"]
    assert mapping_names(tmp_path) == ["shop/orders"]
    assert [flow.file for flow in read_flows(tmp_path)] == ["mappings/flows/day.yaml"]
    assert subject_of("mappings/flows/day_test.yaml") == "mappings/flows/day.yaml"
