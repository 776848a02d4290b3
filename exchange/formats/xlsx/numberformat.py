"""What a number looks like in a cell: formats under which a spreadsheet shows something else than what it holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_TOKEN = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[([^\]]*)\]|([Ee][+-])|(General|@)|(AM/PM|A/P)|(.)', re.DOTALL)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:\.\d+)?)")
_DIGITS = "0#?"
_DATES = frozenset("dmyhsebgDMYHSBG")
_SEEN = frozenset("dmyhsDMYHS")
"""Of the letters of dates those by which the reader of workbooks knows one itself."""
_SPACES = " \xa0\u202f'"
_SIGNIFICANT = 15
"""Digits that spreadsheets keep, and show."""

Piece = str | None
"""Text as it stands there, or None where a digit does."""


@dataclass(frozen=True, slots=True)
class Section:
    """One part of a format: for numbers above zero, below, zero; or under a condition."""

    kind: str
    """`plain`: shown is the number; `coded`: its digits in a pattern; `percent`; `other`: something else altogether."""
    whole: tuple[Piece, ...] = ()
    """What stands before the decimal point."""
    least: int = 1
    """Digits that are shown before the point even where they are zeros."""
    decimals: int = 0
    tail: str = ""
    """What stands behind the digits."""
    condition: tuple[str, Decimal] | None = None

    def text(self, value: Decimal) -> str | None:
        """Return what is shown of a number, None where that is not all of it."""
        shown = value * 100 if self.kind == "percent" else value
        rounded = round(shown, self.decimals)
        if self.kind == "other" or rounded != shown:
            return None
        whole, _, part = format(rounded, "f").partition(".")
        point = f".{part.ljust(self.decimals, '0')}" if self.decimals else ""
        before = self._whole(list(whole.lstrip("0").rjust(self.least, "0")))
        return None if before is None else before + point + self.tail

    def _whole(self, digits: list[str]) -> str | None:
        """Return the digits in their places, None where a sign between them would stand in front of all."""
        made: list[str] = []
        places = sum(piece is None for piece in self.whole)
        for piece in reversed(self.whole):
            if piece is not None and places and not digits:
                return None
            if piece is not None:
                made.append(piece)
                continue
            places -= 1
            made += digits[::-1] if places == 0 else digits[-1:]
            digits = [] if places == 0 else digits[:-1]
        return "".join(reversed(made))


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format under which the number alone would tell something else than the cell shows."""

    code: str
    sections: tuple[Section, ...]

    def text(self, value: float) -> str | None:
        """Return what a cell shows of its number, None where that cannot be told, or is less than it holds."""
        number = Decimal(format(value, f".{_SIGNIFICANT}g"))
        section = self._section(number)
        if section.kind == "plain":
            return format(number, "f")
        shown = section.text(abs(number))
        # Where a negative number has a format of its own, that says how; a colour alone says nothing.
        told = section is not self.sections[0] and shown is not None and set(shown) & set("-(")
        return shown if shown is None or number >= 0 or told else f"-{shown}"

    def _section(self, number: Decimal) -> Section:
        own = self.sections
        if any(section.condition for section in own):
            fits = (each for each in own if each.condition is None or _holds(number, each.condition))
            return next(fits, Section("other"))
        if number < 0 and len(own) > 1:
            return own[1]
        return own[2] if number == 0 and len(own) > 2 else own[0]


def number_format(code: str) -> NumberFormat | None:
    """Return how cells of a format are shown; None where that is the number itself, or a date.

    A unit or currency around an amount is no part of it. Leading zeros, signs between digits and words before a whole
    number are, as in `00000`, `000-000` and `"SKU-"0`; so is a percent sign.
    """
    parts = _split(code)[:3]
    sections = tuple(map(_section, parts))
    if all(section.kind == "plain" for section in sections):
        return None
    if sections[0].kind == "other" and _is_date(parts[0], _SEEN):
        return None
    return NumberFormat(code, sections)


def _split(code: str) -> list[list[re.Match[str]]]:
    parts: list[list[re.Match[str]]] = [[]]
    for token in _TOKEN.finditer(code):
        if token[0] == ";":
            parts.append([])
        else:
            parts[-1].append(token)
    return parts


def _is_date(tokens: list[re.Match[str]], letters: frozenset[str]) -> bool:
    return any(token[6] or (token[7] or "") in letters for token in tokens) or any(
        token[3] and set(token[3].lower()) <= set("hms") for token in tokens
    )


def _section(tokens: list[re.Match[str]]) -> Section:
    condition = next((found for token in tokens if token[3] and (found := _CONDITION.fullmatch(token[3]))), None)
    when = (condition[1], Decimal(condition[2])) if condition else None
    plain = [token[7] or "" for token in tokens]
    if (
        any(token[4] or token[5] for token in tokens)
        or "/" in plain
        or not any(text in _DIGITS for text in plain if text)
    ):
        # An exponent and a fraction show the number; so does `General`. A date is something else.
        return Section("other" if _is_date(tokens, _DATES) and "/" not in plain else "plain", condition=when)
    if _is_date(tokens, _DATES):
        return Section("other", condition=when)
    pieces, decimals, scaled = _pieces(tokens)
    if scaled:
        return Section("other", condition=when)
    last = max(at for at, piece in enumerate(pieces) if piece is None)
    whole, tail = tuple(pieces[: last + 1]), "".join(piece for piece in pieces[last + 1 :] if piece)
    grouped = any(token[0] == "," for token in tokens)
    least = _least(tokens)
    if "%" in plain:
        return Section("percent", whole, least, decimals, tail, when)
    if _is_code(whole, least, amount=bool(decimals) or grouped):
        return Section("coded", whole, least, decimals, tail, when)
    return Section("plain", condition=when)


def _pieces(tokens: list[re.Match[str]]) -> tuple[list[Piece], int, bool]:
    """Return the texts and digits of a section (decimals left out), its decimals, and whether it shows thousands."""
    pieces: list[Piece] = []
    decimals, point, scaled = 0, False, False
    for at, token in enumerate(tokens):
        text = token[7] or ""
        if text and text in _DIGITS:
            if point:
                decimals += 1
            else:
                pieces.append(None)
        elif text == ".":
            point = True
            pieces += () if None in pieces else (None,)
        elif text == ",":
            # Behind the last digit it divides by a thousand.
            scaled = scaled or not any((later[7] or "x") in _DIGITS for later in tokens[at + 1 :])
            scaled = scaled or next((later[7] for later in tokens[at + 1 :] if later[7] != ","), "") == "."
        elif token[1] is not None or token[2] is not None or text:
            pieces.append(token[1] if token[1] is not None else token[2] or text)
        elif token[3] and token[3].startswith("$"):
            pieces.append(token[3][1:].partition("-")[0])
    return pieces, decimals, scaled


def _least(tokens: list[re.Match[str]]) -> int:
    """Return how many digits are shown at least before the point."""
    texts = [token[7] or "" for token in tokens]
    before = texts[: texts.index(".")] if "." in texts else texts
    digits = "".join(text for text in before if text and text in _DIGITS)
    return len(digits) - digits.index("0") if "0" in digits else 0


def _is_code(whole: tuple[Piece, ...], least: int, *, amount: bool) -> bool:
    first = whole.index(None)
    between = "".join(piece for piece in whole[first:] if piece)
    words = any(character.isalnum() for piece in whole[:first] if piece for character in piece)
    return least > 1 or bool(between.strip(_SPACES)) or (words and not amount)


def _holds(number: Decimal, condition: tuple[str, Decimal]) -> bool:
    sign, bound = condition
    return {
        "<": number < bound,
        "<=": number <= bound,
        "=": number == bound,
        ">=": number >= bound,
        ">": number > bound,
        "<>": number != bound,
    }[sign]
