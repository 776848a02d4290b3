"""Reads the wanted values of one record in one walk over its elements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree

from exchange.formats.xml.paths import Branch, Choice, Columns
from exchange.kernel.xmlparser import LINES_KEPT, line_of
from exchange.kernel.xmlpath import Step

Row = list[str | None]


class Walk:
    """Walks over records one after the other; what it found lies in `rows`, `lines` and `repeated` until the next."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._blank: Row = [None] * len(columns.names)
        self._first = True
        self.rows: list[Row] = []
        """One row per line of the record, at least one."""
        self.lines: list[int] = []
        """Physical line of each row but the first."""
        self.repeated: list[tuple[int, int, str]] = []
        """(row, column, text) of each value for which there was one already."""

    def around(self, root: Any) -> Row:
        """Return the values that stand outside of the records; `root` is the copy of the root element."""
        row = self._blank.copy()
        self.rows, self.lines, self.repeated = [row], [], []
        for step, branch in self._columns.outside.inner.get(root.tag, ()):
            if _fits(root, step, 1):
                self._take(root, branch, row)
        return row

    def read(self, element: Any, around: Row | None) -> None:
        """Read one record; `around` are the values from outside of it."""
        head = (self._blank if around is None else around).copy()
        self.rows, self.lines, self.repeated = [head], [], []
        self._first = True
        self._take(element, self._columns.record, head)
        for at, copy in self._columns.copies:
            for row in self.rows:
                row[copy] = row[at]
        key = head[self._columns.key]
        if self._columns.key and (key is None or not key.strip()):
            del self.rows[1:], self.lines[:]  # nothing but its place tells that the rows belong together
        if self.lines:
            for at in self._columns.every_row:
                value = head[at]
                for row in self.rows:
                    row[at] = value

    def _take(self, element: Any, branch: Branch, row: Row) -> None:
        """Take what a branch wants of an element."""
        if branch.line:
            row = self._line(element)
        if branch.column >= 0:
            self._put(row, branch.column, _text(element))
        for name, at in branch.attributes:
            if row[at] is None:
                row[at] = element.get(name)
            else:
                self._put(row, at, element.get(name))
        if branch.plain or branch.inner:
            self._children(element, branch, row)

    def _children(self, element: Any, branch: Branch, row: Row) -> None:
        # Most of the time that a file takes is spent here: the usual first, and as little as can be.
        plain, single, inner = branch.plain.get, branch.single.get, branch.inner.get
        seen: dict[str, int] = {}
        for child in element:
            tag = child.tag
            at = plain(tag)
            if at is not None:
                text = _text(child) if len(child) else child.text
                if row[at] is None:
                    row[at] = text
                elif text is not None:
                    self._put(row, at, text)
            elif (below := single(tag)) is not None:
                self._take(child, below, row)
            elif (choices := inner(tag)) is not None:
                seen[tag] = seen.get(tag, 0) + 1
                self._choose(child, choices, seen[tag], row)

    def _choose(self, element: Any, choices: Sequence[Choice], number: int, row: Row) -> None:
        """Take what the fitting choices want of an element, the so-manyth of its name."""
        for step, below in choices:
            if not step.narrow or _fits(element, step, number):
                self._take(element, below, row)

    def _line(self, element: Any) -> Row:
        """Return the row of a line: that of the record for the first one."""
        if self._first:
            self._first = False
            return self.rows[0]
        row = self._blank.copy()
        self.rows.append(row)
        line: int = element.sourceline
        self.lines.append(line if line < LINES_KEPT else line_of(element))
        return row

    def _put(self, row: Row, at: int, text: str | None) -> None:
        if text is None or row[at] is None:
            row[at] = row[at] if text is None else text
        elif at in self._columns.joins:
            row[at] = f"{row[at]}{self._columns.joins[at]}{text}"
        else:
            self.repeated.append((next(n for n, known in enumerate(self.rows) if known is row), at, text))


def _fits(element: Any, step: Step, number: int) -> bool:
    if step.number:
        return number == step.number
    return not step.attribute or element.get(step.attribute) == step.value


def _text(element: Any) -> str | None:
    """Return all text of an element and the elements within it."""
    if not len(element):
        text: str | None = element.text
        return text
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))
