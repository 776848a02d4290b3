"""Constants written in a mapping, as values of the kind they are compared with or put into."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import NoReturn

import pyarrow as pa

from exchange.mapping.kinds import ARROW, Kind
from exchange.mapping.spec import ArgumentError, Wrong


def kind_of(value: object) -> Kind:
    """Return the kind of a constant as YAML gave it: text, whole number or true/false."""
    if isinstance(value, bool):
        return "boolean"
    return "integer" if isinstance(value, int) else "text"


def scalar(parameter: str, value: object, kind: Kind) -> pa.Scalar:
    """Return a constant as a value of `kind`; empty text is blank; raises ArgumentError where it is none."""
    if value is None or value == "":
        return pa.scalar(None, ARROW[kind])
    try:
        return pa.scalar(_read(value, kind), ARROW[kind])
    except (ValueError, OverflowError, pa.ArrowException) as fault:
        what = f"{value!r} does not do as {kind}"
        raise ArgumentError(Wrong(parameter, what, f"write a value of kind {kind}")) from fault


def _read(value: object, kind: Kind) -> object:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if kind == "integer":
        return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else _refuse(text)
    if kind == "decimal":
        return Decimal(text) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) else _refuse(text)
    if kind == "boolean":
        return {"true": True, "false": False}[text] if text in {"true", "false"} else _refuse(text)
    return _moment(text) if kind == "datetime" else text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else _refuse(text)


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)
