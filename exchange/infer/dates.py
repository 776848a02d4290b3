"""Finds the formats that fit every date of a column, and says when day and month cannot be told apart."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pyarrow as pa
import pyarrow.compute as pc

from exchange.infer.sample import Column

Fits = Callable[[pa.Array, str], pa.Array]
"""(texts, format) -> which of them the step `parse_datetime` reads; the very code that reads them in a run."""

_DATES = (
    *("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%d-%m-%Y", "%m-%d-%Y", "%Y%m%d", "%Y.%m.%d"),
    *("%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%m-%d-%y", "%y-%m-%d"),
    *("%d %b %Y", "%d-%b-%Y", "%d-%b-%y", "%b-%d-%y", "%b %d, %Y", "%d %B %Y", "%B %d, %Y", "%d. %B %Y"),
)
_GAPS = (" ", "T", ", ")
_TIMES = ("%H:%M", "%H:%M:%S", "%H:%M:%S.%f", "%I:%M %p", "%I:%M:%S %p", "%I:%M%p")
_ZONES = ("", "%z", " %z")
_ANY = {"Y": r"\d{4}", "b": "[A-Za-z]{3}", "B": "[A-Za-z]{3,9}", "p": "[AaPp][Mm]", "z": r"(?:[+-]\d\d:?\d\d|Z)"}
_ANY |= {"y": r"\d\d", "f": r"\d{1,6}"} | dict.fromkeys("mdHMSI", r"\d{1,2}")
_SHAPES = 60
"""Different shapes of text in one column; dates have a few."""
_LIKE_A_DATE = r"^[0-9A-Za-z][0-9A-Za-z.,:/ +-]{5,39}$"


@dataclass(frozen=True, slots=True)
class Dates:
    """How the dates of a column are written."""

    formats: tuple[str, ...]
    """Those that fit every cell, the likeliest first; of several a person has to choose."""
    odd: tuple[str, ...] = ()
    """Texts that do not fit the only format; they would be rejected."""

    @property
    def has_time(self) -> bool:
        """Whether there is a time of day."""
        return any(code in self.formats[0] for code in ("%H", "%I"))

    @property
    def has_zone(self) -> bool:
        """Whether each cell says its offset from UTC."""
        return "%z" in self.formats[0]

    @property
    def ambiguous(self) -> bool:
        """Whether several formats read every cell, each as another date."""
        return len(self.formats) > 1


def _formats() -> list[tuple[str, re.Pattern[str]]]:
    times = [gap + time + zone for gap, time, zone in product(_GAPS, _TIMES, _ZONES)]
    made = [*_DATES, *(date + time for date, time in product(_DATES, times)), "%Y%m%d%H%M%S", "%Y%m%d%H%M"]
    return [(each, _pattern(each)) for each in made]


def _pattern(form: str) -> re.Pattern[str]:
    parts = re.split(r"%(.)", form)
    return re.compile("".join(_ANY[part] if at % 2 else re.escape(part) for at, part in enumerate(parts)))


_FORMATS = _formats()


def dates_of(column: Column, fits: Fits) -> Dates | None:
    """Return how a column's dates are written, None where it holds none."""
    values = column.distinct
    if not len(values):
        return None
    likely = pc.match_substring_regex(values, _LIKE_A_DATE)
    if not column.mostly(likely):
        return None
    shapes = pc.unique(pc.replace_substring_regex(values.filter(likely), "[0-9]", "1")).to_pylist()
    if len(shapes) > _SHAPES:
        return None
    fitted = {form: sum(bool(pattern.fullmatch(shape)) for shape in shapes) for form, pattern in _FORMATS}
    reads = {form: fits(values, form) for form, times in fitted.items() if times}
    whole = tuple(form for form, read in reads.items() if pc.all(read).as_py())
    if whole:
        return Dates(whole) if _plausible(values, whole[0]) else None
    form = max(reads, key=lambda each: pc.sum(reads[each]).as_py() or 0, default="")
    if not form or not column.mostly(reads[form]) or not _plausible(values.filter(reads[form]), form):
        return None
    return Dates((form,), tuple(values.filter(pc.invert(reads[form])).to_pylist()))


def _plausible(values: pa.Array, form: str) -> bool:
    """Tell whether bare digits are dates: those of our time, and not one number after the other."""
    if form.startswith("%Y%m%d"):
        return bool(pc.all(pc.match_substring_regex(values, "^(199|20[0-4])")).as_py())
    return True
