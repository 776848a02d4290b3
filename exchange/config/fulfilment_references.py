"""Alone finds what routes, splits, `only:` of deliveries and availability say that other files do not bear out."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.config.files import Files
from exchange.config.fulfilment import ASKED, CHANNEL, WAREHOUSE, Between
from exchange.config.loader import Loaded
from exchange.config.models import Delivery, Flow
from exchange.config.suggest import suggest
from exchange.config.yamltext import Path
from exchange.documents.loader import Document, Field
from exchange.kernel.errors import Mistake

_FIELD, _VALUE, _UNFIT, _IN_VAIN = "UNKNOWN_FIELD", "UNKNOWN_VALUE", "MAPPING_UNFIT", "UNREACHABLE_WHEN"
_NOWHERE, _NO_STOCK = "ROUTE_GOES_NOWHERE", "STOCK_NEVER_TOLD"
_NUMBERS = ("integer", "decimal")


def fulfilment_mistakes(flow: Loaded[Flow], value: Flow, files: Files, kind: Document) -> Iterator[Mistake]:
    """Yield the mistakes of one flow, which reads `kind`."""
    yield from _routes(flow, value, kind)
    yield from _split(flow, value, files, kind)
    for number, delivery in enumerate(value.deliver):
        yield from _only(flow, ("deliver", number, "only"), delivery, (value, files, kind))
    yield from _nowhere(flow, value, files)
    yield from _availability(flow, value, files)


# --- routes -------------------------------------------------------------------------------------------------------
def _routes(flow: Loaded[Flow], value: Flow, kind: Document) -> Iterator[Mistake]:
    known = {**kind.fields, **kind.lines}
    for number, route in enumerate(value.rules.route):
        path: Path = ("rules", "route", number)
        for name, wanted in route.when.items():
            if name not in known and name not in ASKED:
                what = f"unknown document field {name!r}"
                yield flow.mistake((*path, "when", name), what, suggest(name, [*known, *ASKED]), code=_FIELD)
            elif what := _unfit(name, wanted, known.get(name)):
                yield flow.mistake((*path, "when", name), what, _instead(wanted), key=False, code=_VALUE)
        if not route.when and number + 1 < len(value.rules.route):
            what = f"route {number + 1} has no `when`, so every line fits it and none comes to the routes below"
            yield flow.mistake(path, what, "write it last, or give it a `when`", key=False, code=_IN_VAIN)


def _unfit(name: str, wanted: tuple[str, ...] | Between, field: Field | None) -> str:
    """Return why a field never fits what a route asks of it; blank where it may."""
    is_number = name != CHANNEL if field is None else field.type in _NUMBERS
    if isinstance(wanted, Between):
        return "" if is_number else f"{name} is no number"
    if is_number and (field is None or field.type == "decimal"):
        return f"{name} is a number, which is told by limits"
    allowed = field.constraints.enum if field is not None else ()
    wrong = [each for each in wanted if allowed and each not in allowed]
    return f"{name} is never {wrong[0]!r}" if wrong else ""


def _instead(wanted: tuple[str, ...] | Between) -> str:
    return "write a list of values" if isinstance(wanted, Between) else "write {over: 1000}, or one of its values"


# --- split and deliveries ------------------------------------------------------------------------------------------
def _split(flow: Loaded[Flow], value: Flow, files: Files, kind: Document) -> Iterator[Mistake]:
    for number, name in enumerate(value.rules.split_by):
        path: Path = ("rules", "split", number) if isinstance(value.rules.split, tuple) else ("rules", "split")
        if name not in kind.lines:
            what = f"unknown line field {name!r}"
            yield flow.mistake(path, what, suggest(name, kind.lines), key=False, code=_FIELD)
        elif name != WAREHOUSE and _blank(name, value, files):
            what = f"{name} is always blank: no pick-up's mapping fills it"
            yield flow.mistake(path, what, "fill it in the mapping below `lines:`", key=False, code=_IN_VAIN)


def _blank(name: str, value: Flow, files: Files) -> bool:
    """Tell whether no mapping of the flow and no route fills a line field."""
    if any(getattr(route, name, "") for route in value.rules.route):
        return False
    read = [files.mappings[pick_up.mapping].value for pick_up in value.pick_up if pick_up.mapping in files.mappings]
    return bool(read) and all(mapping is not None and name not in mapping.lines for mapping in read)


def _only(flow: Loaded[Flow], path: Path, delivery: Delivery, where: tuple[Flow, Files, Document]) -> Iterator[Mistake]:
    value, files, kind = where
    for name in delivery.only:
        if name in kind.fields:
            continue
        if name not in kind.lines:
            known = [*value.rules.split_by, *kind.fields]
            yield flow.mistake((*path, name), f"unknown document field {name!r}", suggest(name, known), code=_FIELD)
        elif name not in value.rules.split_by:
            what = f"an order may have lines of several kinds of {name}, and a delivery takes whole parts"
            yield flow.mistake((*path, name), what, f"write `split: {name}` under `rules:`", code=_FIELD)
        elif not _per_part(delivery, files):
            what = f"mapping {delivery.mapping!r} writes whole orders, but {name} is told of parts"
            yield flow.mistake((*path, name), what, "write `per: part` in the mapping", code=_UNFIT)


def _per_part(delivery: Delivery, files: Files) -> bool:
    loaded = files.mappings.get(delivery.mapping)
    return loaded is None or loaded.value is None or loaded.value.per == "part"


def _nowhere(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Yield routes to warehouses whose parts no delivery takes."""
    shipping = [delivery for delivery in value.deliver if _per_part(delivery, files)]
    taken = [set(delivery.only.get(WAREHOUSE, ())) for delivery in shipping]
    if not taken or not all(taken):
        return
    for number, route in enumerate(value.rules.route):
        if route.warehouse and not any(route.warehouse in names for names in taken):
            what = f"no delivery takes what warehouse {route.warehouse!r} ships: each names others in its `only:`"
            path = ("rules", "route", number, "warehouse")
            yield flow.mistake(path, what, "name it in `only:` of a delivery", key=False, code=_NOWHERE)


# --- availability --------------------------------------------------------------------------------------------------
def _availability(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    rule, path = value.rules.availability, ("rules", "availability")
    if rule is None:
        return
    if rule.short == "backorder" and value.rules.repeat != "change":
        what = "what waits is a part that comes later, which only `repeat: change` tells apart from a second order"
        yield flow.mistake((*path, "short"), what, "write `repeat: change` under `rules:`", key=False)
    if rule.short == "backorder" and not any(_per_part(delivery, files) for delivery in value.deliver):
        what = "no delivery takes parts, so an order always goes out whole"
        yield flow.mistake((*path, "short"), what, "write `per: part` in a mapping", key=False, code=_UNFIT)
    if not any(each.stock is not None for other in files.flows if other.value for each in other.value.pick_up):
        what = "no flow tells any stock, so nothing is ever short"
        yield flow.mistake(path, what, "write `stock: {mode: snapshot}` on the pick-up of a flow", code=_NO_STOCK)
