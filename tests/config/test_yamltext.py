"""YAML text into data, positions and faults."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.config.scalars import Unquoted
from exchange.config.yamltext import Fault, Parsed, parse
from exchange.kernel.limits import YAML_BYTES, YAML_DEPTH


def only_fault(content: bytes) -> Fault:
    [fault] = parse(content).faults
    return fault


def test_scalars_keep_their_text_and_keys_are_text() -> None:
    parsed = parse(b'a: "012"\n1: NO\nno: 1.50\nb: |\n  x\n  y\nc: [5, true]\nd:\n')
    assert parsed.data == {
        "a": "012",
        "1": Unquoted("NO", "true or false"),
        "no": Decimal("1.50"),
        "b": "x\ny\n",
        "c": [5, True],
        "d": None,
    }
    assert parsed.faults == ()


def test_every_key_and_value_has_its_place() -> None:
    parsed = parse(b"flow: orders\npick_up:\n  - {from: shop, settle: 10s}\nempty:\n")
    assert parsed.place(("flow",)) == (1, 7)
    assert parsed.place(("flow",), key=True) == (1, 1)
    assert parsed.place(("pick_up", 0)) == (3, 5)
    assert parsed.place(("pick_up", 0, "settle")) == (3, 26)
    assert parsed.place(("pick_up", 0, "settle"), key=True) == (3, 18)
    assert parsed.place(("empty",)) == (4, 1)


def test_what_was_not_written_stands_where_its_parent_stands() -> None:
    parsed = parse(b"fields:\n  x:\n    steps: [strip]\n")
    assert parsed.place(("fields", "x", "steps", 0, "strip"), key=True) == (3, 13)
    assert parsed.place(("fields", "x", "from")) == (2, 3)
    assert parsed.place(("lines", "y")) == (1, 1)
    assert Parsed().place(("anything",)) == (1, 1)


def test_a_byte_order_mark_and_windows_lines_do_not_shift_anything() -> None:
    parsed = parse(b"\xef\xbb\xbfa: 1\r\nb: x\r\n")
    assert parsed.data == {"a": 1, "b": "x"}
    assert parsed.place(("b",)) == (2, 4)


def test_of_a_key_that_occurs_twice_the_first_value_counts_and_keeps_its_place() -> None:
    """So that what is wrong with the value is told where the value stands."""
    parsed = parse(b"a: x\nb: 1\na: y\n")
    assert parsed.data == {"a": "x", "b": 1}
    assert parsed.place(("a",)) == (1, 4)
    assert [fault.place for fault in parsed.faults] == [(3, 1)]


@pytest.mark.parametrize(
    ("content", "place", "what"),
    [
        (b"a: 1\na: 2\n", (2, 1), "key 'a' occurs twice, first in line 1"),
        (b'a: {"1": x, 1: y}\n', (1, 13), "key '1' occurs twice"),
        (b"a: *.csv\n", (1, 4), "a value cannot begin with *"),
        (b"a: &a [*a]\n", (1, 8), "this repeats a value that `&` and the same name mark above it, and there is none"),
        (b"a: !!python/object:os.system x\n", (1, 4), "tag tag:yaml.org,2002:python/object:os.system is not"),
        (b"a:\n\tb: 1\n", (2, 1), "a tab stands where YAML allows spaces only"),
        (b"a: @x\n", (1, 4), "a value cannot begin with @"),
        (b"a: b: c\n", (1, 4), "a value that holds `: ` needs quotes"),
        (b'a: "x\nb: 1\n', (1, 4), "a quote is opened and not closed"),
        (b"{name: ORD_{claim}.xml}\n", (1, 8), "a value with one of { } [ ] , in it needs quotes here"),
        (b"? [a]\n: b\n", (1, 3), "a key must be text"),
        (b"a: 1\n---\nb: 2\n", (2, 1), "a second document starts here"),
        (b"a: x\x00\n", (1, 5), "a control character that YAML does not allow"),
        (b"a: 1\nb: \xff\n", (2, 4), "byte 0xFF is not UTF-8"),
        (b"a: !x y\n", (1, 4), "a value that begins with ! names a tag"),
        (b"---\na: b\n---\nc: d\n", (3, 1), "a second document starts here"),
    ],
)
def test_faults_say_where_and_what(content: bytes, place: tuple[int, int], what: str) -> None:
    fault = only_fault(content)
    assert fault.place == place
    assert fault.what.startswith(what)
    assert fault.instead


def test_slips_are_read_past_and_places_are_those_of_what_was_written() -> None:
    parsed = parse(b"a:\n  b: 1\n   c: x\n  h: y\nd: {e: *.csv, f: 012}\n---\ng: 5\n")
    assert parsed.data == {
        "a": {"b": 1, "c": "x", "h": "y"},
        "d": {"e": "*.csv", "f": Unquoted("012", "a number")},
        "g": 5,
    }
    assert parsed.place(("a", "c"), key=True) == (3, 4)
    assert parsed.place(("d", "f")) == (5, 18)
    assert sorted(fault.place for fault in parsed.faults) == [(3, 4), (5, 8), (6, 1)]


def test_what_is_read_past_in_one_file_is_limited() -> None:
    parsed = parse("".join(f"k{number}: {{a: b\n" for number in range(50)).encode())
    assert parsed.data is None
    assert 10 < len(parsed.faults) < 20


def test_what_may_be_a_secret_is_not_repeated() -> None:
    slips = ("password:hunter2", "password hunter2", 'password: "hunter2', "password: !hunter2", "password:\nhunter2")
    for slip in slips:
        text = "endpoints:\n  a:\n    type: sftp\n" + "".join(f"    {line}\n" for line in slip.split("\n"))
        said = [f"{fault.what} {fault.instead}" for fault in parse(text.encode() + b"    host: x\n").faults]
        assert said
        assert "hunter2" not in "".join(said)


def test_an_anchor_is_followed() -> None:
    parsed = parse(b"a: &x [p, q]\nb: *x\nc: &y z\nd: *y\n")
    assert parsed.data == {"a": ["p", "q"], "b": ["p", "q"], "c": "z", "d": "z"}
    assert parsed.place(("b", 1)) == (2, 1)


def test_bombs_are_refused_before_they_are_expanded() -> None:
    rows = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    assert "more than 200000 values" in only_fault("\n".join(rows).encode()).what
    assert only_fault(b"[" * 100_000).what == f"nested deeper than {YAML_DEPTH} levels"
    assert "the limit is" in only_fault(b"#" * (YAML_BYTES + 1)).what


@settings(max_examples=200)
@given(st.text(alphabet="ab:-[]{},\"'&*!|>%@#?~ \n\t\r0\x00é", max_size=30))
def test_no_text_makes_it_raise(text: str) -> None:
    parsed = parse(text.encode())
    assert all(line >= 1 and column >= 1 for line, column in (fault.place for fault in parsed.faults))
