"""The checks of `exchange check` for stock: pack sizes, shares in one stock, and who learns that an item is gone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import islice

from exchange.assemble.computing import mistakes
from exchange.config.computed import Availability
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Flow, PickUp
from exchange.config.suggest import suggest
from exchange.config.tables import load_table
from exchange.config.workspace import table_file
from exchange.config.yamltext import Path
from exchange.documents.packs import COLUMNS, pack_sizes
from exchange.kernel.errors import Mistake
from exchange.kernel.table import Table
from exchange.rules.exceptions import lines_of
from exchange.rules.figures import catalogue
from exchange.rules.shares import Over, Seller, over_whole
from exchange.rules.supply import PACKS

_FIRST = 2
"""Line of a table's first row, below the header."""
_SHOWN = 20
_OVER = "SHARES_OVER_WHOLE"
_NO_ROW = "ZERO_NOT_DELIVERED"


def wrong_packs(files: Files) -> Iterator[Mistake]:
    """Yield the lines of the table of packs that do not count, where a flow counts stock by it."""
    flows = [flow.value for flow in files.flows if flow.value is not None]
    counts = any(flow.rules.availability or any(each.computed for each in flow.pick_up) for flow in flows)
    table = load_table(files.root, PACKS)[0] if counts and PACKS in files.tables else None
    if table is None:
        return
    missing = [name for name in COLUMNS if name not in table.columns]
    for name in missing:
        what = f"column {name!r} is missing, by which stock is counted"
        yield Mistake(table_file(PACKS), 1, 1, what, suggest(name, table.columns), "UNKNOWN_COLUMN")
    if not missing:
        faults = pack_sizes(zip(*(table.rows[name].to_pylist() for name in COLUMNS), strict=True))[1]
        for fault in faults[:_SHOWN]:
            instead = "correct the line: stock in that unit is not counted"
            yield Mistake(table_file(PACKS), fault.row + _FIRST, 1, fault.what, instead, "STOCK_RULE_INVALID")


def shares(files: Files) -> Iterator[Mistake]:
    """Yield where channels are given more of one stock together than there is."""
    told = [
        (flow, number, pick_up)
        for flow in files.flows
        if flow.value is not None
        for number, pick_up in enumerate(flow.value.pick_up)
        if pick_up.computed is not None and isinstance(pick_up.computed.chosen, Availability)
    ]
    sellers: dict[str, Seller] = {}
    places: dict[str, tuple[Loaded[Flow], Path]] = {}
    for flow, number, pick_up in told:
        seller = _seller(files, pick_up)
        if seller is not None and seller.channel not in sellers:
            sellers[seller.channel] = seller
            places[seller.channel] = flow, ("pick_up", number, "computed", "availability", "share")
    for over in islice(over_whole(list(sellers.values())), _SHOWN):
        what = _said(over)
        instead = "lower one of the shares, or the last piece is sold twice"
        if over.line is not None:
            yield Mistake(table_file(over.seller.table), over.line.row + _FIRST, 1, what, instead, _OVER)
        else:
            flow, path = places[over.seller.channel]
            yield flow.mistake(path, what, instead, code=_OVER)


def zeros(files: Files) -> Iterator[Mistake]:
    """Yield the pick-ups that set items to nothing of which the flow's own deliveries do not tell."""
    for flow in files.flows:
        deliver = flow.value.deliver if flow.value else ()
        for number, pick_up in enumerate(flow.value.pick_up if flow.value else ()):
            if pick_up.stock is None or pick_up.stock.missing != "zero":
                continue
            names = dict.fromkeys(each.mapping for each in deliver if _hands_on(files, pick_up.mapping, each.mapping))
            what = f"an item that a snapshot lacks gets no row in what {', '.join(names)} writes"
            instead = "have `computed: {availability: ...}` tell those who sell"
            if names:
                yield flow.mistake(("pick_up", number, "stock", "missing"), what, instead, code=_NO_ROW)


def _hands_on(files: Files, inbound: str, outbound: str) -> bool:
    """Tell whether one mapping writes the rows that another one reads."""
    read, written = files.mappings.get(inbound), files.mappings.get(outbound)
    if not (read and read.value and written and written.value):
        return False
    return read.value.reads is not None and read.value.reads == written.value.writes


def _seller(files: Files, pick_up: PickUp) -> Seller | None:
    """Return what a channel may sell; None where its tables are wrong, which another check tells."""
    chosen = pick_up.computed.chosen if pick_up.computed is not None else None
    if not isinstance(chosen, Availability):
        return None
    read: dict[str, Table] = {}
    for name in {chosen.items, chosen.units, chosen.rules} & {*files.tables}:
        table = load_table(files.root, name)[0]
        if table is None:
            return None
        read[name] = table
    plain = chosen.model_copy(update={"bundles": None})
    if any(each.severity == "error" for each in mistakes(plain, read)):
        return None
    lines = lines_of(read[chosen.rules])[0] if chosen.rules else []
    said = [line for line in lines if "share" in line.says and "sku" not in line.where]
    kinds = catalogue(plain, read).kinds()
    return Seller(pick_up.channel, chosen.share, kinds, tuple(chosen.locations), chosen.rules, said)


def _said(over: Over) -> str:
    each = ", ".join(f"{channel} {_percent(share)}" for channel, share in over.shares.items())
    where = f" at {over.location}" if over.location else ""
    return f"the shares in one stock come to {_percent(over.all)}: {each} (of {over.item}, for example{where})"


def _percent(share: Fraction) -> str:
    return f"{float(share * 100):g}%"
