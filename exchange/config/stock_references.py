"""Alone finds what flows say of stock, told or taken, that their mappings and the other flows do not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Flow, PickUp
from exchange.config.suggest import suggest
from exchange.kernel.errors import Mistake

_UNFIT = "MAPPING_UNFIT"


def stock_mistakes(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Return the mistakes of `stock` in pick-ups and of `reserve` in rules."""
    for number, pick_up in enumerate(value.pick_up):
        if pick_up.stock is not None:
            yield from _reads(flow, ("pick_up", number, "stock"), (pick_up, "stock"), files)
            yield from _column(flow, number, pick_up, files)
            yield from _numbers(flow, value, number)
    if value.rules.reserve:
        yield from _reads(flow, ("rules", "reserve"), (value.pick_up[0], "order"), files)
        yield from _told(flow, value)
    elif value.rules.reserved is None:
        yield from _never_taken(flow, value, files)


def _reads(
    flow: Loaded[Flow], path: tuple[str | int, ...], what: tuple[PickUp, str], files: Files
) -> Iterator[Mistake]:
    pick_up, kind = what
    mapping = files.mappings.get(pick_up.mapping)
    read = mapping.value.reads if mapping is not None and mapping.value is not None else None
    if read not in {None, kind}:
        said = f"`{path[-1]}` is for documents of kind {kind!r}, mapping {pick_up.mapping!r} reads {read!r}"
        yield flow.mistake(path, said, "remove it", code=_UNFIT)


def _column(flow: Loaded[Flow], number: int, pick_up: PickUp, files: Files) -> Iterator[Mistake]:
    sequence = pick_up.stock.sequence if pick_up.stock is not None else None
    mapping = files.mappings.get(pick_up.mapping)
    if sequence is None or not sequence.column or mapping is None or mapping.value is None:
        return
    schema = files.schemas.get(mapping.value.schema_ or "")
    known = [field.name for field in schema.value.fields] if schema is not None and schema.value is not None else None
    if known is not None and sequence.column not in known:
        what = f"there is no column {sequence.column!r} in schema {mapping.value.schema_!r}"
        path = ("pick_up", number, "stock", "sequence", "column")
        yield flow.mistake(path, what, suggest(sequence.column, known), key=False, code="UNKNOWN_COLUMN")


def _numbers(flow: Loaded[Flow], value: Flow, number: int) -> Iterator[Mistake]:
    """Yield a second sequence of one sender: the files of both would be counted as one row."""
    mine = _row(value.pick_up[number])
    if mine is not None and mine in [_row(other) for other in value.pick_up[:number]]:
        what = f"the files of another pick-up of channel {mine[0]!r} are numbered too: both would be one row of numbers"
        path = ("pick_up", number, "stock", "sequence")
        yield flow.mistake(path, what, "give each a `channel:` or a `location:` of its own", code="PICK_UP_OVERLAP")


def _row(pick_up: PickUp) -> tuple[str, str] | None:
    """Return whose numbers the files of a pick-up have."""
    stock = pick_up.stock
    if stock is None or stock.sequence is None:
        return None
    return pick_up.channel or pick_up.from_, stock.location[0] if len(stock.location) == 1 else ""


def _told(flow: Loaded[Flow], value: Flow) -> Iterator[Mistake]:
    """Yield deliveries that `reserve` names and the flow does not have."""
    reserve = value.rules.reserved
    known = sorted({delivery.to for delivery in value.deliver})
    for name in reserve.to if reserve is not None else ():
        if name not in known:
            what = f"the flow delivers nothing to {name!r}"
            path = ("rules", "reserve", "to")
            yield flow.mistake(path, what, suggest(name, known), key=False, code="UNKNOWN_ENDPOINT")


def _never_taken(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Yield a flow of orders that takes nothing of the stock that another one tells."""
    mapping = files.mappings.get(value.pick_up[0].mapping)
    read = mapping.value.reads if mapping is not None and mapping.value is not None else None
    told = [each.stock for other in files.flows if other.value is not None for each in other.value.pick_up]
    if read == "order" and any(stock is not None and stock.use == "sell" for stock in told):
        what = "another flow tells what can be sold, and the orders of this one are not subtracted from it"
        yield flow.mistake(("flow",), what, "write `reserve: true` below `rules:`", code="STOCK_NOT_SUBTRACTED")
