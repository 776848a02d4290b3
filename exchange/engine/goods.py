"""The lines of documents as they are shipped: those that were sold, or the components of the bundles among them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from exchange.engine.packed import Unpacked
from exchange.kernel.chunk import CellFailure, Ints, Mask, Positions
from exchange.kernel.pipeline import Columns, Machine, Unbundled


@dataclass(frozen=True, slots=True)
class Goods:
    """Lines that go out."""

    lines: Columns
    owner: Ints
    """Document of each line, ascending."""
    source: Ints | None
    """The line as it was sold of each line; None where they are the same."""

    def of_lines(self, unpacked: Unpacked) -> tuple[Positions, dict[str, pa.Array]]:
        """Return where in the file the lines lie, and their labels: components lie where their bundle does."""
        if self.source is None:
            return unpacked.positions, dict(unpacked.labels)
        rows = pa.array(self.source)
        labels = {name: column.take(rows) for name, column in unpacked.labels.items()}
        return unpacked.positions.take(self.source), labels

    def first(self, documents: int) -> Ints:
        """Return the first line of each document."""
        made: Ints = np.searchsorted(self.owner, np.arange(documents))
        return made


@dataclass(frozen=True, slots=True)
class Shipped:
    """What becomes of the lines of some documents."""

    sold: Columns
    """As the customer ordered them, with settled amounts: these tell whether a document changed."""
    goods: Goods
    ships: Mask
    """Per document: a target that needs shipping takes it."""
    on_documents: Sequence[CellFailure]
    on_lines: Sequence[CellFailure]
    """By the rows of `sold`."""


def shipped(machine: Machine, levels: tuple[Columns, Columns], owner: Ints, bad: Mask, channel: str) -> Shipped:
    """Settle the amounts, take bundles apart, choose the warehouses, and ask what is to be shipped.

    `levels`: header and line fields; `owner`: document of each line; `bad`: documents with an error, whose lines stay
    as they are.
    """
    header, lines = levels
    settled = machine.settle(header, lines, owner, bad)
    lines = {**lines, "line_discount": settled.line_discount, "line_total": settled.line_total}
    made = Unbundled(lines, None, [])
    if machine.unbundle is not None:
        wrong = bad.copy()
        wrong[[failure.row for failure in settled.failures if not failure.warning]] = True
        made = machine.unbundle((header, lines), owner, wrong)
    goods = Goods(made.lines, owner if made.source is None else owner[made.source], made.source)
    goods = _routed(machine, header, goods, channel)
    ships, half = machine.shipping(header, goods.lines, goods.owner)
    sold = goods.lines if machine.unbundle is None else lines
    return Shipped(sold, goods, ships, [*settled.failures, *half], [*_placed(made.failures, machine.line_sources)])


def _routed(machine: Machine, header: Columns, goods: Goods, channel: str) -> Goods:
    """Return the lines with what the routes decide on: components go where they lie, not where their bundle does."""
    if machine.route is None:
        return goods
    keep = machine.keep_lines(goods.lines, len(goods.owner))
    return replace(goods, lines={**goods.lines, **machine.route((header, goods.lines), goods.owner, keep, channel)})


def _placed(failures: Sequence[CellFailure], sources: dict[str, str]) -> Iterator[CellFailure]:
    """Name the cell of the file that a failure is about; its value stays that of the component."""
    for failure in failures:
        yield failure._replace(column=sources.get(failure.field, failure.field))
