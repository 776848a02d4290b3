"""Compares what a case expects with what came, field by field."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from itertools import zip_longest

from exchange.cases.differences import REMOVED, Difference, Path
from exchange.cases.made import Cells, Made, MadeDocument, MadeProblem
from exchange.cases.rewrite import rewritten
from exchange.config.cases import Expect, ExpectedDocument, ExpectedProblem, Matcher

Expected = str | Matcher
MATCHERS: dict[str, Callable[[Matcher, str], bool]] = {
    "any": lambda _, got: got != "",
    "absent": lambda _, got: got == "",
    "regex": lambda matcher, got: re.fullmatch(matcher.regex, got) is not None,
    "contains": lambda matcher, got: matcher.contains in got,
}
"""Key of a matcher -> whether a text is so; `config.cases.Matcher` has the same keys."""


def compare(expect: Expect | None, made: Made, at: Path) -> list[Difference]:
    """Return every difference; `at` is where the case stands in its file."""
    if expect is None or not expect.model_fields_set:
        came = everything(made)
        what = "expect says nothing; `--update` writes what came"
        return [Difference(at, what, None, rewritten("expect:\n", [(("expect",), came)]), (((*at, "expect"), came),))]
    place = (*at, "expect")
    found = list(_problems(expect.problems, made.problems, (*place, "problems")))
    if expect.documents is not None:
        found += _documents(expect.documents, made, (*place, "documents"))
    if expect.rows is not None:
        found += _all_cells(expect.rows, made.rows, {}, ((*place, "rows"), "rows"))
    if expect.text is not None:
        found += _text(expect.text, made.content, (*place, "text"))
    return found


def fits(expected: Expected, got: str, kind: str = "text") -> bool:
    """Tell whether a value is as expected: numbers and moments by their value, everything else by its text."""
    if isinstance(expected, Matcher):
        return all(MATCHERS[name](expected, got) for name in Matcher.model_fields if getattr(expected, name))
    if expected == got:
        return True
    if not expected or not got:
        return False
    return _same_value(expected, got, kind)


def _same_value(expected: str, got: str, kind: str) -> bool:
    try:
        if kind in {"decimal", "integer"}:
            return Decimal(expected) == Decimal(got)
        if kind == "datetime":
            return datetime.fromisoformat(expected) == datetime.fromisoformat(got)
    except (InvalidOperation, ValueError, TypeError):
        return False
    return False


def in_words(expected: Expected) -> str:
    """Return what is expected, for people."""
    if not isinstance(expected, Matcher):
        return expected
    told = {
        "any": "anything but a blank",
        "absent": "",
        "regex": f"text that fits {expected.regex}",
        "contains": f"text that contains {expected.contains!r}",
    }
    return told[next(name for name in Matcher.model_fields if getattr(expected, name))]


def everything(made: Made) -> dict[str, object]:
    """Return all that came as it is written below `expect:`."""
    found: dict[str, object] = {"documents": [_written(document) for document in made.documents]}
    if made.problems:
        found["problems"] = [written_problem(problem) for problem in made.problems]
    return found


def filled(cells: Cells) -> dict[str, str]:
    """Return the cells that are not blank."""
    return {name: text for name, text in cells.items() if text}


def _written(document: MadeDocument) -> dict[str, object]:
    lines = [filled(line) for line in document.lines]
    return {"fields": filled(document.fields), **({"lines": lines} if any(lines) else {})}


def written_problem(problem: MadeProblem) -> dict[str, object]:
    """Return a problem as it is written below `problems:`."""
    found: dict[str, object] = {"code": problem.code}
    if problem.field:
        found["field"] = problem.field
    if problem.row or problem.line:
        found["row" if problem.row else "line"] = problem.row or problem.line
    return found


def _documents(expected: Sequence[ExpectedDocument], made: Made, at: Path) -> Iterator[Difference]:
    for number, (wanted, came) in enumerate(zip_longest(expected, made.documents)):
        place, name = (*at, number), f"documents[{number + 1}]"
        if wanted is None or came is None:
            like = expected[0].fields if expected else {}
            yield _one_side(place, name, came and _short(came, like))
            continue
        yield from _cells(wanted.fields, came.fields, made.kinds, ((*place, "fields"), name))
        if wanted.lines is not None:
            kinds = {name.removeprefix("lines."): kind for name, kind in made.kinds.items() if name[:6] == "lines."}
            yield from _all_cells(wanted.lines, came.lines, kinds, ((*place, "lines"), f"{name}.lines"))


def _short(came: MadeDocument, like: Mapping[str, Expected]) -> object:
    """Return a document as it is added to the others: with the fields that they name."""
    fields = {name: text for name, text in came.fields.items() if not like or name in like}
    return _written(MadeDocument(fields, came.lines))


def _all_cells(
    expected: Sequence[Mapping[str, Expected]], came: Sequence[Cells], kinds: Mapping[str, str], at: tuple[Path, str]
) -> Iterator[Difference]:
    path, name = at
    for number, (wanted, got) in enumerate(zip_longest(expected, came)):
        place, called = (*path, number), f"{name}[{number + 1}]"
        if wanted is None or got is None:
            known = set(expected[0]) if expected else set()
            new = None if got is None else {k: v for k, v in filled(got).items() if not known or k in known}
            yield _one_side(place, called, new)
            continue
        yield from _cells(wanted, got, kinds, (place, called))


def _one_side(place: Path, name: str, new: object) -> Difference:
    """Return the difference of an entry that only one side has; `new` is None where nothing came."""
    if new is None:
        return Difference(place, name, "one more", None, ((place, REMOVED),))
    return Difference(place[:-1], name, None, str(new), ((place, new),))


def _cells(
    expected: Mapping[str, Expected], came: Cells, kinds: Mapping[str, str], at: tuple[Path, str]
) -> Iterator[Difference]:
    path, name = at
    for field, wanted in expected.items():
        got = came.get(field, "")
        if not fits(wanted, got, kinds.get(field, "text")):
            place = (*path, field)
            yield Difference(place, f"{name}.{field}", in_words(wanted), got, ((place, got),))


def _text(expected: str, content: bytes | None, at: Path) -> Iterator[Difference]:
    got = None if content is None else content.decode("utf-8", "backslashreplace")
    if got is None or got.rstrip("\r\n") != expected.rstrip("\r\n"):
        yield Difference(at, "text", expected, got, ((at, got or ""),))


# --- problems -----------------------------------------------------------------------------------------------------
def _problems(expected: Sequence[ExpectedProblem], came: Sequence[MadeProblem], at: Path) -> Iterator[Difference]:
    left = list(came)
    unmet: list[int] = []
    for number, wanted in enumerate(expected):
        met = next((problem for problem in left if _is(wanted, problem)), None)
        if met is None:
            unmet.append(number)
        else:
            left.remove(met)
    new = [written_problem(problem) for problem in came]
    update: tuple[tuple[Path, object], ...] = ((at, new if new else REMOVED),)
    for number in unmet:
        yield Difference((*at, number), f"problems[{number + 1}]", _told(expected[number]), None, update)
    for problem in left:
        yield Difference(at, "problems", None, str(problem), update)


def _is(wanted: ExpectedProblem, came: MadeProblem) -> bool:
    return (
        wanted.code == came.code
        and wanted.field in {"", came.field}
        and wanted.row in {None, came.row}
        and wanted.line in {None, came.line}
        and (wanted.value == "" or fits(wanted.value, came.value))
    )


def _told(wanted: ExpectedProblem) -> str:
    place = f"row {wanted.row}" if wanted.row else f"line {wanted.line}" if wanted.line else ""
    return " ".join(part for part in (wanted.code, wanted.field and f"of {wanted.field}", place) if part)
