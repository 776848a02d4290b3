"""Compiles the steps of one field: names, parameters and the kinds that flow from one step to the next."""

from __future__ import annotations

import json
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from exchange.config.models import StepCall
from exchange.config.suggest import suggest
from exchange.kernel.plugins import PluginError
from exchange.kernel.table import Table
from exchange.mapping.binding import Scope, bind
from exchange.mapping.kinds import Kind
from exchange.mapping.library import step, step_names
from exchange.mapping.spec import ArgumentError, Built, Context, Reads, Run, Side, StepSpec, Wrong

Path = tuple[str | int, ...]

READERS: dict[Kind, str] = {
    "integer": "integer",
    "decimal": "decimal",
    "datetime": "parse_datetime",
    "boolean": "boolean",
    "text": "to_text",
}
"""The step that makes each kind."""


@dataclass(frozen=True, slots=True)
class PlanMistake:
    """One thing wrong in a mapping."""

    path: Path
    """Keys and indexes from the top of the YAML file."""
    what: str
    instead: str = ""
    code: str = field(default="STEP_ARGUMENT", compare=False)
    """Of the catalogue's findings of `exchange check`."""


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One compiled step of a field."""

    name: str
    argument: object
    """What stands behind the name in YAML; None for nothing."""
    path: Path
    """Where the mapping says so: keys and indexes from the top of the YAML file."""
    runs: tuple[Run, ...]
    """One function for each input of a step that works on each by itself, else a single one."""
    each: bool
    sides: tuple[Side, ...]
    """Columns it reads beside its inputs."""
    share: Hashable | None
    """Equal for chains that compute the same up to here, so that it is computed once; None is never shared."""
    reads: tuple[Reads | None, ...] = ()
    """What each of `runs` reads in tables."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The compiled steps of one field."""

    steps: tuple[StepPlan, ...]
    kinds: tuple[Kind, ...] | None
    """Kinds that come out; None where a mistake leaves them unknown."""


def compile_chain(
    calls: Sequence[tuple[StepCall, Path]],
    inputs: Sequence[tuple[str, Kind]],
    scope: Scope,
    tables: Mapping[str, Table],
    mistakes: list[PlanMistake],
) -> Chain:
    """Compile steps that start from input columns; mistakes are added to the list."""
    kinds: tuple[Kind, ...] | None = tuple(kind for _, kind in inputs)
    share: Hashable | None = tuple(name for name, _ in inputs)
    plans: list[StepPlan] = []
    for call, path in calls:
        inside = path if call.argument is None else (*path, call.name)
        spec = _spec(call.name, inside, mistakes)
        if spec is None:
            kinds = None
            continue
        arguments, wrongs = bind(spec, call.argument, scope)
        # Behind a mistake the kinds are not known: the step's own mistakes are those it has with any kind it accepts.
        some: list[tuple[Kind, ...]] = [(kind,) for kind in sorted(spec.accepts)] or [()]
        tried = some if kinds is None else [kinds]
        each_kind = (_build(spec, arguments, group, tables) for group in tried)
        built, more = ((), []) if wrongs else min(each_kind, key=lambda found: len(found[1]))
        mistakes += [_mistake(wrong, inside, call.argument) for wrong in [*wrongs, *more]]
        kinds = tuple(one.returns for one in built) if built and kinds is not None else None
        sides = tuple(value for value in arguments.values() if isinstance(value, Side))
        share = None if sides or share is None else (share, call.name, json.dumps(call.argument, default=str))
        each = spec.takes == "one"
        runs, reads = tuple(one.run for one in built), tuple(one.reads for one in built)
        plans.append(StepPlan(call.name, call.argument, path, runs, each, sides, share, reads))
    return Chain(tuple(plans), kinds)


def _spec(name: str, path: Path, mistakes: list[PlanMistake]) -> StepSpec | None:
    try:
        spec = step(name)
    except PluginError as fault:
        mistakes.append(PlanMistake(path, fault.what, fault.instead))
        return None
    if spec is None:
        mistakes.append(PlanMistake(path, f"there is no step {name}", suggest(name, step_names()), "UNKNOWN_STEP"))
    return spec


def _mistake(wrong: Wrong, path: Path, argument: object) -> PlanMistake:
    named = isinstance(argument, Mapping) and wrong.parameter in argument
    place = (*path, wrong.parameter) if named and wrong.parameter else path
    return PlanMistake(place, wrong.what, wrong.instead, wrong.code)


def _build(
    spec: StepSpec, arguments: dict[str, object], kinds: tuple[Kind, ...], tables: Mapping[str, Table]
) -> tuple[tuple[Built, ...], list[Wrong]]:
    unfit = [_unfit(spec, kind) for kind in dict.fromkeys(kinds) if kind not in spec.accepts and spec.takes != "none"]
    if not kinds and spec.takes != "none":
        unfit.append(Wrong(None, f"{spec.name} needs a column to work on", "write `from`, or start with `constant`"))
    if unfit:
        return (), unfit
    groups = [(kind,) for kind in kinds] if spec.takes == "one" else [kinds]
    try:
        return tuple(spec.build(arguments, Context(group, tables)) for group in groups), []
    except ArgumentError as fault:
        return (), list(fault.wrongs)


def _unfit(spec: StepSpec, got: Kind) -> Wrong:
    wanted = sorted(spec.accepts)
    what = f"{spec.name} needs {' or '.join(wanted)}, and gets {got}"
    if got == "text":
        readers = " or ".join(READERS[kind] for kind in wanted)
        return Wrong(None, what, f"put {readers} before it", "TYPE_MISMATCH")
    instead = f"put it before the step that makes {got}" if "text" in wanted else "choose another step"
    return Wrong(None, what, instead, "TYPE_MISMATCH")
