"""Alone finds a step by its name: one of ours, else one that another distribution adds, under guard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from exchange.kernel.errors import ConfigurationError
from exchange.kernel.plugins import STEPS as GROUP
from exchange.kernel.plugins import Added, PluginError, added, failed, find, mend
from exchange.kernel.plural import many
from exchange.mapping.kinds import ARROW, is_of
from exchange.mapping.spec import ArgumentError, Built, Context, Inputs, Outcome, Run, StepSpec, Wrong
from exchange.mapping.steps import STEPS


def step(name: str) -> StepSpec | None:
    """Return the step of that name, None where there is none; raises PluginError where an added one is broken."""
    if name in STEPS:
        return STEPS[name]
    found = find(GROUP, name, StepSpec)
    return None if found is None else guarded(*found)


def sound_step(name: str) -> StepSpec | None:
    """Return the step of that name; None also where it cannot be used, which whoever compiles the mapping says."""
    try:
        return step(name)
    except PluginError:
        return None


def step_names() -> Iterator[str]:
    """Yield the names of all steps, ours first; nothing is loaded for that."""
    yield from STEPS
    yield from (each.name for each in added(GROUP) if each.name not in STEPS)


def guarded(spec: StepSpec, whose: Added) -> StepSpec:
    """Return an added step whose mistakes are said as what they are: its own, not ours and not the mapping's."""
    if spec.name != whose.name:
        raise PluginError(f"{whose.shown} calls itself {spec.name!r}", mend(whose))

    def build(arguments: Mapping[str, Any], context: Context) -> Built:
        try:
            built = spec.build(arguments, context)
        except ArgumentError:
            raise
        except Exception as fault:
            error = failed(whose, fault)
            raise ArgumentError(Wrong(None, error.what, error.instead)) from fault
        if not isinstance(built, Built) or built.returns not in ARROW:
            raise ArgumentError(Wrong(None, f"{whose.shown} was not built", mend(whose)))
        return replace(built, run=_guarded(built, whose))

    return replace(spec, build=build)


def _guarded(built: Built, whose: Added) -> Run:
    def run(inputs: Inputs) -> Outcome:
        try:
            outcome = built.run(inputs)
            sizes = {len(outcome.values), *(len(each.rows) for each in outcome.refused)}
            fits = sizes == {inputs.rows} and is_of(outcome.values, built.returns)
        except Exception as fault:
            raise ConfigurationError(str(failed(whose, fault))) from fault
        if not fits:
            made = f"{many(len(outcome.values), 'value')} of type {outcome.values.type}"
            what = f"{whose.shown} gives {made} for {many(inputs.rows, 'row')}, {built.returns} is what it says"
            raise ConfigurationError(f"{what}; {mend(whose)}")
        return outcome

    return run
