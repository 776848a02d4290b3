"""What counts as expected, and how each difference is told."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.cases.compare import MATCHERS, Expected, compare, everything, fits, in_words
from exchange.cases.differences import REMOVED
from exchange.cases.made import Made, MadeDocument, MadeProblem
from exchange.config.cases import Expect, ExpectedDocument, ExpectedProblem, Matcher

AT = ("cases", 0)
DAY = MadeDocument({"number": "1", "total": "12.50", "note": ""}, ({"sku": "A", "quantity": "2"},))


def said(expect: Expect | None, made: Made) -> list[tuple[str, str | None, str | None]]:
    """Return what differs, what was expected and what came."""
    return [(found.what, found.expected, found.got) for found in compare(expect, made, AT)]


@pytest.mark.parametrize(
    ("expected", "got", "kind", "same"),
    [
        ("A", "A", "text", True),
        ("A", "a", "text", False),
        ("12.5", "12.50", "text", False),
        ("12.5", "12.50", "decimal", True),
        ("12.5", "12.51", "decimal", False),
        ("2", "2", "integer", True),
        ("two", "2", "integer", False),
        ("", "0", "decimal", False),
        ("2026-03-02T09:15:00+01:00", "2026-03-02T08:15:00Z", "datetime", True),
        ("2026-03-02T09:15:00", "2026-03-02T09:15:00Z", "datetime", False),
        ("soon", "2026-03-02T09:15:00Z", "datetime", False),
        (Matcher(any=True), "A", "text", True),
        (Matcher(any=True), "", "text", False),
        (Matcher(absent=True), "", "text", True),
        (Matcher(absent=True), "A", "text", False),
        (Matcher(regex="[0-9]+"), "12", "text", True),
        (Matcher(regex="[0-9]+"), "12a", "text", False),
        (Matcher(contains="ift"), "Gift", "text", True),
        (Matcher(contains="ift"), "Gof", "text", False),
    ],
)
def test_fits(expected: Expected, got: str, kind: str, *, same: bool) -> None:
    assert fits(expected, got, kind) is same


@given(st.text(), st.text(), st.sampled_from(["text", "integer", "decimal", "datetime"]))
def test_a_text_is_itself_and_text_is_nothing_else(one: str, other: str, kind: str) -> None:
    assert fits(one, one, kind)
    assert fits(one, other, "text") == (one == other)


def test_every_matcher_is_declared_once_and_has_words() -> None:
    assert set(MATCHERS) == set(Matcher.model_fields)
    for one in (Matcher(any=True), Matcher(regex="x"), Matcher(contains="x")):
        assert in_words(one)
    assert in_words(Matcher(absent=True)) == "", "told as a blank"


def test_fields_that_are_not_named_are_not_compared() -> None:
    expect = Expect(documents=(ExpectedDocument(fields={"number": "1"}),))
    assert said(expect, Made((DAY,))) == []


def test_each_field_is_told_by_its_place() -> None:
    lines: tuple[dict[str, Expected], ...] = ({"sku": "B"},)
    expect = Expect(documents=(ExpectedDocument(fields={"number": "2", "note": Matcher(any=True)}, lines=lines),))

    assert said(expect, Made((DAY,))) == [
        ("documents[1].number", "2", "1"),
        ("documents[1].note", "anything but a blank", ""),
        ("documents[1].lines[1].sku", "B", "A"),
    ]
    paths = [found.path for found in compare(expect, Made((DAY,)), AT)]
    assert paths[2] == ("cases", 0, "expect", "documents", 0, "lines", 0, "sku")


def test_documents_and_lines_are_compared_all() -> None:
    missing = Expect(documents=(ExpectedDocument(fields={"number": "1"}), ExpectedDocument(fields={"number": "2"})))
    [found] = compare(missing, Made((DAY,)), AT)
    assert (found.what, found.got) == ("documents[2]", None)
    assert found.update == ((("cases", 0, "expect", "documents", 1), REMOVED),)

    [found] = compare(Expect(documents=()), Made((DAY,)), AT)
    assert (found.what, found.expected) == ("documents[1]", None)

    [found] = compare(Expect(documents=(ExpectedDocument(lines=({}, {})),)), Made((DAY,)), AT)
    assert found.what == "documents[1].lines[2]"


def test_what_is_added_has_the_fields_of_the_others() -> None:
    expect = Expect(rows=({"sku": "A"},))
    [found] = compare(expect, Made(rows=({"sku": "A", "n": "1"}, {"sku": "B", "n": "2"})), AT)
    assert found.update == ((("cases", 0, "expect", "rows", 1), {"sku": "B"}),)


PROBLEM = MadeProblem("NOT_A_DATE", "Created at", 2, None, "soon", "is not a date")


@pytest.mark.parametrize(
    "wanted",
    [
        ExpectedProblem(code="NOT_A_DATE"),
        ExpectedProblem(code="NOT_A_DATE", field="Created at", row=2, value="soon"),
        ExpectedProblem(code="NOT_A_DATE", value=Matcher(contains="oo")),
    ],
)
def test_a_problem_is_met_by_what_is_said_of_it(wanted: ExpectedProblem) -> None:
    assert said(Expect(problems=(wanted,)), Made(problems=(PROBLEM,))) == []


@pytest.mark.parametrize(
    "wanted",
    [
        ExpectedProblem(code="NOT_A_NUMBER"),
        ExpectedProblem(code="NOT_A_DATE", field="Paid at"),
        ExpectedProblem(code="NOT_A_DATE", row=1),
        ExpectedProblem(code="NOT_A_DATE", line=2),
        ExpectedProblem(code="NOT_A_DATE", value="later"),
    ],
)
def test_a_problem_that_is_another_fails_on_both_sides(wanted: ExpectedProblem) -> None:
    found = compare(Expect(problems=(wanted,)), Made(problems=(PROBLEM,)), AT)
    assert [each.what for each in found] == ["problems[1]", "problems"]
    assert found[0].update == found[1].update


def test_a_problem_that_is_not_listed_fails_the_case() -> None:
    [(what, expected, got)] = said(Expect(problems=()), Made(problems=(PROBLEM,)))
    assert (what, expected) == ("problems", None)
    assert got == "NOT_A_DATE of Created at (row 2): is not a date"


def test_the_same_problem_twice_is_listed_twice() -> None:
    once = Expect(problems=(ExpectedProblem(code="NOT_A_DATE"),))
    assert len(said(once, Made(problems=(PROBLEM, PROBLEM)))) == 1


def test_text_is_compared_but_for_the_last_line_end() -> None:
    assert said(Expect(text="<a/>"), Made(content=b"<a/>\n")) == []
    assert said(Expect(text="<a/>"), Made(content=b"<b/>\n")) == [("text", "<a/>", "<b/>\n")]
    assert said(Expect(text="<a/>"), Made()) == [("text", "<a/>", None)]


def test_nothing_expected_yet_offers_everything() -> None:
    [found] = compare(None, Made((DAY,), problems=(PROBLEM,)), AT)
    assert found.update == (
        (
            ("cases", 0, "expect"),
            {
                "documents": [{"fields": {"number": "1", "total": "12.50"}, "lines": [{"sku": "A", "quantity": "2"}]}],
                "problems": [{"code": "NOT_A_DATE", "field": "Created at", "row": 2}],
            },
        ),
    )


def test_what_everything_offers_is_met_by_what_came() -> None:
    made = Made((DAY,), problems=(PROBLEM,))
    assert said(Expect.model_validate(everything(made)), made) == []


def test_an_expectation_that_says_nothing_is_not_met() -> None:
    made = Made(documents=(DAY,))
    assert [what for what, _, _ in said(Expect(), made)] == ["expect says nothing; `--update` writes what came"]
    assert said(Expect(problems=()), made) == [], "no problems is something"
