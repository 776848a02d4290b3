"""Brings the addresses of documents into form: each part by itself, each different value once, nothing left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.config.addresses import Address, Aspect, Block
from exchange.kernel.chunk import CellFailure, Mask
from exchange.kernel.pipeline import Columns
from exchange.postal.columns import PerValue, per_value
from exchange.postal.countries import country_code, part_of_country
from exchange.postal.kinds import kind_of_place
from exchange.postal.latin import transliterated
from exchange.postal.phones import e164
from exchange.postal.postcodes import needed, postcode
from exchange.postal.refusal import Refusal
from exchange.postal.regions import region
from exchange.postal.units import unit_parted

_Lines = tuple[str | None, str | None, str | None]
"""line1, line2, unit."""
_WORDS = ("name", "company", "line1", "line2", "unit", "city")
"""Parts that are words: what capitals and transliteration are about."""
_PLACE = ("line1", "line2", "city", "region", "postcode")
"""Any of these makes an address: a name or a country alone does not."""


def standardise(header: Columns, addresses: Mapping[Block, Address]) -> tuple[dict[str, pa.Array], list[CellFailure]]:
    """Return the header fields with the addresses of the named blocks in form, and what could not be brought into it.

    A part that is refused stays as it was.
    """
    made, failures = dict(header), list[CellFailure]()
    for name, rule in addresses.items():
        block = _Block(name, rule, made, failures)
        there = block.there()
        if there.any():
            _standardise(block, there)
    return made, failures


@dataclass(frozen=True, slots=True)
class _Block:
    """One address of every document, at work."""

    name: str
    rule: Address
    fields: dict[str, pa.Array]
    failures: list[CellFailure]

    @property
    def rows(self) -> int:
        return len(next(iter(self.fields.values())))

    def get(self, part: str) -> pa.Array:
        found = self.fields.get(f"{self.name}.{part}")
        return pa.nulls(self.rows, pa.string()) if found is None else found

    def put(self, part: str, values: pa.Array) -> None:
        if f"{self.name}.{part}" in self.fields or values.null_count < len(values):
            self.fields[f"{self.name}.{part}"] = values

    def blank(self, part: str) -> Mask:
        made: Mask = self.get(part).is_null().to_numpy(zero_copy_only=False)
        return made

    def there(self) -> Mask:
        """Return which documents have an address at all."""
        there: Mask = np.zeros(self.rows, np.bool_)
        for part in _PLACE:
            there |= ~self.blank(part)
        return there

    def settle(self, field: str, read: PerValue[str | Refusal | None], aspect: Aspect) -> None:
        """Write what was made of a field; what was refused stays as it was, and is told."""
        given = self.fields[field]
        refused = read.rows(lambda result: isinstance(result, Refusal))
        made = read.texts(lambda result: None if isinstance(result, Refusal) else result)
        self.fields[field] = pc.if_else(pa.array(refused), given, made) if refused.any() else made
        for row in np.flatnonzero(refused).tolist():
            result = read.results[read.place[row]]
            if isinstance(result, Refusal):
                self.tell(row, field, result, aspect)

    def tell(self, row: int, field: str, refusal: Refusal, aspect: Aspect) -> None:
        value = self.fields[field][row].as_py() if field in self.fields else None
        warning = aspect in self.rule.warn
        self.failures.append(CellFailure(row, field, None, value, refusal.code, refusal.detail, warning))


def _standardise(block: _Block, there: Mask) -> None:
    rule = block.rule
    countries = _countries(block, there)
    work: list[tuple[str, Aspect, Callable[..., str | Refusal | None]]] = []
    if rule.region != "keep":
        work.append((f"{block.name}.region", "region", partial(region, to=rule.region)))
    if rule.postcode == "format":
        work.append((f"{block.name}.postcode", "postcode", postcode))
    if rule.phone == "e164":
        read = partial(e164, extension=rule.extension)
        work += [(name, "phone", read) for name in (f"{block.name}.phone", *rule.phones)]
    for field, aspect, function in work:
        if field in block.fields:
            block.settle(field, per_value(function, (block.fields[field], countries)), aspect)
    _lines(block, countries)
    if rule.required:
        _needed(block, there, countries)
    _letters(block)


def _countries(block: _Block, there: Mask) -> pa.Array:
    """Write country codes and return them, null where none is known: those the document's own check tells of."""
    given = block.get("country")
    codes = per_value(country_code, (given,)).texts(lambda found: found if isinstance(found, str) else None)
    if block.rule.country:
        codes = pc.if_else(pa.array(there & block.blank("country")), pa.scalar(block.rule.country), codes)
    block.put("country", pc.coalesce(codes, given))
    parts = per_value(part_of_country, (given,)).texts(lambda found: found)
    if parts.null_count < len(parts):
        block.put("region", pc.coalesce(block.get("region"), parts))
    return codes


def _lines(block: _Block, countries: pa.Array) -> None:
    lines = (block.get("line1"), block.get("line2"))
    block.put("kind", per_value(kind_of_place, lines).texts(lambda kind: kind))
    if block.rule.units == "keep":
        return
    moved = per_value(_to_field if block.rule.units == "field" else _to_line2, (*lines, block.get("unit"), countries))
    if any(result is not None for result in moved.results):
        columns = zip(("line1", "line2", "unit"), (*lines, block.get("unit")), strict=True)
        untouched = pa.array(moved.rows(lambda result: result is None))
        for place, (part, given) in enumerate(columns):
            block.put(part, pc.if_else(untouched, given, moved.texts(partial(_at, place))))


def _to_line2(line1: str | None, line2: str | None, unit: str | None, country: str | None) -> _Lines | None:
    """Move the unit of the street line to line 2; None where there is none."""
    street, found = unit_parted(line1 or "", country)
    return (street, _listed(found, line2), unit) if found and street else None


def _to_field(line1: str | None, line2: str | None, unit: str | None, country: str | None) -> _Lines | None:
    """Move the units of both street lines to the field for them; None where there are none."""
    street, first = unit_parted(line1 or "", country)
    if not street:  # a line that is nothing but a unit stays: something has to stand there
        street, first = line1 or "", ""
    rest, second = unit_parted(line2 or "", country)
    return (street or None, rest or None, _listed(unit, first, second)) if first or second else None


def _at(place: int, lines: _Lines | None) -> str | None:
    return lines[place] if lines else None


def _listed(*texts: str | None) -> str | None:
    return ", ".join(text for text in texts if text) or None


def _needed(block: _Block, there: Mask, countries: pa.Array) -> None:
    wanted = per_value(_asked, (countries,))
    for part in ("country", "line1", "city", "region", "postcode"):
        missing = there & block.blank(part) & wanted.rows(partial(_has, part))
        for row in np.flatnonzero(missing).tolist():
            where = countries[row].as_py() or "every country"
            block.tell(row, f"{block.name}.{part}", Refusal("ADDRESS_LACKS", {"country": where}), "required")


def _asked(country: str | None) -> tuple[str, ...]:
    return ("country",) if country is None else needed(country)


def _has(part: str, parts: tuple[str, ...]) -> bool:
    return part in parts


def _letters(block: _Block) -> None:
    rule = block.rule
    named = ("region",) if rule.region == "name" else ()
    for field in [f"{block.name}.{part}" for part in (*_WORDS, *named)]:
        if field in block.fields and rule.transliterate != "no":
            plain = partial(transliterated, umlauts=rule.umlauts, keep=rule.transliterate)
            block.settle(field, per_value(plain, (block.fields[field],)), "letters")
        if field in block.fields and rule.upper:
            block.fields[field] = pc.utf8_upper(block.fields[field])
