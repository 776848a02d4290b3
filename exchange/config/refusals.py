"""Alone words what the YAML parser refuses, where nothing better is known than where it stopped."""

from __future__ import annotations

from ruamel.yaml.error import MarkedYAMLError

from exchange.config.slips import BACKSLASH, TAB

_QUOTES = "put quotes around a value that holds one of : { } [ ] # * & ! | > % @"
_SAID = (
    (r"character '\t'", TAB, "indent with spaces"),
    ("that cannot start any token", "a value cannot start with this character", "put quotes around the whole value"),
    (
        "mapping values are not allowed here",
        "a `:` or an indent stands where no key can be",
        "put quotes around a value that holds `: `, or align the key with the keys above it",
    ),
    ("could not find expected ':'", "a key without `:`", "write `key: value`"),
    ("unexpected end of stream", "a quote is opened and not closed", "close the quote"),
    (
        "names no anchor",
        "this repeats a value that `&` and the same name mark above it, and there is none",
        "mark that value, or put quotes around this one",
    ),
    ("expected ',' or '}'", "the `{` that is opened here is not closed, or a `,` is missing behind it", _QUOTES),
    ("expected ',' or ']'", "the `[` that is opened here is not closed, or a `,` is missing behind it", _QUOTES),
    ("escape", BACKSLASH, "write single quotes"),
    (
        "expected <block end>",
        "this does not fit what stands above it",
        f"align it with the lines above that belong with it; {_QUOTES}",
    ),
    ("expected the node content", "a value is missing before this", _QUOTES),
    ("mapping keys are not allowed here", "a value cannot begin with ?", "put quotes around it"),
    ("sequence entries are not allowed here", "a `- ` cannot stand here", "write it on a line of its own"),
    ("scanning a block scalar", "text follows the sign | or >", "put quotes around the whole value"),
    ("scanning an anchor", "a value cannot begin with &", "put quotes around the whole value"),
    ("scanning an alias", "a value cannot begin with *", "put quotes around the whole value"),
    ("tag", "a value cannot begin with !", "put quotes around the whole value"),
)
"""Part of the parser's message -> our words."""


def refusal(fault: MarkedYAMLError) -> tuple[str, str]:
    """Return what is wrong and what to write instead."""
    said = f"{fault.problem or ''} {fault.context or ''}"
    for sign, what, instead in _SAID:
        if sign in said:
            return what, instead
    return f"not valid YAML: {said.strip()}", _QUOTES
