"""Finds fields that keep a part of a text while no other field keeps the rest of it: words would vanish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from exchange.mapping.chain import PlanMistake
from exchange.mapping.level import FieldPlan, LevelPlan

REST = {"street": "house_number", "house_number": "street", "without_unit": "unit_only", "unit_only": "without_unit"}
"""A step that keeps a part of a text -> the one that keeps the rest."""
_WRAP = "wrap_address"


def missing_companions(level: LevelPlan) -> Iterator[PlanMistake]:
    """Yield a mistake for each part of an address that no field of the level keeps."""
    of_inputs: dict[tuple[str, ...], list[FieldPlan]] = defaultdict(list)
    for field in level.fields:
        of_inputs[tuple(name for name, _ in field.inputs)].append(field)
    for fields in of_inputs.values():
        if not any(_keeps_all(field) for field in fields):
            yield from _parts(fields)
            yield from _lines(fields)


def _keeps_all(field: FieldPlan) -> bool:
    """Tell whether a field takes the whole of its inputs, whatever it does to their form."""
    return not any(step.name in REST or step.name in {_WRAP, "address_kind"} for step in field.steps)


def _parts(fields: list[FieldPlan]) -> Iterator[PlanMistake]:
    used = {step.name for field in fields for step in field.steps}
    for field in fields:
        for step in field.steps:
            rest = REST.get(step.name)
            if rest is not None and rest not in used:
                what = f"{field.name} keeps a part of {field.inputs[0][0]}, and no field keeps the rest"
                yield PlanMistake(step.path, what, f"add a field from it with the step {rest}", "PART_NOT_KEPT")


def _lines(fields: list[FieldPlan]) -> Iterator[PlanMistake]:
    wraps = [
        (field, step.path, step.argument)
        for field in fields
        for step in field.steps
        if step.name == _WRAP and isinstance(step.argument, Mapping)
    ]
    if not wraps:
        return
    field, path, argument = wraps[0]
    shapes = {(given.get("lines"), given.get("length")) for _, _, given in wraps}
    if len(shapes) > 1:
        what = f"{field.name} and others wrap the same lines to different lengths, so that words would vanish"
        yield PlanMistake(path, what, "write the same lines and length at each of them", "PART_NOT_KEPT")
        return
    kept = {given.get("line") for _, _, given in wraps}
    for line in range(1, int(argument.get("lines", 0)) + 1):
        if line not in kept:
            what = f"no field keeps line {line} of {argument['lines']}"
            instead = f"add a field from the same columns with {{wrap_address: {{line: {line}, ...}}}}"
            yield PlanMistake(path, what, instead, "PART_NOT_KEPT")
