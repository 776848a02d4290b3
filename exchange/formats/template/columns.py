"""Compiles a plain `record` block to joins of whole columns; six times faster than rendering record by record.

Plain are: text, fields of `order` and of its lines, `a or b`, `[a, b] | select | join(text)`, conditions on fields,
one level of `for line in order.lines`, names set outside conditions, `loop.index`, `order.lines | length`. Anything
else is left to Jinja2; a property test holds both to the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import nodes
from markupsafe import escape

from exchange.formats.template.escape import escaped
from exchange.kernel.chunk import Ints

_LINES = object()


class NotPlain(Exception):
    """The block holds something that has to be rendered by Jinja2."""


class Form(Enum):
    """How a value is wanted: as it is, to be compared, or escaped, to be written."""

    RAW = 0
    ESCAPED = 1


@dataclass
class Records:
    """The columns of some records while they are rendered; each column is escaped and spread at most once."""

    header: Mapping[str, pa.Array]
    lines: Mapping[str, pa.Array]
    owner: Ints
    """Header row of each line row, ascending."""
    count: int
    """Header rows."""
    at_lines: bool = False
    """Whether values are wanted per line."""
    made: dict[tuple[str, bool, Form], pa.Array] = field(default_factory=dict)
    """(name, of a line, form) -> column, at the field's own level."""

    def column(self, name: str, form: Form, *, of_line: bool) -> pa.Array:
        """Return a column at its own level."""
        key = (name, of_line, form)
        if key not in self.made:
            raw = (self.lines if of_line else self.header)[name]
            self.made[key] = escaped(raw) if form is Form.ESCAPED else raw
        return self.made[key]

    @property
    def rows(self) -> int:
        """Rows at the wanted level."""
        return len(self.owner) if self.at_lines else self.count

    @property
    def bounds(self) -> Ints:
        """First line of each record, and the end of the last one: one entry more than records."""
        return np.searchsorted(self.owner, np.arange(self.count + 1)).astype(np.int64)

    def lined(self) -> Records:
        """Return the same records with values wanted per line."""
        return Records(self.header, self.lines, self.owner, self.count, at_lines=True, made=self.made)


Text = Callable[[Records, Form], Any]
"""(records, form) -> text column or scalar; nulls where there is no value."""
Condition = Callable[[Records], Any]
Piece = Callable[[Records], Any]
Scope = dict[str, Any]
"""Name -> compiled value, a path ("order", or a group below it, or a line), or the mark of the lines."""


@dataclass(frozen=True)
class _Path:
    """A group of fields: the order, a line, or a dotted part of either."""

    of_line: bool
    prefix: str = ""
    first: bool = False
    """The first line, seen from the order."""


class ColumnTemplate:
    """A compiled `record` block; raises NotPlain where it cannot be compiled for these fields."""

    def __init__(self, syntax: nodes.Block, fields: set[str], lines: set[str]) -> None:
        self._fields = fields
        self._line_fields = lines
        self._pieces = self._body(syntax.body, {"order": _Path(of_line=False)}, at_lines=False)

    def render(self, records: Records) -> pa.Array:
        """Return the text of each record."""
        return _whole(_joined(self._pieces, records), records.count)

    # --- statements ----------------------------------------------------------------------------------------
    def _body(self, body: list[nodes.Node], scope: Scope, *, at_lines: bool, nested: bool = False) -> list[Piece]:
        pieces: list[Piece] = []
        for node in body:
            if isinstance(node, nodes.Output):
                pieces += [self._output(part, scope) for part in node.nodes]
            elif isinstance(node, nodes.If):
                pieces.append(self._if(node, scope, at_lines=at_lines))
            elif isinstance(node, nodes.For) and not at_lines:
                pieces.append(self._for(node, scope))
            elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name) and not nested:
                scope[node.target.name] = self._value(node.node, scope)
            else:
                raise NotPlain
        return pieces

    def _output(self, node: nodes.Node, scope: Scope) -> Piece:
        if isinstance(node, nodes.TemplateData):
            return _constant(node.data)
        if isinstance(node, nodes.Const):
            return _constant(str(escape("" if node.value is None else node.value)))
        text = self._text(node, scope)
        return lambda records: text(records, Form.ESCAPED)

    def _if(self, node: nodes.If, scope: Scope, *, at_lines: bool) -> Piece:
        branches = [(node.test, node.body), *((other.test, other.body) for other in node.elif_)]
        compiled = [
            (self._condition(test, scope), self._body(body, scope, at_lines=at_lines, nested=True))
            for test, body in branches
        ]
        last = self._body(node.else_, scope, at_lines=at_lines, nested=True)

        def choose(records: Records) -> Any:
            chosen = _joined(last, records)
            for condition, pieces in reversed(compiled):
                chosen = pc.if_else(condition(records), _joined(pieces, records), chosen)
            return chosen

        return choose

    def _for(self, node: nodes.For, scope: Scope) -> Piece:
        plain = not (node.else_ or node.test or node.recursive) and isinstance(node.target, nodes.Name)
        if not plain or self._value(node.iter, scope) is not _LINES or not isinstance(node.target, nodes.Name):
            raise NotPlain
        inner = {**scope, node.target.name: _Path(of_line=True), "loop": None}
        pieces = self._body(node.body, inner, at_lines=True)
        return lambda records: _per_record(_joined(pieces, records.lined()), records)

    # --- conditions ----------------------------------------------------------------------------------------
    def _condition(self, node: nodes.Node, scope: Scope) -> Condition:
        if isinstance(node, nodes.Not):
            inner = self._condition(node.node, scope)
            return lambda records: pc.invert(inner(records))
        if isinstance(node, (nodes.And, nodes.Or)):
            left, right = self._condition(node.left, scope), self._condition(node.right, scope)
            combine = pc.and_ if isinstance(node, nodes.And) else pc.or_
            return lambda records: combine(left(records), right(records))
        if isinstance(node, nodes.Test) and node.name == "none":
            text = self._text(node.node, scope)
            return lambda records: pc.is_null(text(records, Form.RAW))
        if isinstance(node, nodes.Compare):
            return self._compare(node, scope)
        text = self._text(node, scope)
        return lambda records: pc.fill_null(pc.not_equal(text(records, Form.RAW), ""), fill_value=False)

    def _compare(self, node: nodes.Compare, scope: Scope) -> Condition:
        operands, other = node.ops, node.ops[0].expr
        if len(operands) != 1 or operands[0].op not in {"eq", "ne"} or not isinstance(other, nodes.Const):
            raise NotPlain
        if not isinstance(other.value, str):
            raise NotPlain
        text, wanted, equal = self._text(node.expr, scope), other.value, operands[0].op == "eq"

        def compare(records: Records) -> Any:
            same = pc.fill_null(pc.equal(text(records, Form.RAW), wanted), fill_value=False)
            return same if equal else pc.invert(same)

        return compare

    # --- values --------------------------------------------------------------------------------------------
    def _text(self, node: nodes.Node, scope: Scope) -> Text:
        value = self._value(node, scope)
        if not callable(value):
            raise NotPlain
        return value  # type: ignore[no-any-return]

    def _value(self, node: nodes.Node, scope: Scope) -> Any:
        if isinstance(node, nodes.Name) and node.name in scope:
            return scope[node.name]
        if isinstance(node, (nodes.Getattr, nodes.Getitem)):
            return self._member(node, scope)
        if isinstance(node, nodes.Or):
            return self._either(node, scope)
        if isinstance(node, nodes.Filter):
            return self._filter(node, scope)
        raise NotPlain

    def _member(self, node: nodes.Getattr | nodes.Getitem, scope: Scope) -> Any:
        name = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if isinstance(node.node, nodes.Name) and node.node.name == "loop" and "loop" in scope and name == "index":
            return _loop_index
        base = self._value(node.node, scope)
        if base is _LINES and name == 0 and isinstance(node, nodes.Getitem):
            return _Path(of_line=True, first=True)
        if not isinstance(base, _Path) or not isinstance(name, str):
            raise NotPlain
        if name == "lines" and not base.of_line and not base.prefix:
            return _LINES
        dotted = base.prefix + name
        known = self._line_fields if base.of_line else self._fields
        if dotted in known:
            return _field(dotted, base)
        if any(other.startswith(f"{dotted}.") for other in known):
            return _Path(base.of_line, f"{dotted}.", base.first)
        raise NotPlain

    def _either(self, node: nodes.Or, scope: Scope) -> Text:
        left = self._text(node.left, scope)
        if isinstance(node.right, nodes.Const) and isinstance(node.right.value, str):
            constant = node.right.value
            right: Text = lambda _, form: pa.scalar(_as(constant, form))  # noqa: E731
        else:
            right = self._text(node.right, scope)

        def either(records: Records, form: Form) -> Any:
            first = left(records, form)
            return pc.if_else(pc.fill_null(pc.not_equal(first, ""), fill_value=False), first, right(records, form))

        return either

    def _filter(self, node: nodes.Filter, scope: Scope) -> Text:
        inner = node.node
        if node.name in {"length", "count"} and inner is not None and self._value(inner, scope) is _LINES:
            return _line_count
        if node.name != "join" or not isinstance(inner, nodes.Filter) or inner.name != "select" or inner.args:
            raise NotPlain
        between = node.args[0] if len(node.args) == 1 else None
        if not isinstance(inner.node, nodes.List) or not isinstance(between, nodes.Const) or node.kwargs:
            raise NotPlain
        texts, separator = [self._text(item, scope) for item in inner.node.items], str(between.value)

        def join(records: Records, form: Form) -> Any:
            # Each filled cell with the separator before it, then the first separator cut off; `skip` of the join
            # kernel loses the rows in which all cells are null.
            between = _as(separator, form)
            led = [_led(text(records, form), between) for text in texts]
            joined = pc.binary_join_element_wise(*led, "", null_handling="replace", null_replacement="")
            return pc.utf8_slice_codeunits(joined, len(between))

        return join


def _as(text: str, form: Form) -> str:
    return str(escape(text)) if form is Form.ESCAPED else text


def _led(cells: pa.Array, separator: str) -> pa.Array:
    return pc.if_else(pc.not_equal(cells, ""), pc.binary_join_element_wise(separator, cells, ""), "")


def _constant(text: str) -> Piece:
    return lambda _: pa.scalar(text, pa.string())


def _field(name: str, path: _Path) -> Text:
    def text(records: Records, form: Form) -> pa.Array:
        column = records.column(name, form, of_line=path.of_line)
        if path.first:
            if not np.diff(records.bounds).all():
                raise NotPlain  # a record without lines: Jinja2 says which one, and what of it is missing
            column = column.take(pa.array(records.bounds[:-1]))
        spread = records.at_lines and (path.first or not path.of_line)
        return column.take(pa.array(records.owner)) if spread else column

    return text


def _loop_index(records: Records, _form: Form) -> pa.Array:
    ordinal = np.arange(len(records.owner)) - records.bounds[records.owner] + 1
    return pc.cast(pa.array(ordinal), pa.string())


def _line_count(records: Records, _form: Form) -> pa.Array:
    counts = pc.cast(pa.array(np.diff(records.bounds)), pa.string())
    return counts.take(pa.array(records.owner)) if records.at_lines else counts


def _joined(pieces: list[Piece], records: Records) -> Any:
    made = [piece(records) for piece in pieces]
    if not made:
        return pa.scalar("", pa.string())
    return pc.binary_join_element_wise(*made, "", null_handling="replace", null_replacement="")


def _whole(text: Any, rows: int) -> pa.Array:
    return pa.repeat(text, rows) if isinstance(text, pa.Scalar) else text


def _per_record(text: Any, records: Records) -> pa.Array:
    """Join the lines of each record: they lie one after the other, so that only the borders are drawn anew."""
    lines = _whole(text, len(records.owner))
    if not len(lines):
        return pa.repeat(pa.scalar("", pa.string()), records.count)
    _, offsets, data = lines.buffers()
    ends = np.frombuffer(offsets, np.int32)[lines.offset : lines.offset + len(lines) + 1]
    borders = np.ascontiguousarray(ends[records.bounds])
    return pa.StringArray.from_buffers(records.count, pa.py_buffer(borders), data)
