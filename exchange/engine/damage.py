"""What spreadsheets do to cells without a word: told apart from what a person wrote, by the cell as it was before."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

_EXPONENT = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d+")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SHORT = re.compile(r"\d{1,2}\s*[-/.]\s*\d{1,2}|\d{1,2}[- ]?[A-Za-z]{3,4}|[A-Za-z]{3,4}[- ]?\d{1,2}|\d{1,2}:\d{2}")
"""Codes that look like a day or a time to a spreadsheet: `3-4`, `SEP2`, `1/2`."""
_ERRORS = ("#NAME?", "#VALUE!", "#REF!", "#DIV/0!", "#N/A", "#NUM!", "#NULL!")
_EXACT_DIGITS = 15
"""A spreadsheet keeps fifteen digits of a number."""
_DAYS = re.compile(r"\d{1,4}\s*([-/.])\s*\d{1,2}\s*\1\s*\d{1,4}")
_FORMS: tuple[str, ...] = (
    "%Y-%m-%d",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d/%m/%Y",
    "%d/%m/%y",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%d-%m-%Y",
)
_FORMS += ("%m-%d-%Y", "%d-%b-%y", "%d-%b-%Y", "%d %b %Y", "%d. %b. %Y", "%b %d, %Y", "%d %B %Y")
_SERIAL = date(1899, 12, 30)
"""Day 0 of spreadsheets."""
_LATEST = 100_000
_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a cell."""

    kind: str
    """`same`, `respelt` (the spreadsheet wrote the same value in another way), `changed` or `damaged`."""
    why: str = ""
    """How it was damaged."""


_SAME, _RESPELT, _CHANGED = Verdict("same"), Verdict("respelt"), Verdict("changed")


def verdict(old: str, new: str, *, asked: bool = False) -> Verdict:
    """Tell what became of a cell that was `old` when it was given out and is `new` now.

    `asked`: a person was asked to write it in another way: `1.0` as `1`, a day in the right form.
    """
    if old == new:
        return _SAME
    before, after = _plain(old), _plain(new)
    why = _damage(before, after, () if asked else _MEANT) if before != after else ""
    if why:
        return Verdict("damaged", why)
    return _RESPELT if not asked and (before == after or _respelt(before, after)) else _CHANGED


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _damage(old: str, new: str, further: Iterable[Callable[[str, str], str]]) -> str:
    for check in (_shortened, _lost_zeros, _lost_digits, _lost_sign, _failed, _misread, _cut, *further):
        why = check(old, new)
        if why:
            return why
    return ""


def _shortened(old: str, new: str) -> str:
    if _EXPONENT.fullmatch(new):
        return "a long number was shortened to one with an exponent"
    if _EXPONENT.fullmatch(old) and _NUMBER.fullmatch(new) and _value(old) == _value(new):
        return "a code with an E in it was read as a number"
    return ""


def _lost_zeros(old: str, new: str) -> str:
    if not _DIGITS.fullmatch(old) or not old.startswith("0") or len(old) < 2:
        return ""
    whole = new.removesuffix(".0").replace(",", "").replace(" ", "")
    lost = _DIGITS.fullmatch(whole) and len(whole) < len(old) and int(whole) == int(old)
    return f"its leading zeros are gone ({len(old)} digits before, {len(whole)} now)" if lost else ""


def _lost_digits(old: str, new: str) -> str:
    long = _DIGITS.fullmatch(old) and len(old) > _EXACT_DIGITS and _DIGITS.fullmatch(new) and len(new) == len(old)
    kept = long and old[: _EXACT_DIGITS - 1] == new[: _EXACT_DIGITS - 1] and set(new[_EXACT_DIGITS + 1 :]) <= {"0"}
    return "its last digits were replaced by zeros" if kept and new.endswith("0") else ""


def _lost_sign(old: str, new: str) -> str:
    digits = re.sub(r"[\s()/.-]", "", old[1:])
    lost = old.startswith("+") and _DIGITS.fullmatch(digits) and new in {digits, digits.lstrip("0")}
    return "the + in front is gone" if lost else ""


def _became_date(old: str, new: str) -> str:
    day = _days(new)
    if _SHORT.fullmatch(old) and (day or _serial(new)):
        return "it was turned into a date"
    was = _days(old)
    if was and (day & was or _serial(new) & was):
        return "the date was written in another way"
    return ""


def _failed(old: str, new: str) -> str:
    if old != new and (new in _ERRORS or re.fullmatch(r"Err:\d+", new)):
        return "it was taken for a formula that failed"
    return ""


def _worked_out(old: str, new: str) -> str:
    return "it was worked out as a formula" if old.startswith("=") and _NUMBER.fullmatch(new) else ""


def _misread(old: str, new: str) -> str:
    if old.isascii():
        return ""
    for encoding in ("cp1252", "latin-1"):
        with suppress(UnicodeError):
            if new.encode(encoding).decode() == old:
                return "its letters were read in another encoding"
    lost = new in {_ASCII.sub("?", old), _ASCII.sub("\ufffd", old)}
    return "letters that are not plain were replaced" if lost else ""


def _cut(old: str, new: str) -> str:
    return "its end is gone" if len(new) >= 255 and len(old) > len(new) and old.startswith(new) else ""


_MEANT = (_became_date, _worked_out)
"""What a person does on purpose to a cell that was bad."""


def _respelt(old: str, new: str) -> bool:
    if new == f"'{old}" or (old.lower() in {"true", "false"} and old.lower() == new.lower()):
        return True
    number = new.replace(",", ".") if new.count(",") == 1 and "." not in new and "." in old else new
    return bool(_NUMBER.fullmatch(old) and _NUMBER.fullmatch(number) and _value(old) == _value(number))


def _value(text: str) -> Decimal | None:
    try:
        return Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None


@lru_cache(4096)
def _days(text: str) -> frozenset[date]:
    """Return the days that a text may mean; a time of day behind it does not count."""
    head = re.split(r"[ T](?=\d{1,2}:\d{2})", text, maxsplit=1)[0].strip()
    if not any(letter.isalpha() for letter in head) and not _DAYS.fullmatch(head):
        return frozenset()
    found = set()
    for form in _FORMS:
        with suppress(ValueError):
            found.add(datetime.strptime(f"{head} +0000", f"{form} %z").date())
    return frozenset(found)


def _serial(text: str) -> frozenset[date]:
    """Return the day that a spreadsheet's number of days means."""
    digits = text.removesuffix(".0")
    if not _DIGITS.fullmatch(digits) or not 20_000 < int(digits) < _LATEST:
        return frozenset()
    return frozenset({_SERIAL + timedelta(days=int(digits))})
