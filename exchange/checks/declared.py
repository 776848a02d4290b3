"""The rules of a schema as pandera declares them: what a notebook or another tool can validate frames with.

A run evaluates the same masks without pandera, whose schemas cost more per column than most masks do; that both agree
on every frame is tested. `exchange check` compiles the schemas, so that what pandera refuses is told before a run.
"""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
from pandera.errors import SchemaInitError

from exchange.checks.rules import Rule, RuleSet, passing


def declared(rules: RuleSet) -> pandera.DataFrameSchema:
    """Return the schema of a set of rules: columns of Arrow-backed text, nullable, none of them required."""
    return pandera.DataFrameSchema(
        {
            name: pandera.Column(None, [_check(rule) for rule in own], nullable=True, required=False)
            for name, own in rules.rules.items()
        }
    )


def refusal(rules: RuleSet) -> str | None:
    """Return why pandera cannot compile a set of rules; None where it can."""
    try:
        declared(rules)
    except SchemaInitError as fault:
        return str(fault)
    return None


def _check(rule: Rule) -> pandera.Check:
    def passes(column: pd.Series[Any]) -> pd.Series[Any]:
        mask = passing(rule, pa.array(column.array))
        return pd.Series(mask.to_numpy(zero_copy_only=False), index=column.index)

    # The short `error` keeps the rule's arguments, a list of 100,000 values perhaps, out of every failure case.
    return pandera.Check(passes, error=rule.code, ignore_na=False)
