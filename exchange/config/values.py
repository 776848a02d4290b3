"""Alone holds what values in every YAML file can be: durations, shares, lists of one; and the base of all models."""

from __future__ import annotations

import codecs
import re
from datetime import timedelta
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict

from exchange.config.durations import parse_duration
from exchange.config.schedule import schedule_text, zone_name
from exchange.kernel.naming import is_wanted


def parse_percent(text: object) -> object:
    """Return the share between 0 and 1 that `20%` says."""
    matched = re.fullmatch(r"(\d+(?:\.\d+)?)\s*%", str(text))
    if matched is None or float(matched[1]) > 100:
        raise ValueError("expected a percentage such as 20%")
    return float(matched[1]) / 100


def parse_size(text: object) -> object:
    """Return the bytes that `500MB`, `10GB`, `64KiB` or a bare number says; anything else raises ValueError."""
    matched = re.fullmatch(r"(\d+)\s*(|B|[KMGT]i?B)", str(text).strip(), re.IGNORECASE)
    if matched is None:
        raise ValueError("expected a size such as 500MB or 10GB")
    unit = matched[2].upper().removesuffix("B")
    return int(matched[1]) * (1024 if unit.endswith("I") else 1000) ** " KMGT".index(unit[:1] or " ")


def _named_after(text: str) -> str:
    try:
        used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
        made = text.format(name="name", stem="stem") if used <= {"name", "stem"} else ""
    except (ValueError, LookupError, AttributeError):
        used, made = set(), ""
    if text and (not used or made in {"", "name"} or "/" in made or not is_wanted(made)):
        raise ValueError("expected a file name with {name} or {stem} such as {name}.done")
    return text


def _delimiter(text: str) -> str:
    if not 1 <= len(text) <= 8 or not text.isascii() or set(text) & set('"\r\n'):
        raise ValueError('expected one character such as "," or ";" or "\\t", or a few such as "||"')
    return text


def _encoding(text: str) -> str:
    try:
        codecs.lookup(text)
    except LookupError:
        raise ValueError("expected an encoding such as utf-8, cp1252 or iso-8859-1") from None
    return text


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fault:
        raise ValueError(f"expected a regular expression: {fault}") from fault
    return text


def _list_of_one(value: object) -> object:
    return [value] if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(parse_duration)]
Percent = Annotated[float, BeforeValidator(parse_percent)]
Delimiter = Annotated[str, AfterValidator(_delimiter)]
Encoding = Annotated[str, AfterValidator(_encoding)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Schedule = Annotated[str, AfterValidator(schedule_text)]
Zone = Annotated[str, AfterValidator(zone_name)]
Size = Annotated[int, BeforeValidator(parse_size)]
FileName = Annotated[str, AfterValidator(_named_after)]
Names = Annotated[tuple[str, ...], BeforeValidator(_list_of_one)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_list_of_one)]


class Model(BaseModel):
    """Base of every configuration model: closed and frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)
