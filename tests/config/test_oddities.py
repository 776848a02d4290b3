"""Texts that YAML takes and nobody means, and the reasons of mistakes that a text shows."""

from __future__ import annotations

import pytest

from exchange.config.oddities import Odd, odd_nothing
from exchange.config.yamltext import parse


def odd(text: str) -> Odd | None:
    """Return what is odd about the only thing that is."""
    found = parse(text.encode()).odd
    assert len(found) < 2
    return next(iter(found.values()), None)


@pytest.mark.parametrize(
    ("text", "what", "instead"),
    [
        ("{a:b, c: d}", "no blank stands behind the `:`", "write `a: b`"),
        ("{a=b, c: d}", "a `=` stands in place of `: `", "write `a: b`"),
        ("{a\uff1a b, c: d}", "\uff1a is another sign than `:`", "write `a: b`"),
        ("<<: b", "`<<` merges nothing here", "write the keys out; `*name` repeats a whole value that `&name` marks"),
        ("// a: b", "// begins no comment", "begin the comment with `# `"),
        ("a: b // c", "// begins no comment", "begin the comment with `# `"),
        ("a: [b, \u2026]", "\u2026 stands for something that is left out", "write it out, or remove it"),
        ("a: #1001", "what follows a blank and # is a comment", 'put quotes around it: "#1001"'),
        ("a: b #1", "what follows a blank and # is a comment", 'put quotes around it: "b #1"'),
        ("a: &b", "a value that begins with & marks what follows it", 'put quotes around it: "&b"'),
        (
            "- a\n - b",
            "it goes on down to line 2, since that is indented deeper",
            "align the lines, and begin each entry of a list with `- `",
        ),
        (
            "{a: b, c}",
            "the `,` ends the value of 'a'",
            'write "b, c" where it is one text, [b, c] where it is a list',
        ),
        ("{a: 1,000}", "the `,` ends the value of 'a'", "write a point before decimals, and nothing between thousands"),
        ("{a: ,}", "a `,` ends a value in { }", 'put quotes around it: ","'),
        (
            "a: b\u00a0c",
            "a no-break space (U+00A0) stands in it, which looks like a blank and is none",
            'put quotes around it: "b c"',
        ),
    ],
)
def test_reasons(text: str, what: str, instead: str) -> None:
    assert odd(text) == Odd(what, instead)


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("a: \u201cb\u201d", 'put quotes around it: "b"'),
        ("a: \u201eb\u201c", 'put quotes around it: "b"'),
        ("a: \xabb\xbb", 'put quotes around it: "b"'),
        ("a: \u2018b\u2019", 'put quotes around it: "b"'),
        ("\u201ca\u201d: b", "write `a`"),
        ("a: b\u00a0", 'put quotes around it: "b"'),
        ("\u200ba: b", "write `a`"),
        (r'a: "C:\new"', "write single quotes"),
    ],
)
def test_nobody_means_it(text: str, instead: str) -> None:
    found = odd(text)
    assert found is not None
    assert (found.instead, found.told) == (instead, True)


@pytest.mark.parametrize(
    "text",
    [
        "a: b # c",
        "a: # c\n  b: d",
        'a: "\u201cb\u201d"',
        "a: \u201cb\u201d of c",
        r'a: "C:\\new"',
        "a: http://b/c",
        '{"a:b": c}',
        "a: ''",
        "{a: b, c: }",
        "a: >-\n  b\n  c",
    ],
)
def test_what_is_meant(text: str) -> None:
    assert odd(text) is None


def test_of_what_may_be_a_secret_nothing_is_repeated() -> None:
    found = odd("{password:hunter2, c: d}")
    assert found == Odd("no blank stands behind the `:`", "correct the line", secret=True)


def test_without_a_value_before_it_no_comma_is_the_reason() -> None:
    assert odd_nothing(None, None, "a", ", b}") is None
    assert odd_nothing("a", ["b"], "c", "}") is None
