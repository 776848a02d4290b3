"""Says of one column what its cells look like: kind, how numbers and dates are written, what the texts are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

import pyarrow.compute as pc

from exchange.infer.dates import Dates, Fits, dates_of
from exchange.infer.identifiers import RECOGNISED, kept_as_text, recognised, share_of_codes
from exchange.infer.naming import Unit, unit_of, words
from exchange.infer.numbers import Numbers, numbers_of
from exchange.infer.sample import Column

Kind = Literal["blank", "boolean", "integer", "decimal", "date", "datetime", "text"]
_YES_NO = (
    *(("true", "false"), ("yes", "no"), ("1", "0"), ("y", "n"), ("t", "f"), ("ja", "nein"), ("j", "n")),
    *(("oui", "non"), ("si", "no"), ("tak", "nie")),
)
_PERSONAL = {"email", "phone"}
_PEOPLE = {
    "name",
    "address",
    "street",
    "mail",
    "phone",
    "company",
    "note",
    "notes",
    "zip",
    "city",
    "vorname",
    "nom",
    "prenom",
    "comment",
    *("nachname", "surname", "lastname", "firstname", "contact", "person", "attention", "attn", "recipient"),
    *("consignee", "customer", "buyer", "kunde", "ansprechpartner", "empfänger", "user", "login"),
    *("strasse", "straße", "rue", "ulica", "adresse", "anschrift", "house", "building", "apartment", "suite"),
    *("post", "plz", "ort", "stadt", "town", "suburb", "locality", "ville", "miejscowosc", "firma", "firm"),
    *("organisation", "organization", "remark", "remarks", "bemerkung", "message", "birth", "birthday", "mobile"),
}
"""Words in the name of a column that probably tells of a person: none of its cells is shown."""
_PERSONS = frozenset(word for name in _PEOPLE for word in words(name))
_NOBODY = re.compile(r"[^\s@]*[0-9][^\s@]*|[a-zà-ÿ]+|[A-Z]{1,4}")
"""A text that is nobody's name, street or address of e-mail: `TEA-250`, `red`, `EUR`."""
_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Looks:
    """What a column looks like."""

    column: Column
    kind: Kind
    title: str
    """The column's name without its unit."""
    unit: Unit | None = None
    numbers: Numbers | None = None
    dates: Dates | None = None
    yes_no: tuple[str, str] | None = None
    """What means yes and no, in small letters."""
    is_a: str = ""
    """Key of identifiers.RECOGNISED."""
    kept: str = ""
    """Why digits are kept as text."""
    codes: float = 0.0
    """Share of the texts that look like codes rather than words."""
    direct: bool = False
    """Whether it stands in the element of the record itself, not in one below, where records are elements."""

    @property
    def name(self) -> str:
        """The column's name."""
        return self.column.name

    @property
    def counts(self) -> bool:
        """Whether the cells are 1, 2, 3 or 10, 20, 30 and so on: places in a list, not codes."""
        size, texts = len(self.column.distinct), set(self.column.distinct.to_pylist())
        return size > 1 and any(texts == {str(step * at) for at in range(1, size + 1)} for step in (1, 10))

    @property
    def digits(self) -> int:
        """How many different texts have a digit in them."""
        return int(pc.sum(pc.match_substring_regex(self.column.distinct, "[0-9]")).as_py() or 0)

    @property
    def personal(self) -> bool:
        """Whether the cells most probably tell of a person."""
        return self.is_a in _PERSONAL or bool(_PERSONS & set(words(self.name)))

    @property
    def cell(self) -> str:
        """A cell as it looks; blank where the column is one of people, by its name or by what is in it."""
        if self.personal or not len(self.column.distinct):
            return ""
        return str(self.column.distinct[0].as_py())[:60].replace("\r", " ").replace("\n", " ")

    @property
    def example(self) -> str:
        """A cell as it looks; blank also where its words may be somebody's, whatever the column is called."""
        return self.cell if self.kind != "text" or self.is_a or self.tells_of_nobody(self.cell) else ""

    def tells_of_nobody(self, text: str) -> bool:
        """Tell whether a text of this column may be shown."""
        return not self.personal and _NOBODY.fullmatch(text) is not None

    @property
    def told(self) -> str:
        """What the cells look like, for people."""
        share = "" if self.column.filled.all() else f", filled in {_percent(self.column)} of the rows"
        different = len(self.column.distinct)
        such = f' such as "{self.example[:_SHOWN]}"' if self.example else ""
        return f"{self._kind()}{share}; {different} different{such}" if different else "blank in every row"

    def _kind(self) -> str:
        if self.is_a:
            return RECOGNISED[self.is_a][0]
        if self.kept:
            return f"digits kept as text ({self.kept})"
        if self.kind in {"date", "datetime"} and self.dates is not None:
            return f"{self.kind}s as {' or '.join(self.dates.formats[:2])}"
        plural = {"integer": "whole numbers", "decimal": "decimal numbers", "boolean": "yes or no"}
        return plural.get(self.kind, "texts")


def looks_of(column: Column, fits: Fits, called: str = "") -> Looks:
    """Return what a column looks like; `fits` tells which texts a date format reads.

    `called`: its name within a record's line, where the column's own name begins with the way there.
    """
    title, unit = unit_of(called or column.name)
    if not len(column.distinct):
        return Looks(column, "blank", title, unit)
    is_a, kept = recognised(column), kept_as_text(column)
    numbers, dates, yes_no = numbers_of(column), dates_of(column, fits), _yes_no(column)
    kind: Kind = "text"
    if dates is not None:
        kind = "datetime" if dates.has_time else "date"
    elif numbers is not None and not kept and is_a not in {"gtin", "sscc"}:
        kind = "integer" if numbers.whole else "decimal"
    elif yes_no is not None:
        kind = "boolean"
    if yes_no is not None or dates is not None or (kind == "integer" and is_a == "phone"):
        is_a = ""  # `no` is a country, too, 0151 a number and 03/04/2026 a date
    return Looks(column, kind, title, unit, numbers, dates, yes_no, is_a, kept, share_of_codes(column))


def _yes_no(column: Column) -> tuple[str, str] | None:
    if len(column.distinct) > 6:
        return None
    texts = set(pc.utf8_lower(column.distinct).to_pylist())
    return next((pair for pair in _YES_NO if texts <= set(pair)), None)


def _percent(column: Column) -> str:
    return f"{max(1, round(100 * column.filled.mean()))} %"
