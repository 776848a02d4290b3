"""Alone knows how a pick-up says how old a file is: by its modification time, its name, or a column of it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

from pydantic import field_validator, model_validator

from exchange.config.values import Model

_DIGITS = {"Y": r"\d{4}", "j": r"\d{3}", "f": r"\d{1,6}"}
_PARTS = {
    **dict.fromkeys("mdHMSyI", r"\d{2}"),
    **_DIGITS,
    **dict.fromkeys("bB", r"[^\W\d_]+\.?"),
    "p": "[AaPp][Mm]",
    "z": r"(?:[+-]\d{2}:?\d{2}|Z)",
}
"""Code of strptime -> what it looks like in a name; numbers have all their digits, so that no two readings fit."""
_PIECE = re.compile(r"%(.)|(\*)|([^%*]+)", re.DOTALL)


class AsOf(Model):
    """How old the content of a file is: by its `name`, or by a `column` of it."""

    name: str = ""
    """Form of the file's name with its moment, for example `orders_%Y%m%d%H%M.csv`; `*` stands for any text, and
    numbers have all their digits. Read on the clock of the flow's `timezone`, where it has no %z."""
    column: str = ""
    """Column with the moment of each document; the newest cell of its rows counts. The file is as old as its newest
    document."""
    format: str = ""
    """How the column's cells are written, in the codes of strptime, for example `%Y-%m-%d %H:%M:%S %z`; read on the
    clock of the flow's `timezone`, where it has no %z."""

    @model_validator(mode="after")
    def _one_way(self) -> AsOf:
        if bool(self.name) == bool(self.column):
            raise ValueError("write either `name: <form of the file name>` or `column:` with its `format:`")
        if bool(self.column) != bool(self.format):
            raise ValueError("`column` and `format` belong together")
        return self

    @field_validator("name", "format")
    @classmethod
    def _whole_date(cls, text: str) -> str:
        codes = set(re.findall(r"%(.)", text))
        if unknown := sorted(codes - {*_PARTS, "%"}):
            raise ValueError(f"%{unknown[0]} is not offered; use {' '.join(f'%{code}' for code in sorted(_PARTS))}")
        dated = codes & {"Y", "y"} and ("j" in codes or (codes & {"m", "b", "B"} and "d" in codes))
        if text and not dated:
            raise ValueError("it does not say year, month and day; write for example orders_%Y%m%d%H%M.csv")
        return text


def moment_in(name: str, form: str, zone: str) -> datetime | None:
    """Return the moment (UTC) that a file name tells in this form; None where the name is another one."""
    pattern, codes = _compiled(form)
    found = pattern.fullmatch(name)
    if found is None:
        return None
    text, form = " ".join(found.groups()), " ".join(codes)
    try:
        if "%z" in codes:
            return datetime.strptime(text, form).astimezone(UTC)
        return datetime.strptime(text, form).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@cache
def _compiled(form: str) -> tuple[re.Pattern[str], tuple[str, ...]]:
    codes, made = [], []
    for code, star, text in _PIECE.findall(form):
        if code and code != "%":
            codes.append(f"%{code}")
            made.append(f"({_PARTS[code]})")
        else:
            made.append(".*?" if star else re.escape(text or "%"))
    return re.compile("".join(made), re.IGNORECASE | re.DOTALL), tuple(codes)
