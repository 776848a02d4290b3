"""Steps on addresses and telephone numbers; what they know of the world is loaded where a mapping uses them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import pyarrow as pa

from exchange.kernel.load import load
from exchange.mapping.kinds import blank_to_null
from exchange.mapping.render import as_text
from exchange.mapping.spec import (
    ArgumentError,
    Built,
    Context,
    Example,
    Inputs,
    Literally,
    Outcome,
    Parameter,
    Refused,
    Side,
    StepSpec,
    Wrong,
)

PER_VALUE = "exchange.postal.columns:per_value"
COUNTRY = "exchange.postal.countries:country_code"
CODES = "exchange.postal.countries:codes"
REFUSAL = "exchange.postal.refusal:Refusal"
REGION = "exchange.postal.regions:region"
POSTCODE = "exchange.postal.postcodes:postcode"
PHONE = "exchange.postal.phones:e164"
STREET = "exchange.postal.houses:street_name"
NUMBER = "exchange.postal.houses:house_number"
WITHOUT_UNIT = "exchange.postal.units:street_only"
UNIT = "exchange.postal.units:unit_only"
KIND = "exchange.postal.kinds:kind_of_place"
LATIN = "exchange.postal.latin:transliterated"
WRAPPED = "exchange.postal.wrapping:wrapped"


def _country(inputs: Inputs, named: Side | Literally) -> pa.Array:
    """Return the country code of each row, null where it has none that is known."""
    given = inputs.sides[named] if isinstance(named, Side) else pa.repeat(pa.scalar(named.text), inputs.rows)
    refusal = load(REFUSAL)
    codes = load(PER_VALUE)(load(COUNTRY), (as_text(given),))
    made: pa.Array = codes.texts(lambda code: None if isinstance(code, refusal) else code)
    return made


def _outcome(work: Callable[..., Any], columns: tuple[pa.Array, ...]) -> Outcome:
    """Run work on each different row of some columns; what it refuses is refused, with what its message needs."""
    refusal = load(REFUSAL)
    made = load(PER_VALUE)(work, columns)
    refused = []
    for code in dict.fromkeys(result.code for result in made.results if isinstance(result, refusal)):
        rows = made.rows(lambda result, code=code: isinstance(result, refusal) and result.code == code)
        names = next(result.detail for result in made.results if isinstance(result, refusal) and result.code == code)
        detail = {
            name: made.texts(
                lambda result, name=name: str(result.detail.get(name, "")) if _is(result, refusal) else None
            )
            for name in names
        }
        refused.append(Refused(rows, code, {}, detail))
    values = made.texts(lambda result: None if isinstance(result, refusal) else result)
    return Outcome(blank_to_null(values), tuple(refused))


def _is(result: object, kind: type) -> bool:
    return isinstance(result, kind)


def _by_country(row: str, *options: str) -> Callable[[Mapping[str, Any], Context], Built]:
    """Return the build function of a step on one text that depends on a country."""

    def build(arguments: Mapping[str, Any], _context: Context) -> Built:
        named = arguments["country"]
        if isinstance(named, Literally) and named.text not in load(CODES)():
            what = f"{named.text} is neither a column nor a country code"
            raise ArgumentError(Wrong("country", what, "write a column with the country, or a code such as DE"))
        work = partial(load(row), **{name: arguments[name] for name in options})
        return Built(lambda inputs: _outcome(work, (inputs.value, _country(inputs, named))), "text")

    return build


def _country_code(_arguments: Mapping[str, Any], _context: Context) -> Built:
    work = load(COUNTRY)
    return Built(lambda inputs: _outcome(work, (inputs.value,)), "text")


def _address_kind(_arguments: Mapping[str, Any], _context: Context) -> Built:
    work = load(KIND)
    return Built(lambda inputs: _outcome(work, inputs.values), "text")


def _transliterate(arguments: Mapping[str, Any], _context: Context) -> Built:
    work = partial(load(LATIN), umlauts=arguments["umlauts"], keep=arguments["keep"])
    return Built(lambda inputs: _outcome(work, (inputs.value,)), "text")


def _wrap_address(arguments: Mapping[str, Any], _context: Context) -> Built:
    lines, length, line = (arguments[name] for name in ("lines", "length", "line"))
    wrongs = [
        Wrong(name, f"{name} is {arguments[name]}", "write 1 or more")
        for name in ("lines", "length", "line")
        if arguments[name] < 1
    ]
    if line > lines:
        wrongs.append(Wrong("line", f"there is no line {line} of {lines}", f"write 1 to {lines}"))
    if wrongs:
        raise ArgumentError(*wrongs)
    wrapped, refusal = load(WRAPPED), load(REFUSAL)

    def work(*texts: str | None) -> object:
        made = wrapped(texts, lines, length)
        return made if isinstance(made, refusal) else made[line - 1] if line <= len(made) else None

    def run(inputs: Inputs) -> Outcome:
        made = _outcome(work, inputs.values)
        return made if line == 1 else Outcome(made.values)  # told once, by the first line, for all of them

    return Built(run, "text")


_COUNTRY = Parameter(
    "country", "unit", "Column or field with the country (name or code), or a code such as DE", required=True
)
_KEEP = Parameter("keep", "text", "Which letters stay as they are", default="ascii", choices=("ascii", "latin-1"))
_LINES = {"lines": 3, "length": 20}

STEPS = (
    StepSpec(
        "country_code",
        "Reads a country's name (in many languages) or code and writes its two-letter code (ISO 3166-1)",
        _country_code,
        examples=(
            Example(None, ("Germany",), "DE"),
            Example(None, ("DEUTSCHLAND",), "DE"),
            Example(None, ("U.S.A.",), "US"),
            Example(None, ("826",), "GB"),
            Example(None, ("Atlantis",), problem="UNKNOWN_COUNTRY"),
        ),
    ),
    StepSpec(
        "region_code",
        "Reads a state or province by name or code and writes its code (ISO 3166-2, without the country) or name; in a "
        "country whose post asks for none, what is unknown stays as it is",
        _by_country(REGION, "to"),
        parameters=(
            _COUNTRY,
            Parameter("to", "text", "What is written", default="code", choices=("code", "name")),
        ),
        examples=(
            Example({"country": "US"}, ("California",), "CA"),
            Example({"country": "US", "to": "name"}, ("US-CA",), "California"),
            Example({"country": "land"}, ("Québec",), "QC", beside={"land": "Canada"}),
            Example({"country": "GB"}, ("Middlesex",), "Middlesex"),
            Example({"country": "US"}, ("Bavaria",), problem="UNKNOWN_REGION"),
        ),
    ),
    StepSpec(
        "postcode",
        "Writes a postcode as its country does; every letter and digit stays, one that cannot be is a problem",
        _by_country(POSTCODE),
        parameters=(_COUNTRY,),
        examples=(
            Example({"country": "GB"}, ("sw1a1aa",), "SW1A 1AA"),
            Example({"country": "land"}, ("00950",), "00-950", beside={"land": "PL"}),
            Example({"country": "DE"}, ("D-20095",), "20095"),
            Example({"country": "DE"}, ("1067",), problem="POSTCODE_FORMAT"),
        ),
    ),
    StepSpec(
        "phone",
        "Writes a telephone number as E.164, by the country of its address; one that would lose a digit is a problem",
        _by_country(PHONE, "extension"),
        parameters=(
            _COUNTRY,
            Parameter(
                "extension", "text", "What becomes of an extension", default="refuse", choices=("refuse", "keep")
            ),
        ),
        examples=(
            Example({"country": "DE"}, ("040 / 123 456-0",), "+49401234560"),
            Example({"country": "land"}, ("(555) 010-1234",), "+15550101234", beside={"land": "US"}),
            Example({"country": "US", "extension": "keep"}, ("+1 210-728-4548 ext. 712",), "+12107284548 x712"),
            Example({"country": "US"}, ("+1 210-728-4548 ext. 712",), problem="PHONE_UNREADABLE"),
            Example({"country": "DE"}, ("0171 1234567 (Maria)",), problem="PHONE_UNREADABLE"),
        ),
    ),
    StepSpec(
        "street",
        "Keeps the street of a street line; where its house number cannot surely be told, the line stays whole",
        _by_country(STREET),
        parameters=(_COUNTRY,),
        examples=(
            Example({"country": "DE"}, ("Straße des 17. Juni 135",), "Straße des 17. Juni"),
            Example({"country": "GB"}, ("221B Baker Street",), "Baker Street"),
            Example({"country": "US"}, ("Route 66",), "Route 66"),
        ),
    ),
    StepSpec(
        "house_number",
        "Keeps the house number of a street line; blank where it cannot surely be told",
        _by_country(NUMBER),
        parameters=(_COUNTRY,),
        examples=(
            Example({"country": "DE"}, ("Musterstr. 12 a",), "12 a"),
            Example({"country": "GB"}, ("221B Baker Street",), "221B"),
            Example({"country": "US"}, ("Route 66",), None),
        ),
    ),
    StepSpec(
        "without_unit",
        "Keeps a street line without the apartment, suite or floor at its end",
        _by_country(WITHOUT_UNIT),
        parameters=(_COUNTRY,),
        examples=(
            Example({"country": "US"}, ("12 Main St Apt 4B",), "12 Main St"),
            Example({"country": "GB"}, ("Flat 3, 12 High St",), "12 High St"),
            Example({"country": "DE"}, ("Am Hafen 5",), "Am Hafen 5"),
        ),
    ),
    StepSpec(
        "unit_only",
        "Keeps the apartment, suite or floor of a street line; blank where it has none",
        _by_country(UNIT),
        parameters=(_COUNTRY,),
        examples=(
            Example({"country": "US"}, ("12 Main St, Suite 100, Floor 3",), "Suite 100, Floor 3"),
            Example({"country": "DE"}, ("Am Hafen 5, 3. OG",), "3. OG"),
            Example({"country": "DE"}, ("Am Hafen 5",), None),
        ),
    ),
    StepSpec(
        "address_kind",
        "Tells from the street lines what kind of place it is: street, po_box, locker or pickup",
        _address_kind,
        takes="many",
        examples=(
            Example(None, ("Packstation 123", "1234567"), "locker"),
            Example(None, ("P.O. Box 12", None), "po_box"),
            Example(None, ("Mondial Relay 0123", None), "pickup"),
            Example(None, ("12 Main St", None), "street"),
        ),
    ),
    StepSpec(
        "transliterate",
        "Writes text in plain letters; characters that have none (Chinese, Arabic) are a problem, never left out",
        _transliterate,
        parameters=(
            _KEEP,
            Parameter("umlauts", "text", "How ä becomes plain", default="ae", choices=("ae", "a")),
        ),
        examples=(
            Example(None, ("Größe",), "Groesse"),
            Example({"umlauts": "a"}, ("Malmö",), "Malmo"),
            Example("latin-1", ("Łódź, Größe",), "Lódz, Größe"),
            Example(None, ("Москва",), "Moskva"),
            Example(None, ("北京",), problem="NOT_TRANSLITERATED"),
        ),
    ),
    StepSpec(
        "wrap_address",
        "Fits several address lines into the target's lines, between words, and keeps one of them; an address that "
        "does not fit is a problem. Every line needs a field of its own",
        _wrap_address,
        parameters=(
            Parameter("line", "integer", "Which line is kept, from 1", required=True),
            Parameter("lines", "integer", "How many lines the target has", required=True),
            Parameter("length", "integer", "Characters of each", required=True),
        ),
        takes="many",
        examples=(
            Example({"line": 1, **_LINES}, ("12 Main St", "Apt 4B"), "12 Main St"),
            Example({"line": 2, **_LINES}, ("12 Main St", "Apt 4B"), "Apt 4B"),
            Example({"line": 2, **_LINES}, ("1600 Pennsylvania Avenue NW", "Apt 4"), "Avenue NW"),
            Example({"line": 3, **_LINES}, ("12 Main St", None), None),
            Example({"line": 1, **_LINES}, ("Donaudampfschifffahrtsgesellschaft 1",), problem="ADDRESS_TOO_LONG"),
        ),
    ),
)
