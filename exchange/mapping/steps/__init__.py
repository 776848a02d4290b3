"""The mapping steps, by family."""

from __future__ import annotations

from exchange.mapping.spec import StepSpec
from exchange.mapping.steps import date, logic, lookup, measure, number, postal, text, units

STEPS: dict[str, StepSpec] = {
    spec.name: spec
    for family in (
        text.STEPS,
        number.STEPS,
        date.STEPS,
        lookup.STEPS,
        logic.STEPS,
        units.STEPS,
        measure.STEPS,
        postal.STEPS,
    )
    for spec in family
}
"""Every step by name."""
