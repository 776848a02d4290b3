"""Gives stock to what is ordered, over the whole file in its order, and says what becomes of orders that come short."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from exchange.engine.facts import FILTERED, HELD, OUT, SpanFacts, refuse
from exchange.engine.moves import CHANGE, NEW, Moves
from exchange.engine.pieces import Piece, Pieces, rounds, taken_by
from exchange.engine.prepared import Prepared, as_ints, as_mask
from exchange.engine.supply import Key, Stock, Supply, supply_of
from exchange.kernel.backorder_rows import Want
from exchange.kernel.chunk import Ints, Mask
from exchange.kernel.model import Claim, Origin
from exchange.kernel.pipeline import Allotting, Life
from exchange.kernel.problems import Problem
from exchange.kernel.stock_rows import EACH

WAITS = "waits for stock: "
"""Begins the reason of documents that wait, whole or in part."""
_SHOWN = 3

Kind = tuple[str, str, str]
"""(warehouse, item, unit): lines of one kind stand for each other."""


class Spans(Protocol):
    """The spans of a file."""

    def get(self, index: int) -> Prepared:
        """Return one of them."""
        ...


@dataclass(slots=True)
class _Ask:
    """The lines of one document that take stock."""

    span: int
    document: int
    first: int
    """Its first record: documents are served in the order of the file."""
    lines: list[tuple[int, Kind, int]] = field(default_factory=list)
    """(row in the table of lines, kind, quantity)."""
    had: Mapping[Kind, Sequence[Piece]] = field(default_factory=dict)
    """What was sent before, by round."""


@dataclass(slots=True)
class _Given:
    """What one document gets: per line, its pieces and what is missing."""

    pieces: list[list[Piece]]
    fresh: list[int]
    """Of each line, how much is taken of stock now."""
    missing: list[int]


def allot(spool: Spans, spans: Sequence[SpanFacts], whose: tuple[Claim, Allotting], stock: Stock) -> None:
    """Give stock to the documents that go out, and write down what that makes of them.

    What was sent before keeps what it has. `whose`: the claim, and how stock is given.
    """
    claim, rules = whose
    if claim.origin is Origin.BASELINE:
        return
    kinds: dict[Kind, int] = {}
    asked = [_asked(spool.get(index), facts, kinds) for index, facts in enumerate(spans)]
    keys = [_key(kind, rules) for kind in kinds]
    supply = supply_of(stock, rules, set(keys))
    short = _contested(asked, list(kinds), keys, supply)
    asks: list[_Ask] = []
    for span, lines in enumerate(asked):
        alone = lines.by_itself(short)
        asks += lines.asks(span, alone, list(kinds))
        for key, kind, quantity in zip(keys, kinds, lines.sums(len(kinds), ~alone).tolist(), strict=True):
            supply.give(key, kind[2], quantity)
    _one_by_one(spool, spans, sorted(asks, key=lambda ask: ask.first), supply, whose)
    if rules.taken is not None:
        for key, quantity in supply.given.items():
            rules.taken[key] = rules.taken.get(key, 0) + quantity


def of_one_seal(life: Life) -> Life:
    """Return the rules for files that are sealed together: what one was given, the others have not got."""
    return life if life.allot is None else replace(life, allot=replace(life.allot, taken={}))


def _one_by_one(
    spool: Spans, spans: Sequence[SpanFacts], asks: Sequence[_Ask], supply: Supply, whose: tuple[Claim, Allotting]
) -> None:
    """Serve the documents that there may be too little for, and those that have something already."""
    claim, rules = whose
    split: dict[int, dict[int, tuple[Piece, ...]]] = {}
    opened: dict[int, Prepared] = {}
    for ask in asks:
        if ask.span not in opened:
            opened = {ask.span: spool.get(ask.span)}
        given = _give(ask, supply, rules, claim)
        if not _settle(ask, given, spans[ask.span], (rules, claim), opened[ask.span]):
            continue
        for (row, kind, quantity), pieces, fresh in zip(ask.lines, given.pieces, given.fresh, strict=True):
            supply.give(_key(kind, rules), kind[2], fresh)
            if pieces != [Piece(0, quantity)]:
                split.setdefault(ask.span, {})[row] = tuple(pieces)
    for span, lines in split.items():
        rows = sorted(lines)
        spans[span].pieces = Pieces(tuple(rows), tuple(lines[row] for row in rows))


def _key(kind: Kind, rules: Allotting) -> Key:
    return kind[0] if rules.by_location else "", kind[1]


# --- what is asked for ------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class _Asked:
    """The lines of one span that take stock, those of a document adjacent."""

    rows: Ints
    """In the table of lines."""
    document: Ints
    code: Ints
    """Place of each line's kind among the kinds."""
    quantity: Ints
    first: Ints
    """First record of each document of the span: documents are served in the order of the file."""
    had: Mapping[int, Mapping[Kind, Sequence[Piece]]]

    def sums(self, kinds: int, which: Mask | None = None) -> Ints:
        """Return how much is asked for of each kind."""
        made = np.zeros(kinds, np.int64)
        chosen = slice(None) if which is None else which
        np.add.at(made, self.code[chosen], self.quantity[chosen])
        return made

    def by_itself(self, short: Mask) -> Mask:
        """Return the lines of documents that need a closer look: they ask for what is short, or have something."""
        closer = np.zeros(len(self.first), bool)
        closer[self.document[short[self.code]]] = True
        closer[list(self.had)] = True
        made: Mask = closer[self.document]
        return made

    def asks(self, span: int, which: Mask, kinds: Sequence[Kind]) -> Iterator[_Ask]:
        """Yield the documents of some lines."""
        ask: _Ask | None = None
        for place in np.flatnonzero(which).tolist():
            document = int(self.document[place])
            if ask is None or ask.document != document:
                if ask is not None:
                    yield ask
                ask = _Ask(span, document, int(self.first[document]), had=self.had.get(document, {}))
            ask.lines.append((int(self.rows[place]), kinds[self.code[place]], int(self.quantity[place])))
        if ask is not None:
            yield ask


def _asked(prepared: Prepared, facts: SpanFacts, kinds: dict[Kind, int]) -> _Asked:
    """Return the lines that take stock, of documents that go out; new kinds are added to `kinds`."""
    lines, moves = prepared.lines, facts.moves
    goes = (facts.disposition == OUT) & as_mask(prepared.header, "_ships")
    if moves is not None:
        goes &= np.isin(moves.action, (NEW, CHANGE))
    owner = as_ints(lines, "_owner")
    counts = "quantity" in lines.column_names
    rows = np.flatnonzero(goes[owner] & as_mask(lines, "_keep") & _shipped(lines)) if counts else np.empty(0, np.int64)
    code, distinct = _kinds(lines, rows)
    number = np.array([kinds.setdefault(kind, len(kinds)) for kind in distinct], np.int64)
    had = {} if moves is None else _had(moves)
    going = {document: pieces for document, pieces in had.items() if goes[document]}
    quantity = as_ints(lines, "quantity")[rows] if counts else rows
    return _Asked(rows, owner[rows], number[code], quantity, prepared.numbers("_first"), going)


def _shipped(lines: pa.Table) -> Mask:
    if "requires_shipping" not in lines.column_names:
        return np.ones(lines.num_rows, bool)
    made: Mask = pc.fill_null(lines.column("requires_shipping"), fill_value=True).to_numpy().astype(bool)
    return made


def _kinds(lines: pa.Table, rows: Ints) -> tuple[Ints, list[Kind]]:
    """Return the distinct kinds of some lines, and which of them each line is of."""
    picked = lines.take(pa.array(rows))
    joined = pc.binary_join_element_wise(*(_texts(picked, *each) for each in _KIND), _BETWEEN)
    encoded = joined.dictionary_encode()
    parts = [text.split(_BETWEEN) for text in encoded.dictionary.to_pylist()]
    return encoded.indices.to_numpy().astype(np.int64), [(warehouse, item, unit) for warehouse, item, unit in parts]


_BETWEEN = "\x1f"
_KIND = ((("warehouse",), ""), (("item_number", "sku"), ""), (("unit",), EACH))


def _texts(lines: pa.Table, names: tuple[str, ...], default: str) -> pa.Array:
    columns = [lines.column(name).combine_chunks().cast(pa.string()) for name in names if name in lines.column_names]
    return pc.coalesce(*columns, pa.repeat(pa.scalar(default), lines.num_rows))


def _had(moves: Moves) -> dict[int, dict[Kind, list[Piece]]]:
    """Return what warehouses have of the documents of a span, by document and kind of line."""
    lines = moves.recalled.lines
    rows = np.flatnonzero((as_ints(lines, "_part") > 0) & as_mask(lines, "_keep") & taken_by(lines, parts=True))
    shipment = rounds(lines, rows)
    numbers = [0] * len(rows) if shipment is None else shipment.tolist()
    owner, quantity = as_ints(lines, "_owner")[rows].tolist(), as_ints(lines, "quantity")[rows].tolist()
    found: dict[int, dict[Kind, list[Piece]]] = {}
    code, kinds = _kinds(lines, rows)
    for place, kind, number, many in zip(owner, code.tolist(), numbers, quantity, strict=True):
        of_document = found.setdefault(int(moves.recalled.document[place]), {})
        of_document.setdefault(kinds[kind], []).append(Piece(number, many))
    for of_document in found.values():
        for pieces in of_document.values():
            pieces.sort()
    return found


def _contested(asked: Sequence[_Asked], kinds: Sequence[Kind], keys: Sequence[Key], supply: Supply) -> Mask:
    """Return the kinds that there is not enough of for all who ask."""
    wanted: dict[Key, int] = {}
    sums = sum((lines.sums(len(kinds)) for lines in asked), np.zeros(len(kinds), np.int64)).tolist()
    sizes = [supply.size(item, unit) for _, item, unit in kinds]
    for key, size, quantity in zip(keys, sizes, sums, strict=True):
        wanted[key] = wanted.get(key, 0) + quantity * (size or 0)
    left = {key: supply.left(key) for key in wanted}
    short = {key for key, there in left.items() if there is not None and wanted[key] > there}
    unknown = {key for key, size in zip(keys, sizes, strict=True) if size is None and left[key] is not None}
    return np.array([key in short or key in unknown for key in keys], bool)


# --- what is given ----------------------------------------------------------------------------------------------------
def _give(ask: _Ask, supply: Supply, rules: Allotting, claim: Claim) -> _Given:
    """Return what a document keeps and what it gets; nothing is taken of the supply yet."""
    pool = {kind: list(pieces) for kind, pieces in ask.had.items()}
    sent = [piece.round for pieces in ask.had.values() for piece in pieces]
    round_ = max(sent) + 1 if sent and claim.origin.of_held else 0
    everything = claim.origin is Origin.RELEASE or rules.short == "send"
    given, ahead = _Given([], [], []), dict[Key, int]()
    for _, kind, quantity in ask.lines:
        key, unit = _key(kind, rules), kind[2]
        kept = _reused(pool.get(kind, []), quantity)
        wanted = quantity - sum(piece.quantity for piece in kept)
        there = supply.units(key, unit, wanted, ahead.get(key, 0))
        fresh = wanted if everything else there
        ahead[key] = ahead.get(key, 0) + fresh * (supply.size(kind[1], unit) or 0)
        given.pieces.append(_with(kept, round_, fresh))
        given.fresh.append(fresh)
        given.missing.append(wanted - there)
    return given


def _reused(pool: list[Piece], quantity: int) -> list[Piece]:
    """Take pieces that were sent before, the earliest first, up to a quantity."""
    kept = []
    while pool and quantity:
        first = pool.pop(0)
        many = min(first.quantity, quantity)
        kept.append(Piece(first.round, many))
        quantity -= many
        if many < first.quantity:
            pool.insert(0, Piece(first.round, first.quantity - many))
    return kept


def _with(kept: Sequence[Piece], round_: int, fresh: int) -> list[Piece]:
    summed: dict[int, int] = {}
    for piece in (*kept, Piece(round_, fresh)):
        if piece.quantity:
            summed[piece.round] = summed.get(piece.round, 0) + piece.quantity
    return [Piece(number, quantity) for number, quantity in sorted(summed.items())]


# --- what becomes of it -----------------------------------------------------------------------------------------------
def _settle(ask: _Ask, given: _Given, facts: SpanFacts, whose: tuple[Allotting, Claim], prepared: Prepared) -> bool:
    """Write down what becomes of a document; returns whether it goes out with what it was given."""
    rules, claim = whose
    short = [place for place, missing in enumerate(given.missing) if missing]
    if not short or claim.origin is Origin.RELEASE:
        return True
    if rules.short == "send":
        for place in short:
            facts.problems.setdefault(ask.document, []).append(_problem("SENT_SHORT", ask, given, place, prepared))
        return True
    if rules.short == "reject":
        for place in short:
            refuse(facts, ask.document, _problem("OUT_OF_STOCK", ask, given, place, prepared))
        _forget(facts, ask.document)
        return False
    backorders = rules.short == "backorder" and any(given.pieces)
    places = short if rules.short == "backorder" else range(len(given.missing))
    wants = tuple(_want(ask, given, place, prepared, rules) for place in places)
    wants = tuple(want for want in wants if want.quantity)
    if backorders and claim.origin is Origin.BACKORDER and not any(given.fresh):
        facts.disposition[ask.document], facts.reason[ask.document] = FILTERED, WAITS + _said(wants)
        _forget(facts, ask.document)
        return False
    facts.waits[ask.document] = wants
    facts.reason[ask.document] = WAITS + _said([_want(ask, given, place, prepared, rules) for place in short])
    if not backorders:
        facts.disposition[ask.document] = HELD
        _forget(facts, ask.document)
    return backorders


def _forget(facts: SpanFacts, document: int) -> None:
    """Let the targets of a document be told nothing."""
    if facts.moves is not None:
        facts.moves.action[document] = NEW


def _want(ask: _Ask, given: _Given, place: int, prepared: Prepared, rules: Allotting) -> Want:
    row, kind, _ = ask.lines[place]
    quantity = given.missing[place] + (given.fresh[place] if rules.short == "hold" else 0)
    called = prepared.lines.column("sku")[row].as_py() if "sku" in prepared.lines.column_names else None
    return Want(kind[0] if rules.by_location else "", kind[1], kind[2], quantity, called or "")


def _said(wants: Sequence[Want]) -> str:
    more = f" and {len(wants) - _SHOWN} more" if len(wants) > _SHOWN else ""
    return ", ".join(want.shown for want in wants[:_SHOWN]) + more


def _problem(code: str, ask: _Ask, given: _Given, place: int, prepared: Prepared) -> Problem:
    row, kind, quantity = ask.lines[place]
    line, record = int(as_ints(prepared.lines, "_line")[row]), int(as_ints(prepared.lines, "_record")[row])
    sku = prepared.lines.column("sku")[row].as_py() if "sku" in prepared.lines.column_names else None
    detail = {
        "item": sku or kind[1],
        "location": kind[0] or "any warehouse",
        "there": quantity - given.missing[place],
    }
    return Problem(code, line, record, "quantity", str(quantity), detail)
