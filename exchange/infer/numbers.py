"""Finds how the numbers of a column are written: separators, a currency sign, and what cannot be decided by looking."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from exchange.infer.sample import Column

_SIGNS = {"€": "EUR", "£": "GBP", "¥": "JPY", "zł": "PLN", "$": ""}
"""A sign before or behind an amount -> its currency; blank where several use it."""
_FORMS = (
    (".", "", r"[+-]?[0-9]*\.?[0-9]+"),
    (",", "", r"[+-]?[0-9]*,?[0-9]+"),
    (".", ",", r"[+-]?[0-9]{1,3}(,[0-9]{3})*(\.[0-9]+)?"),
    (",", ".", r"[+-]?[0-9]{1,3}(\.[0-9]{3})*(,[0-9]+)?"),
    (",", " ", r"[+-]?[0-9]{1,3}( [0-9]{3})*(,[0-9]+)?"),
    (".", "'", r"[+-]?[0-9]{1,3}('[0-9]{3})*(\.[0-9]+)?"),
)
"""(decimal point, group separator, the form of a number)."""
_THREE = r"^[+-]?[1-9][0-9]{0,2}[.,][0-9]{3}$"
"""What is a thousand and more, or one and a bit."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the numbers of a column are written."""

    whole: bool
    """Whether they are integers."""
    point: str = "."
    group: str = ""
    sign: str = ""
    """What stands before each of them, such as `$`; taken away first."""
    behind: str = ""
    """The same, behind each."""
    currency: str = ""
    """Currency that the sign stands for, where it is one only."""
    ambiguous: bool = False
    """Whether `1.234` may be more than a thousand: every number has exactly three digits behind the separator."""
    odd: tuple[str, ...] = ()
    """Texts that are no such numbers; they would be rejected."""
    signed: bool = False
    """Whether some are below zero."""


def numbers_of(column: Column) -> Numbers | None:
    """Return how a column's numbers are written, None where it does not hold numbers."""
    values, sign, behind = _bare(column.distinct)
    if not len(values):
        return None
    fitting = {form: pc.match_substring_regex(values, f"^({form[2]})$") for form in _FORMS}
    best = max(_FORMS, key=lambda form: pc.sum(fitting[form]).as_py() or 0)
    if not column.mostly(fitting[best]):
        return None
    odd = tuple(values.filter(pc.invert(fitting[best])).to_pylist())
    good = values.filter(fitting[best])
    whole = bool(pc.all(pc.match_substring_regex(good, r"^[+-]?[0-9]{1,18}$")).as_py())
    three = not whole and bool(pc.all(pc.match_substring_regex(good, f"{_THREE}|^[+-]?[0-9]{{1,3}}$")).as_py())
    signed = bool(pc.any(pc.starts_with(good, "-")).as_py())
    currency = _SIGNS.get(sign.strip() or behind.strip(), "")
    return Numbers(whole, best[0], best[1], sign, behind, currency, three, odd, signed)


def _bare(values: pa.Array) -> tuple[pa.Array, str, str]:
    """Return the texts without the currency sign that all of them have."""
    for sign in _SIGNS:
        for text in (f"{sign} ", sign):
            if len(values) and pc.all(pc.starts_with(values, text)).as_py():
                return pc.replace_substring_regex(values, f"^{re.escape(text)}", ""), text, ""
        for text in (f" {sign}", sign):
            if len(values) and pc.all(pc.ends_with(values, text)).as_py():
                return pc.replace_substring_regex(values, f"{re.escape(text)}$", ""), "", text
    return values, "", ""
