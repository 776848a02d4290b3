"""Writes results as JUnit XML, which CI servers show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, slots=True)
class Result:
    """How one case ended, as far as a report needs it."""

    file: str
    """The cases file."""
    line: int
    case: str
    seconds: float
    failures: tuple[str, ...] = ()
    """Each in words; none where the case passed."""


def junit(results: Iterable[Result]) -> str:
    """Return the report: a suite for each cases file."""
    suites: dict[str, list[Result]] = {}
    for result in results:
        suites.setdefault(result.file, []).append(result)
    inside = "".join(_suite(file, cases) for file, cases in suites.items())
    every = [result for cases in suites.values() for result in cases]
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{_numbers(every)}>\n{inside}</testsuites>\n'


def _suite(file: str, cases: list[Result]) -> str:
    inside = "".join(_case(result) for result in cases)
    return f'  <testsuite name="{_clean(file)}"{_numbers(cases)}>\n{inside}  </testsuite>\n'


def _numbers(cases: list[Result]) -> str:
    failed = sum(1 for result in cases if result.failures)
    seconds = sum(result.seconds for result in cases)
    return f' tests="{len(cases)}" failures="{failed}" errors="0" time="{seconds:.3f}"'


def _case(result: Result) -> str:
    name = result.file.removesuffix(".yaml").replace("/", ".")
    head = (
        f'    <testcase classname="{_clean(name)}" name="{_clean(result.case)}" file="{_clean(result.file)}" '
        f'line="{result.line}" time="{result.seconds:.3f}"'
    )
    if not result.failures:
        return f"{head}/>\n"
    first = result.failures[0].splitlines()[0]
    text = _clean("\n\n".join(result.failures))
    return f'{head}>\n      <failure message="{_clean(first)}">{text}</failure>\n    </testcase>\n'


def _clean(text: str) -> str:
    """Return text that XML can hold."""
    kept = (letter if letter in "\n\t" or letter >= " " else repr(letter)[1:-1] for letter in text)
    return escape("".join(kept).encode("utf-8", "backslashreplace").decode(), quote=True).replace("\ufffe", "")
