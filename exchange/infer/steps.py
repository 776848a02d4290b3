"""Chooses the steps that make a document field of a column, and says what a person has to decide about them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from exchange.documents.loader import Field
from exchange.infer.kinds import Looks
from exchange.infer.naming import words
from exchange.infer.synonyms import known_values
from exchange.infer.written import flow
from exchange.postal.countries import named

_ODD = 3
_MAPPED = 40
_PREFIXES = ("#", "'")

Step = str | dict[str, Any]


_WRONG: Step = {"decimal": {"point": ""}}
"""Stands where a person has to choose: `exchange check` names its line until then."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How a column becomes a field."""

    steps: tuple[Step, ...]
    notes: tuple[str, ...] = ()
    """What a person should know; comments above the field."""
    choose: str = ""
    """What a person has to write before the line can be used; blank where it works as it is."""


def steps_for(look: Looks, field: Field) -> Steps:
    """Return the steps from a column to a field."""
    made = _enumerated(look, field) if field.constraints.enum else _BY_TYPE[field.type](look, field)
    return replace(made, steps=("strip", *made.steps))


def _text(look: Looks, field: Field) -> Steps:
    if field.constraints.pattern and look.dates is not None:
        return _day(look)
    texts = look.column.distinct[:1000].to_pylist()
    before = next((mark for mark in _PREFIXES if texts and all(text.startswith(mark) for text in texts)), "")
    before = before or ("'" if any(text.startswith("'") for text in texts) and field.type == "identifier" else "")
    return Steps(({"remove_prefix": before},) if before else ())


def _day(look: Looks) -> Steps:
    moment = _moment(look, None)
    if moment.choose or (look.dates and look.dates.formats[0] != "%Y-%m-%d"):
        return replace(moment, steps=(*moment.steps, {"format_datetime": "%Y-%m-%d"}))
    return Steps((), moment.notes)


def _integer(look: Looks, _field: Field) -> Steps:
    numbers = look.numbers
    if numbers is None or numbers.whole:
        return Steps((*_sign(look), "integer"), _odd(look, numbers.odd if numbers else ()))
    point, group = numbers.point, numbers.group
    whole: Step = {"extract": rf"^([+-]?[0-9]+)(?:{re.escape(point)}0*)?$"}
    if numbers.ambiguous:
        without = f'{{replace: {{text: "{point}", with: ""}}}}'
        told = (
            f"ambiguous{_shown(look, point)}: a thousand and more, or one and a bit? choose {without} or {flow(whole)}"
        )
        return Steps((*_sign(look), _WRONG, "integer"), (told,), "thousands or decimals")
    made: tuple[Step, ...] = ({"replace": {"text": group, "with": ""}},) if group else ()
    told = f"the column has decimals, the field takes whole numbers: 2{point}00 is read as 2, 2{point}50 is a problem"
    return Steps((*_sign(look), *made, whole, "integer"), (told,))


def _decimal(look: Looks, field: Field) -> Steps:
    numbers = look.numbers
    scale: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    if look.unit is not None and field.unit == look.unit.of and look.unit.factor != "1":
        scale = ({"scale": look.unit.factor},)
        notes = (f"the column is in {look.unit.text}, the field in {field.unit}",)
    elif field.name == "weight_g" and look.unit is None:
        notes = ("the column's name has no unit: grams are assumed; for kilograms add {scale: 1000}",)
    if numbers is None:
        return Steps(("decimal", *scale), notes)
    notes = (*notes, *_odd(look, numbers.odd))
    if numbers.ambiguous:
        point = numbers.point
        told = f"ambiguous{_shown(look, point)}: a thousand and more, or one and a bit? choose {_both(point)}"
        return Steps((*_sign(look), _WRONG, *scale), (*notes, told), "thousands or decimals")
    plain = numbers.point == "." and not numbers.group
    written = {"point": numbers.point} | ({"group": numbers.group} if numbers.group else {})
    step: Step = "decimal" if plain else {"decimal": written}
    return Steps((*_sign(look), step, *scale), notes)


def _both(point: str) -> str:
    other = "," if point == "." else "."
    return f'{{decimal: {{point: "{point}"}}}} or {{decimal: {{point: "{other}", group: "{point}"}}}}'


def _sign(look: Looks) -> tuple[Step, ...]:
    numbers = look.numbers
    if numbers is None or not (numbers.sign or numbers.behind):
        return ()
    return ({"remove_prefix": numbers.sign},) if numbers.sign else ({"remove_suffix": numbers.behind},)


def _moment(look: Looks, _field: Field | None) -> Steps:
    dates = look.dates
    if dates is None:
        return Steps(({"parse_date": ""},), ("no format fits these dates",), "the format of the date")
    name = "parse_datetime" if dates.has_time else "parse_date"
    notes = _odd(look, dates.odd)
    if dates.ambiguous:
        written = " or ".join(_step_text(name, form, zone=dates.has_zone) for form in dates.formats)
        told = f"ambiguous day/month{_shown(look)}: choose {written}"
        return Steps(({name: ""},), (*notes, told), "day/month")
    form = dates.formats[0]
    if name == "parse_date" or dates.has_zone:
        return Steps(({name: form},), notes)
    told = "the text names no time zone: UTC is assumed; write the sender's, for example Europe/Berlin"
    return Steps(({name: {"format": form, "timezone": "UTC"}},), (*notes, told))


def _step_text(name: str, form: str, *, zone: bool) -> str:
    return (
        f'{{{name}: "{form}"}}' if name == "parse_date" or zone else f'{{{name}: {{format: "{form}", timezone: UTC}}}}'
    )


def _boolean(look: Looks, _field: Field) -> Steps:
    if look.yes_no is None or look.yes_no in {("true", "false"), ("yes", "no"), ("1", "0")}:
        return Steps(("boolean",))
    yes, no = look.yes_no
    return Steps(({"boolean": {"yes": [yes], "no": [no]}},))


def _code(look: Looks, _field: Field) -> Steps:
    if look.is_a != "country_name":
        return Steps(("upper",))
    return Steps(({"map_values": _mapped_countries(look)}, "upper"))


def country_steps(look: Looks) -> tuple[Step, ...]:
    """Return the steps of the country in an address block, which trims and writes in capitals by itself."""
    return ({"map_values": _mapped_countries(look)},) if look.is_a == "country_name" else ()


def _mapped_countries(look: Looks) -> dict[str, str]:
    texts = look.column.distinct[:_MAPPED].to_pylist()
    return {text: code for text in texts if (code := named(text)) is not None}


def _enumerated(look: Looks, field: Field) -> Steps:
    known = known_values(field.name)
    texts = look.column.distinct[:200].to_pylist()
    if all(text.lower() in field.constraints.enum for text in texts):
        return Steps(("lower",))
    meant = {text.lower(): known[" ".join(words(text))] for text in texts if " ".join(words(text)) in known}
    meant = {text: value for text, value in meant.items() if value in field.constraints.enum}
    unknown = [text for text in texts if text.lower() not in meant]
    notes = (
        (f"not known: {', '.join(unknown[:5])}: add what they mean; until then they are problems",) if unknown else ()
    )
    return Steps(("lower", {"map_values": meant}), notes)


def _odd(look: Looks, texts: tuple[str, ...]) -> tuple[str, ...]:
    if not texts:
        return ()
    places = [
        f"line {look.column.line_of(text)}" + (f' "{text[:24]}"' if look.tells_of_nobody(text) else "")
        for text in texts[:_ODD]
    ]
    more = f" and {len(texts) - _ODD} more" if len(texts) > _ODD else ""
    return (f"these do not fit and will be rejected: {', '.join(places)}{more}",)


def _shown(look: Looks, mark: str = "") -> str:
    """Return a cell for a note; `mark`: what it has in it."""
    text = next((text for text in look.column.distinct.to_pylist() if mark in text), "") if mark else look.example
    return f' (as "{text[:24]}")' if text and look.tells_of_nobody(text) else ""


_BY_TYPE: dict[str, Callable[[Looks, Field], Steps]] = {
    "text": _text,
    "identifier": _text,
    "integer": _integer,
    "decimal": _decimal,
    "datetime": _moment,
    "boolean": _boolean,
    "country": _code,
    "currency": _code,
}
