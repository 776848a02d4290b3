"""The words for what the parser refuses."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

from exchange.config.refusals import refusal


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a: {b: [c\n", "the `[` that is opened here is not closed"),
        ("a: {b: c]\n", "the `{` that is opened here is not closed"),
        ("a:\n  b: c\n d: e\n", "this does not fit what stands above it"),
        ("a: b: c\n", "a `:` or an indent stands where no key can be"),
        ("a: - b\n", "a `- ` cannot stand here"),
        ("a: > b\n", "text follows the sign | or >"),
        ("a: & b\n", "a value cannot begin with &"),
        ("a: * b\n", "a value cannot begin with *"),
        (r'a: "\d"', r"a `\` in double quotes makes another sign of the letter behind it"),
        ("%YAML 1.2\n%YAML 1.2\n---\na: b\n", "not valid YAML: found duplicate YAML directive"),
    ],
)
def test_no_word_of_the_parser(text: str, what: str) -> None:
    with pytest.raises(MarkedYAMLError) as fault:
        list(YAML(typ="safe", pure=True).parse(text))
    said, instead = refusal(fault.value)
    assert said.startswith(what)
    assert instead
