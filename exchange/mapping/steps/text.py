"""Steps on text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import reduce
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import cells_of
from exchange.mapping.kinds import ARROW, blank_to_null, mask_of
from exchange.mapping.render import as_text
from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Outcome,
    Parameter,
    Refused,
    StepSpec,
    Wrong,
)

Kernel = Callable[[pa.Array], pa.Array]
Build = Callable[[Mapping[str, Any], Context], Built]
_WIDEST = 10_000
"""Characters that a text may be filled up to; every row has as many then."""


def _plain(kernel: Kernel) -> Build:
    """Return the build function of a step without parameters that cannot fail."""

    def build(_arguments: Mapping[str, Any], _context: Context) -> Built:
        return Built(lambda inputs: Outcome(kernel(inputs.value)), "text")

    return build


def _made(make: Callable[[Mapping[str, Any]], Kernel]) -> Build:
    """Return the build function of a step whose parameters make a kernel that cannot fail."""

    def build(arguments: Mapping[str, Any], _context: Context) -> Built:
        kernel = make(arguments)
        return Built(lambda inputs: Outcome(kernel(inputs.value)), "text")

    return build


_OUTER = ~np.isin(np.arange(256), range(0x21, 0x7F))
"""Byte -> whether white space may begin or end with it: not with a visible ASCII character."""


def strip(values: pa.Array) -> pa.Array:
    """Remove white space at both ends; nothing left is blank."""
    offsets, data = cells_of(values)
    begins, ends = offsets[:-1], offsets[1:]
    filled = ends > begins
    # Most columns have nothing to remove, and two looks at each cell tell.
    if not _OUTER[data[begins[filled]]].any() and not _OUTER[data[ends[filled] - 1]].any():
        return blank_to_null(values)
    return blank_to_null(pc.utf8_trim_whitespace(values))


def upper(values: pa.Array) -> pa.Array:
    """Write in upper case."""
    ascii_only = pc.all(pc.string_is_ascii(values)).as_py() is not False
    return pc.ascii_upper(values) if ascii_only else pc.utf8_upper(values)


def _filled(arguments: Mapping[str, Any], name: str) -> str:
    text: str = arguments[name]
    if not text:
        raise ArgumentError(Wrong(name, "the text to look for is empty", "write at least one character"))
    return text


def _remove_prefix(arguments: Mapping[str, Any]) -> Kernel:
    text = _filled(arguments, "text")

    def kernel(values: pa.Array) -> pa.Array:
        there = pc.starts_with(values, text)
        cut = pc.utf8_slice_codeunits(values, len(text))
        return blank_to_null(cut if pc.all(there).as_py() else pc.if_else(there, cut, values))

    return kernel


def _remove_suffix(arguments: Mapping[str, Any]) -> Kernel:
    text = _filled(arguments, "text")

    def kernel(values: pa.Array) -> pa.Array:
        cut = pc.utf8_slice_codeunits(values, 0, -len(text))
        return blank_to_null(pc.if_else(pc.ends_with(values, text), cut, values))

    return kernel


def _add_prefix(arguments: Mapping[str, Any]) -> Kernel:
    return lambda values: pc.binary_join_element_wise(arguments["text"], values, "")


def _add_suffix(arguments: Mapping[str, Any]) -> Kernel:
    return lambda values: pc.binary_join_element_wise(values, arguments["text"], "")


def _replace(arguments: Mapping[str, Any]) -> Kernel:
    old, new = _filled(arguments, "text"), arguments["with"]
    return lambda values: blank_to_null(pc.replace_substring(values, old, new))


def _split(arguments: Mapping[str, Any]) -> Kernel:
    by, part = _filled(arguments, "by"), arguments["part"]
    if part == 0:
        raise ArgumentError(Wrong("part", "parts are counted from 1", "write 1 for the first part, -1 for the last"))

    def kernel(values: pa.Array) -> pa.Array:
        parts = pc.split_pattern(values, by)
        starts = parts.offsets.to_numpy()
        first, end = starts[:-1].astype(np.int64), starts[1:].astype(np.int64)
        place = first + part - 1 if part > 0 else end + part
        there = (place >= first) & (place < end)
        return blank_to_null(parts.values.take(pa.array(place, mask=~there)))

    return kernel


def _pad(arguments: Mapping[str, Any]) -> Kernel:
    length, fill, left = arguments["length"], arguments["with"], arguments["side"] == "left"
    wrongs = []
    if length < 1:
        wrongs.append(Wrong("length", "the length must be at least 1", "write the wanted number of characters"))
    if length > _WIDEST:
        what = f"filled up to {length:,} characters, a file would not fit into the memory"
        wrongs.append(Wrong("length", what, f"write {_WIDEST:,} or less"))
    if len(fill) != 1:
        wrongs.append(Wrong("with", f"{fill!r} is not one character", 'write one character such as "0"'))
    if wrongs:
        raise ArgumentError(*wrongs)
    return lambda values: (pc.utf8_lpad if left else pc.utf8_rpad)(values, length, fill)


def _truncate(arguments: Mapping[str, Any]) -> Kernel:
    length = arguments["length"]
    if length < 1:
        raise ArgumentError(Wrong("length", "the length must be at least 1", "write the number of characters to keep"))
    return lambda values: pc.utf8_slice_codeunits(values, 0, length)


def _named_group(pattern: str) -> str:
    """Name the only capturing group of an RE2 pattern."""
    bare = re.sub(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", lambda found: "_" * len(found[0]), pattern, flags=re.DOTALL)
    groups = [found for found in re.finditer(r"\((\?P?<\w+>)?", bare) if found[1] or bare[found.end() :][:1] != "?"]
    if len(groups) != 1:
        raise ArgumentError(
            Wrong("pattern", f"the pattern has {len(groups)} groups", "put one pair of ( ) around the part to keep")
        )
    return pattern[: groups[0].start()] + "(?P<value>" + pattern[groups[0].end() :]


def _extract(arguments: Mapping[str, Any], _context: Context) -> Built:
    pattern = arguments["pattern"]
    named = _named_group(pattern)
    try:
        pc.extract_regex(pa.array([""]), named)
    except pa.ArrowInvalid as fault:
        what = f"{pattern!r} is not a regular expression: {fault}"
        raise ArgumentError(Wrong("pattern", what, "use the RE2 syntax, with one group")) from fault

    def run(inputs: Inputs) -> Outcome:
        found = pc.extract_regex(inputs.value, named)
        missed = mask_of(pc.and_(found.is_null(), inputs.value.is_valid()))
        return Outcome(
            blank_to_null(pc.struct_field(found, [0])), (Refused(missed, "PATTERN_MISMATCH", {"pattern": pattern}),)
        )

    return Built(run, "text")


def _join(arguments: Mapping[str, Any], _context: Context) -> Built:
    by = arguments["by"]

    def run(inputs: Inputs) -> Outcome:
        first, *others = inputs.values
        blank = reduce(pc.and_, [values.is_null() for values in inputs.values])
        first = pc.if_else(blank, "", first)  # with "skip" the kernel drops a row that is null throughout
        return Outcome(blank_to_null(pc.binary_join_element_wise(first, *others, by, null_handling="skip")))

    return Built(run, "text")


_TEXT = Parameter("text", "text", "The text", required=True)

STEPS = (
    StepSpec(
        "strip",
        "Removes white space at both ends; nothing left is blank",
        _plain(strip),
        examples=(Example(None, (" a b\t",), "a b"), Example(None, ("  ",), None), Example(None, (None,), None)),
    ),
    StepSpec(
        "upper",
        "Writes in upper case",
        _plain(upper),
        examples=(Example(None, ("ab-1",), "AB-1"), Example(None, ("größe",), "GRÖẞE")),
    ),
    StepSpec("lower", "Writes in lower case", _plain(pc.utf8_lower), examples=(Example(None, ("AÉ",), "aé"),)),
    StepSpec(
        "title",
        "Starts each word with a capital",
        _plain(pc.utf8_title),
        examples=(Example(None, ("new york",), "New York"),),
    ),
    StepSpec(
        "remove_prefix",
        "Removes a text from the beginning, once, where it is there",
        _made(_remove_prefix),
        parameters=(_TEXT,),
        examples=(Example("#", ("#1001",), "1001"), Example("#", ("1001",), "1001"), Example("#", ("#",), None)),
    ),
    StepSpec(
        "remove_suffix",
        "Removes a text from the end, once, where it is there",
        _made(_remove_suffix),
        parameters=(_TEXT,),
        examples=(Example(" pcs", ("12 pcs",), "12"), Example(" pcs", ("12",), "12")),
    ),
    StepSpec(
        "add_prefix",
        "Puts a text before every value that is not blank",
        _made(_add_prefix),
        parameters=(_TEXT,),
        examples=(Example("SO-", ("1001",), "SO-1001"), Example("SO-", (None,), None)),
    ),
    StepSpec(
        "add_suffix",
        "Puts a text behind every value that is not blank",
        _made(_add_suffix),
        parameters=(_TEXT,),
        examples=(Example("-EU", ("1001",), "1001-EU"),),
    ),
    StepSpec(
        "replace",
        "Replaces a text wherever it occurs",
        _made(_replace),
        parameters=(
            Parameter("text", "text", "What to look for", required=True),
            Parameter("with", "text", "What to write instead; empty removes it", required=True),
        ),
        examples=(
            Example({"text": "-", "with": ""}, ("12-34-5",), "12345"),
            Example({"text": "a.", "with": "b"}, ("a.ac",), "bac"),
        ),
    ),
    StepSpec(
        "extract",
        "Keeps the part that the one group of a regular expression (RE2) matches",
        _extract,
        parameters=(Parameter("pattern", "text", "Regular expression with one group", required=True),),
        examples=(
            Example(r"^PO[- ]?(\d+)", ("PO-4711 rush",), "4711"),
            Example(r"^PO(\d+)", ("4711",), problem="PATTERN_MISMATCH"),
        ),
    ),
    StepSpec(
        "split",
        "Keeps one part of a text cut at a separator; a part that is not there is blank",
        _made(_split),
        parameters=(
            Parameter("by", "text", "Separator", required=True),
            Parameter("part", "integer", "Which part: 1 is the first, -1 the last", default=1),
        ),
        examples=(
            Example({"by": ",", "part": 2}, ("a,b,c",), "b"),
            Example({"by": ",", "part": -1}, ("a,b,c",), "c"),
            Example({"by": ",", "part": 4}, ("a,b,c",), None),
        ),
    ),
    StepSpec(
        "join",
        "Makes one text of several columns; blank ones are skipped",
        _join,
        parameters=(Parameter("by", "text", "What stands between them", default=" "),),
        takes="many",
        examples=(Example(", ", ("a", None, "b"), "a, b"), Example(None, (None, None), None)),
    ),
    StepSpec(
        "pad",
        "Fills up to a length; longer text stays as it is",
        _made(_pad),
        parameters=(
            Parameter("length", "integer", "Characters wanted", required=True),
            Parameter("with", "text", "Character to fill with", default="0"),
            Parameter("side", "text", "Where to fill", default="left", choices=("left", "right")),
        ),
        examples=(
            Example({"length": 8, "with": "0", "side": "left"}, ("4711",), "00004711"),
            Example(3, ("12345",), "12345"),
        ),
    ),
    StepSpec(
        "truncate",
        "Cuts text to a length; nothing is ever cut unless this is written",
        _made(_truncate),
        parameters=(Parameter("length", "integer", "Characters to keep", required=True),),
        examples=(Example(3, ("Größe",), "Grö"), Example(30, ("short",), "short")),
    ),
    StepSpec(
        "to_text",
        "Writes any value as text, the way it would be written to a file",
        lambda _arguments, _context: Built(lambda inputs: Outcome(as_text(inputs.value)), "text"),
        accepts=frozenset(ARROW),
        examples=(Example(None, (12,), "12"), Example(None, (True,), "true")),
    ),
)
