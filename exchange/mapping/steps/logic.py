"""Steps that choose: defaults, constants, mapped values, conditions, yes and no."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.kernel.chunk import Mask
from exchange.mapping.decimals import WIDE
from exchange.mapping.kinds import ARROW, Kind, blank_to_null, mask_of, valid_mask
from exchange.mapping.literals import kind_of, scalar
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
    Side,
    StepSpec,
    Wrong,
)

_ANY: frozenset[Kind] = frozenset(ARROW)
_KEEP = "keep"


def _coalesce(_arguments: Mapping[str, Any], context: Context) -> Built:
    if len(set(context.kinds)) > 1:
        what = f"the columns hold {' and '.join(context.kinds)}"
        raise ArgumentError(Wrong(None, what, "bring them to one kind by a step before this one", "TYPE_MISMATCH"))
    return Built(lambda inputs: Outcome(pc.coalesce(*_alike(inputs.values))), context.kinds[0])


def _alike(values: tuple[pa.Array, ...]) -> list[pa.Array]:
    """Bring decimals of four and of ten places to one type."""
    if len({str(array.type) for array in values}) == 1:
        return list(values)
    wanted = WIDE if pa.types.is_decimal(values[0].type) else values[0].type
    return [pc.cast(array, wanted) for array in values]


def _default(arguments: Mapping[str, Any], context: Context) -> Built:
    value = scalar("value", arguments["value"], context.kinds[0])

    def run(inputs: Inputs) -> Outcome:
        return Outcome(
            inputs.value.fill_null(value.cast(inputs.value.type)) if inputs.value.null_count else inputs.value
        )

    return Built(run, context.kinds[0])


def _constant(arguments: Mapping[str, Any], _context: Context) -> Built:
    kind = kind_of(arguments["value"])
    value = scalar("value", arguments["value"], kind)
    return Built(lambda inputs: Outcome(pa.repeat(value, inputs.rows)), kind)


def _map_values(arguments: Mapping[str, Any], _context: Context) -> Built:
    table, otherwise = arguments["values"], arguments["otherwise"]
    known = pa.array(list(table), pa.string())
    results = blank_to_null(pa.array(list(table.values()), pa.string()))
    detail = {"allowed": ", ".join(table)}

    def run(inputs: Inputs) -> Outcome:
        values = as_text(inputs.value)
        places = pc.index_in(values, value_set=known)
        found = results.take(places)
        missed = valid_mask(values) & ~valid_mask(places)
        if otherwise is None:
            return Outcome(found, (Refused(missed, "VALUE_NOT_MAPPED", detail),))
        rest = values if otherwise == _KEEP else scalar("otherwise", otherwise, "text")
        return Outcome(pc.if_else(pa.array(missed), rest, found))

    return Built(run, "text")


def _when(arguments: Mapping[str, Any], context: Context) -> Built:
    side: Side = arguments["column"]
    kind = context.kinds[0]
    wrongs: list[Wrong] = []
    chosen: dict[str, pa.Scalar | None] = {}
    for name in ("then", "otherwise"):
        try:
            chosen[name] = None if arguments[name] is None else scalar(name, arguments[name], kind)
        except ArgumentError as fault:
            wrongs += fault.wrongs
    if arguments["then"] is None and arguments["otherwise"] is None:
        wrongs.append(Wrong(None, "`when` changes nothing", "write `then`, `otherwise` or both"))
    if wrongs:
        raise ArgumentError(*wrongs)
    matches = _matcher(side, arguments["is"])

    def run(inputs: Inputs) -> Outcome:
        values = inputs.value
        then, otherwise = (values if pick is None else pick.cast(values.type) for pick in chosen.values())
        return Outcome(pc.if_else(pa.array(matches(inputs.sides[side])), then, otherwise))

    return Built(run, kind)


def _matcher(side: Side, wanted: tuple[str, ...]) -> Callable[[pa.Array], Mask]:
    allowed = [scalar("is", text, side.kind) for text in wanted]
    value_set = pa.array([value.as_py() for value in allowed if value.is_valid], ARROW[side.kind])
    blank_too = any(not value.is_valid for value in allowed)

    def matches(column: pa.Array) -> Mask:
        found: Mask = mask_of(pc.is_in(column, value_set=value_set.cast(column.type)))
        return found | ~valid_mask(column) if blank_too else found

    return matches


def _boolean(arguments: Mapping[str, Any], _context: Context) -> Built:
    # By capitals: small letters are not the same for all of one capital, as the Greek ς at the end of a word.
    true_set, false_set = (pc.utf8_upper(pa.array(arguments[name], pa.string())) for name in ("yes", "no"))
    if both := sorted({*true_set.to_pylist()} & {*false_set.to_pylist()}):
        raise ArgumentError(Wrong("no", f"{both[0]!r} cannot mean both yes and no", "remove it from one of them"))
    detail = {"allowed": ", ".join([*arguments["yes"], *arguments["no"]])}

    def run(inputs: Inputs) -> Outcome:
        capitals = pc.utf8_upper(inputs.value)
        true = mask_of(pc.is_in(capitals, value_set=true_set))
        false = mask_of(pc.is_in(capitals, value_set=false_set))
        made = pa.array(true, mask=np.logical_not(true | false))
        return Outcome(made, (Refused(valid_mask(capitals) & ~true & ~false, "NOT_A_BOOLEAN", detail),))

    return Built(run, "boolean")


STEPS = (
    StepSpec(
        "coalesce",
        "Takes the first of several columns that is not blank",
        _coalesce,
        accepts=_ANY,
        takes="many",
        returns="same",
        examples=(Example(None, (None, "b", "c"), "b"), Example(None, (None, None), None)),
    ),
    StepSpec(
        "default",
        "Fills blank values",
        _default,
        accepts=_ANY,
        returns="same",
        parameters=(Parameter("value", "scalar", "What a blank value becomes", required=True),),
        examples=(Example("EA", (None,), "EA"), Example("EA", ("CS",), "CS"), Example(0, (None,), "0")),
    ),
    StepSpec(
        "constant",
        "Gives every row the same value; needs no `from`",
        _constant,
        accepts=_ANY,
        takes="none",
        returns="depends",
        parameters=(Parameter("value", "scalar", "The value", required=True),),
        examples=(Example("EA", (), "EA"), Example(1, (), 1), Example(True, (), True)),  # noqa: FBT003 - YAML's true
    ),
    StepSpec(
        "map_values",
        "Replaces values by others; one that is not listed is a problem",
        _map_values,
        accepts=frozenset({"text", "integer", "boolean"}),
        parameters=(
            Parameter("values", "map", "What each value becomes", required=True),
            Parameter("otherwise", "text", "What every other value becomes; `keep` leaves it as it is"),
        ),
        examples=(
            Example({"paid": "P", "pending": "W"}, ("paid",), "P"),
            Example({"paid": "P"}, ("voided",), problem="VALUE_NOT_MAPPED"),
            Example({"values": {"paid": "P"}, "otherwise": "X"}, ("voided",), "X"),
            Example({"values": {"paid": "P"}, "otherwise": "keep"}, ("voided",), "voided"),
        ),
    ),
    StepSpec(
        "when",
        "Chooses by another column: `then` where it is one of the listed values, else `otherwise`",
        _when,
        accepts=_ANY,
        returns="same",
        parameters=(
            Parameter("column", "column", "Input column, or field filled above", required=True),
            Parameter("is", "texts", 'Values to compare with; "" means blank', required=True),
            Parameter("then", "scalar", "Result where it is; without it the value stays"),
            Parameter("otherwise", "scalar", "Result where it is not; without it the value stays"),
        ),
        examples=(
            Example({"column": "Kind", "is": ["gift"], "then": "G"}, ("x",), "G", beside={"Kind": "gift"}),
            Example({"column": "Kind", "is": "gift", "then": "G"}, ("x",), "x", beside={"Kind": "card"}),
            Example({"column": "Kind", "is": ["a", "b"], "otherwise": ""}, ("x",), None, beside={"Kind": "c"}),
        ),
    ),
    StepSpec(
        "boolean",
        "Reads yes and no, in capitals or not",
        _boolean,
        returns="boolean",
        parameters=(
            Parameter("yes", "texts", "What means yes", default=("true", "yes", "1")),
            Parameter("no", "texts", "What means no", default=("false", "no", "0")),
        ),
        examples=(
            Example(None, ("TRUE",), True),  # noqa: FBT003 - a value
            Example({"yes": ["J"], "no": ["N"]}, ("n",), False),  # noqa: FBT003 - a value
            Example(None, ("maybe",), problem="NOT_A_BOOLEAN"),
        ),
    ),
)
