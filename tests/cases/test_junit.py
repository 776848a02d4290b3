"""The report for build servers is XML whatever the cases hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from exchange.cases.junit import Result, junit


def test_a_suite_for_each_file() -> None:
    results = [
        Result("mappings/a_test.yaml", 3, "one", 0.5),
        Result("mappings/b_test.yaml", 4, "two", 0.25, ("b:1:2: total\nexpected 3", "more")),
        Result("mappings/a_test.yaml", 9, "three", 0.25),
    ]
    report = etree.fromstring(junit(results).encode())

    assert (report.get("tests"), report.get("failures"), report.get("time")) == ("3", "1", "1.000")
    assert [(suite.get("name"), suite.get("tests")) for suite in report] == [
        ("mappings/a_test.yaml", "2"),
        ("mappings/b_test.yaml", "1"),
    ]
    [failure] = report.iter("failure")
    assert failure.get("message") == "b:1:2: total"
    assert failure.text == "b:1:2: total\nexpected 3\n\nmore"
    assert (report[1][0].get("classname"), report[1][0].get("line")) == ("mappings.b_test", "4")


@given(st.text(), st.text())
def test_any_text_is_well_formed(name: str, failure: str) -> None:
    report = etree.fromstring(junit([Result("f", 1, name, 0, (failure + "x",))]).encode())
    assert report[0][0][0].tag == "failure"
