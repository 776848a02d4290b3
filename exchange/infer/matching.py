"""Matches columns with document fields by name, synonyms and content; each match has a confidence and its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from exchange.documents.loader import Document, Field
from exchange.infer.grouping import Grouping
from exchange.infer.identifiers import LOOKED_AT, RECOGNISED
from exchange.infer.kinds import Looks
from exchange.infer.naming import alike, words
from exchange.infer.synonyms import Words, all_names, before_lines, known_values, other_parties, synonyms
from exchange.kernel.plural import many, which
from exchange.postal.countries import named

Level = Literal["fields", "lines"]
Judged = tuple[float, tuple[str, ...]]
"""How sure it is that a column is a field, from 0 to 1, and why."""
SURE = 0.55
"""From here on a match is part of the draft; below it is a comment."""
MAYBE = 0.35
_GROUPED = 0.75
"""How sure it is at least that a column by which rows are grouped is the number of the document."""
_ADDRESS = 0.2
"""What a part of an address tells of the document, beside any other field: everybody sends addresses."""
_LEAF = 0.7
"""How much of a name the last step of a path is where the steps above say something else."""
_RANK = 0.01
"""What each place further down the list of synonyms takes away."""
_FORBIDDEN = -1.0
"""What content adds to a match that cannot be."""
_OWN = 1.0
"""How much the `ID` that stands in the element of a record itself is called like its number."""
_NESTED = 0.9
"""How much of that remains of another thing's number, however it is called, where a record has its own."""
_FULL = 0.9
"""How much a name is at least like one of a field to be that field's name in full."""
_NUMBERS = {"order_number", "shipment_number"}
_COUNTED = {"text", "integer", "blank"}
_BARE = {("id",), ("number",)}
_BUYER = ("ship_to.", "bill_to.", "customer_")
"""What fields begin with that tell of who buys or receives."""
_CONTENT = {
    "customer_email": "email",
    "barcode": "gtin",
    "package": "sscc",
    "currency": "currency",
}
"""Field -> what its values are recognised as, whatever the column is called."""


@dataclass(frozen=True, slots=True)
class Match:
    """One column and the field it most probably is."""

    column: str
    level: Level
    field: str
    confidence: float
    reasons: tuple[str, ...]
    alone: float = 0.0
    """How sure it would be if rows were not grouped by the column."""

    @property
    def told(self) -> str:
        """The comment of its line."""
        return f"{self.confidence:.2f}: {', '.join(self.reasons)}"


@dataclass(frozen=True, slots=True)
class Matches:
    """What was found for one document."""

    kind: Document
    chosen: tuple[Match, ...]
    maybe: Mapping[str, Match]
    """Column that is not used -> the field it might be."""

    @property
    def score(self) -> float:
        """How well the document fits the file: matches, and how many of the fields it needs are among them."""
        needed = list(_needed(self.kind))
        filled = {(match.level, match.field) for match in self.chosen}
        fits = sum(match.confidence * (_ADDRESS if "." in match.field else 1) for match in self.chosen)
        return fits + 3 * len(filled & set(needed)) / len(needed)

    def of(self, level: Level, field: str) -> Match | None:
        """Return the match of a field."""
        return next((match for match in self.chosen if (match.level, match.field) == (level, field)), None)


def match(kind: Document, looks: Mapping[str, Looks], grouping: Grouping | None) -> Matches:
    """Return the best pairs of columns and fields, each column and each field once, the surest first."""
    found = sorted(_candidates(kind, looks, grouping), key=lambda each: (-each.confidence, each.field))
    chosen: list[Match] = []
    maybe: dict[str, Match] = {}
    columns, fields = set[str](), set[tuple[str, str]]()
    for each in found:
        place = (each.level, each.field)
        if each.column in columns or place in fields or each.confidence < SURE:
            continue
        chosen.append(each)
        columns.add(each.column)
        fields.add(place)
    for each in found:
        if each.column not in columns and (each.level, each.field) not in fields:
            maybe.setdefault(each.column, each)
    return Matches(kind, tuple(chosen), maybe)


def called_like_a_number(kind: Document, looks: Mapping[str, Looks]) -> dict[str, float]:
    """Return how much each column is called like the number of the document, from 0 to 1."""
    own = synonyms(kind.name)
    made = {}
    numbered = own_number(kind, looks)
    for name, look in looks.items():
        spelled = words(look.title)
        scores = [_by_name(spelled, own.fields[kind.key])]
        scores.append(_by_leaf(look, own.fields[kind.key]))
        scores += [0.85 * _by_name(spelled, own.fields[other]) for other in own.instead.get(kind.key, ())]
        nested = numbered is not None and not look.direct
        made[name] = _OWN if name == numbered else max(scores) * (_NESTED if nested else 1)
    return made


def of_other_fields(kind: Document, looks: Mapping[str, Looks]) -> frozenset[str]:
    """Return the columns that are called like a field which tells nothing of which document a row belongs to."""
    own = synonyms(kind.name)
    key = {kind.key, *own.instead.get(kind.key, ())}
    names = [each for level in (own.fields, own.lines) for field, each in level.items() if field not in key]
    return frozenset(
        name for name, look in looks.items() if any(_by_name(words(look.title), each) >= _FULL for each in names)
    )


def own_number(kind: Document, looks: Mapping[str, Looks]) -> str | None:
    """Return the `ID` or `Number` that stands in the element of the record itself: whose else should it be?

    None where there is none, where the element has a number by its full name (`OrderNumber`), and for items.
    """
    names = synonyms(kind.name).fields[kind.key]
    direct = [look for look in looks.values() if look.direct]
    if kind.key == "item_number" or any(_by_name(words(look.title), names) >= _FULL for look in direct):
        return None
    return next((look.name for look in direct if words(look.title) in _BARE and look.kind in _COUNTED), None)


def _needed(kind: Document) -> Iterator[tuple[str, str]]:
    yield from (("fields", name) for name, field in kind.fields.items() if field.constraints.required)
    yield from (("lines", name) for name, field in kind.lines.items() if field.constraints.required)


def _candidates(kind: Document, looks: Mapping[str, Looks], grouping: Grouping | None) -> Iterator[Match]:
    own = synonyms(kind.name)
    numbered = own_number(kind, looks)
    levels: tuple[tuple[Level, dict[str, Field], dict[str, tuple[Words, ...]]], ...] = (
        ("fields", kind.fields, own.fields),
        ("lines", kind.lines, own.lines),
    )
    for look in looks.values():
        for level, fields, names in levels:
            if not _fits_level(look.name, level, grouping):
                continue
            for field in fields.values():
                made = _judge(look, field, names[field.name], lines=level == "lines")
                is_key = level == "fields" and field.name == kind.key
                if is_key and look.name == numbered:
                    made = _OWN, (f'name "{look.name}"', "it stands in the record itself")
                alone = made[0] if made is not None else 0.0
                if is_key and grouping is not None:
                    made = _key(made) if grouping.key == look.name else None
                if made is not None and made[0] >= MAYBE:
                    yield Match(look.name, level, field.name, min(made[0], 0.99), made[1], alone)


def _key(made: Judged | None) -> Judged:
    """Return how sure it is that the column by which rows are grouped numbers the documents."""
    confidence, reasons = made or (0.0, ())
    return max(_GROUPED, confidence), (*reasons, "rows are grouped by it")


def _fits_level(column: str, level: str, grouping: Grouping | None) -> bool:
    return grouping is None or (column not in grouping.varying if level == "fields" else column != grouping.key)


def _judge(look: Looks, field: Field, names: tuple[Words, ...], *, lines: bool) -> Judged | None:
    """Return how sure it is that a column is a field, and why; None where its content forbids it."""
    spelled = words(look.title)
    if field.name.startswith(_BUYER) and other_parties() & set(words(look.name)):
        return None
    by_name = _by_name(spelled, names)
    if lines:
        by_name = max(by_name, 0.97 * max(_by_name(rest, names) for rest in _without_before(spelled)))
    elif "." not in field.name:
        by_name = max(by_name, _by_leaf(look, names))
    reasons = [f'name "{look.name}"'] if by_name else []
    content, why = _content(look, field)
    if content <= _FORBIDDEN:
        return None
    if why:
        reasons.append(why)
    if _CONTENT.get(field.name.rpartition(".")[2]) == look.is_a != "" and by_name < 0.6:
        by_name = 0.6
    return by_name * (0.94 + content), tuple(reasons)


def _by_name(spelled: Words, names: tuple[Words, ...]) -> float:
    slips = spelled not in all_names()
    scores = (alike(spelled, name, misspelt=slips) - _RANK * min(rank, 12) for rank, name in enumerate(names))
    return max(scores, default=0.0)


def _by_leaf(look: Looks, names: tuple[Words, ...]) -> float:
    """Return how much the last step of a path alone is called so; one word alone says too little."""
    _, way, leaf = look.title.rpartition("/")
    spelled = words(leaf) if way else ()
    return _LEAF * _by_name(spelled, names) if len(spelled) > 1 else 0.0


def _without_before(spelled: Words) -> Iterator[Words]:
    yield ()
    for before in before_lines():
        if spelled[: len(before)] == before and len(spelled) > len(before):
            yield spelled[len(before) :]


def _content(look: Looks, field: Field) -> tuple[float, str]:
    """Return what the cells add to a match and how that is told."""
    if look.kind == "blank":
        if field.type == "datetime":
            return _FORBIDDEN, ""  # nobody can tell how its dates would be written
        return -0.25, "blank in every row"
    if field.constraints.enum:
        return _enumerated(look, field)
    return _BY_TYPE[field.type](look, field)


def _enumerated(look: Looks, field: Field) -> tuple[float, str]:
    known = known_values(field.name)
    texts = look.column.distinct.to_pylist()[:200]
    meant = [text for text in texts if " ".join(words(text)) in known]
    if not meant or len(texts) > 30:
        return _FORBIDDEN, ""
    told = f"{len(meant)} of {many(len(texts), 'value')} {which(len(meant), 'is', 'are')} known"
    return 0.05 if len(meant) == len(texts) else -0.15, told


def _number(look: Looks, field: Field) -> tuple[float, str]:
    numbers = look.numbers
    if numbers is None or look.kept == "long digits" or look.is_a == "gtin":
        return _FORBIDDEN, ""
    if look.title.endswith("?"):
        return -0.5, "a question is answered by yes or no"
    if field.type == "integer" and not numbers.whole:
        return -0.3, "values are no whole numbers"
    return 0.03, ""


def _moment(look: Looks, _field: Field) -> tuple[float, str]:
    return (_FORBIDDEN, "") if look.dates is None else (0.05, f"values are {look.kind}s")


def _boolean(look: Looks, _field: Field) -> tuple[float, str]:
    return (_FORBIDDEN, "") if look.yes_no is None else (0.05, "values are yes or no")


def _country(look: Looks, _field: Field) -> tuple[float, str]:
    if look.is_a in {"country", "country_name"}:
        return 0.05, f"values are {RECOGNISED[look.is_a][0]}"
    texts = look.column.distinct.to_pylist()[:LOOKED_AT]
    known = sum(named(text) is not None for text in texts)
    told = f"{known} of {many(len(texts), 'value')} {which(known, 'is a country', 'are countries')}"
    return (-0.15 if 2 * known >= len(texts) else -0.4), told


def _currency(look: Looks, _field: Field) -> tuple[float, str]:
    return (0.05, f"values are {RECOGNISED['currency'][0]}") if look.is_a == "currency" else (_FORBIDDEN, "")


def _identifier(look: Looks, field: Field) -> tuple[float, str]:
    if look.is_a in {"gtin", "sscc"}:
        return 0.05, f"values are {_gtin_kind(look) or RECOGNISED[look.is_a][0]}"
    if field.name.endswith("phone"):
        return (0.05, "values are telephone numbers") if look.is_a == "phone" else (-0.2, "")
    if look.kind in {"date", "datetime", "decimal"}:
        return -0.35, f"values are {look.kind}s"
    if field.name in {"item_number", "sku"} and (look.counts or _first_place(look)):
        return -0.4, "values count the lines"
    if look.kept:
        return 0.04, f"digits kept as text ({look.kept})"
    return _code(look, field)


def _first_place(look: Looks) -> bool:
    """Tell whether a column is the `ID` of lines of which there is only the first one."""
    return words(look.title.rpartition("/")[2]) in _BARE and look.column.distinct.to_pylist() == ["1"]


def _code(look: Looks, field: Field) -> tuple[float, str]:
    if field.name in _NUMBERS and look.digits == 0:
        return -0.4, "no value has a digit"
    return (0.03, "") if look.codes > 0.6 or field.name.endswith("postcode") else (-0.06, "values look like words")


def _gtin_kind(look: Looks) -> str:
    """Return `GTIN-13`, say, where all codes are of one length."""
    lengths = {len(text) for text in look.column.distinct.to_pylist()[:LOOKED_AT]}
    return f"GTIN-{lengths.pop()}" if look.is_a == "gtin" and len(lengths) == 1 else ""


def _text(look: Looks, field: Field) -> tuple[float, str]:
    if field.pii == "email":
        known = look.is_a == "email"
        return (0.05, "values are e-mail addresses") if known else (-0.4, "values are no e-mail addresses")
    if field.constraints.pattern:
        return (0.0, f"values are {look.kind}s") if look.dates is not None else (_FORBIDDEN, "")
    if look.is_a in {"email", "gtin", "sscc"} or look.kind in {"date", "datetime"}:
        return -0.5, f"values are {look.kind}s" if look.dates else f"values are {RECOGNISED[look.is_a][0]}"
    wordy = field.name in {"description", "notes"} and look.codes > 0.9
    return (-0.06, "values look like codes") if wordy else (0.02, "")


_BY_TYPE = {
    "text": _text,
    "identifier": _identifier,
    "integer": _number,
    "decimal": _number,
    "datetime": _moment,
    "boolean": _boolean,
    "country": _country,
    "currency": _currency,
}
