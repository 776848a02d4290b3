"""The cause of a text that is no YAML: the slip without which it can be read."""

from __future__ import annotations

import time

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StringMark

from exchange.config.recovering import cause, mended, original_places, place_of
from exchange.config.slips import Slip


def fault_of(text: str) -> MarkedYAMLError:
    try:
        list(YAML(typ="safe", pure=True).parse(text))
    except MarkedYAMLError as fault:
        return fault
    raise AssertionError(text)


def cause_of(text: str) -> Slip | None:
    return cause(text, fault_of(text), {})


def test_the_cause_can_stand_above_where_the_parser_stops() -> None:
    text = 'a: "*.csv\nb: c\nd: "e"\nf: g\n'
    slip = cause_of(text)
    assert slip is not None
    assert (slip.line, slip.column, slip.what) == (0, 3, "a quote is opened and not closed")
    assert fault_of(text).problem_mark.line == 2
    assert mended(text, slip) == 'a: "*.csv"\nb: c\nd: "e"\nf: g\n'


def test_of_two_slips_the_first_is_told_first() -> None:
    text = "a: b: c\nd: e\nf: *\n"
    slip = cause_of(text)
    assert slip is not None
    assert mended(text, slip) == 'a: "b: c"\nd: e\nf: *\n'


def test_an_alias_before_its_anchor_is_no_text_without_quotes() -> None:
    text = "a: *b\nc: &b d\n"
    mark = StringMark("", 3, 0, 3, None, 0)
    assert cause(text, MarkedYAMLError(problem="`*b` names no anchor", problem_mark=mark), {}) is None
    assert cause("a: *b\nc: d\n", MarkedYAMLError(problem="`*b` names no anchor", problem_mark=mark), {}) is not None


def test_what_is_too_long_is_not_looked_into() -> None:
    assert cause_of("a: b: c\n" + "# ...\n" * 20_000) is None


def test_a_long_list_is_not_read_again_for_every_trial() -> None:
    rows = [f"  - {{name: n{number}, type: text, example: x}}" for number in range(600)]
    text = "\n".join(["fields:", *rows[:500], "   - {name: y}", *rows[500:]]) + "\n"
    read = dict.fromkeys(range(1, 501), 0)
    began = time.process_time()
    slip = cause(text, fault_of(text), read)
    assert slip is not None
    assert slip.lines == {501: "  - {name: y}"}
    assert time.process_time() - began < 5


def test_where_a_text_ends_too_early_the_place_is_what_is_not_ended() -> None:
    assert place_of(fault_of("a: b\nc: 'd\ne: f\n")) == (1, 3)
    assert place_of(fault_of("a: b\nc: {d: [e\n")) == (1, 7)


def test_places_are_those_of_what_was_written() -> None:
    original = original_places("a:b, c\nd: *e, f\n", 'a: b, c\nd: "*e", f\n')
    assert [original(place) for place in ((1, 1), (1, 4), (1, 7), (2, 4), (2, 10), (3, 1))] == [
        (1, 1),
        (1, 3),
        (1, 6),
        (2, 4),
        (2, 8),
        (3, 1),
    ]
