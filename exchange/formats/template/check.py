"""Checks a template at load: blocks, names it may use, and what it may not do; finds all mistakes at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, TemplateError, TemplateSyntaxError, meta, nodes
from jinja2.environment import Template

from exchange.config.suggest import suggest
from exchange.formats.template.environment import BLOCKS, checking_environment
from exchange.formats.template.nesting import clashes, nest

TemplateMistake = tuple[int, str, str]
"""(1-based line, what is wrong, what to write instead)."""

FILE_FACTS = {
    "documents": "records in the file; an order in two parts counts twice where both parts stand in it",
    "lines": "their lines",
    "totals": "sums: `file.totals.<field>` is that of a field which the mapping lists under `totals:`",
    "name": "name of the file",
    "claim": "the claim it belongs to: the same for every file of one source file",
    "part": "which file of its delivery it is, from 1",
    "date": "day that the source file is of, as in `2026-03-02`",
}
"""What header and footer know as `file`, and what it is."""
PROVIDES_NOT = "the mapping gives no field"
"""How a mistake begins that names what a template reads and nothing provides."""
_LINES = object()
_UNKNOWN = object()
RENDER_FAULTS = (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError)
"""What a template can raise on a value it was not written for."""
_REFUSED: tuple[tuple[type[nodes.Node], str], ...] = (
    (nodes.Extends, "a template is one file: `extends` is not possible"),
    (nodes.Include, "a template is one file: `include` is not possible"),
    (nodes.Import, "a template is one file: `import` is not possible"),
    (nodes.FromImport, "a template is one file: `import` is not possible"),
    (nodes.ScopedEvalContextModifier, "escaping cannot be switched off"),
)


def template_mistakes(
    source: str, fields: Iterable[str], lines: Iterable[str], totals: Iterable[str] = ()
) -> list[TemplateMistake]:
    """Return what is wrong with a template for records of these header and line fields (dotted names nest).

    `totals`: the fields of which `file.totals` holds the sums.
    """
    return list(_mistakes(source, tuple(fields), tuple(lines), tuple(totals)))


@lru_cache(maxsize=32)
def _mistakes(
    source: str, fields: tuple[str, ...], lines: tuple[str, ...], totals: tuple[str, ...]
) -> list[TemplateMistake]:
    """Look once at a template that several checks ask about."""
    environment = checking_environment()
    if both := [*clashes((*fields, "lines")), *clashes(lines), *clashes(totals)]:
        return [(1, f"the field {name!r} is both a value and a group", "rename one of the two") for name in both]
    try:
        syntax = environment.parse(source)
        template = environment.from_string(source)
    except TemplateSyntaxError as fault:
        return [(fault.lineno, fault.message or "the template cannot be read", "")]
    found = [*_block_mistakes(syntax), *_refused(syntax), *_strangers(syntax, environment)]
    record = {**nest(dict.fromkeys(fields)), "lines": _LINES}
    walk = _Walk(nest(dict.fromkeys(lines)))
    file = {**dict.fromkeys(FILE_FACTS), "totals": nest(dict.fromkeys(totals))}
    for block in syntax.find_all(nodes.Block):
        inside = block.name == "record"
        walk.visit(block, {"order": record if inside else _UNKNOWN, "file": _UNKNOWN if inside else file})
        found += _misplaced(block, "file" if inside else "order")
    found += walk.mistakes
    return sorted(set(found)) or _trial(template, fields, lines, totals)


def _block_mistakes(syntax: nodes.Template) -> list[TemplateMistake]:
    blocks = {block.name: block for block in syntax.find_all(nodes.Block)}
    missing = [
        (1, f"the block {name!r} is missing", f"write {{% block {name} %}}") for name in BLOCKS if name not in blocks
    ]
    extra = [
        (b.lineno, f"unknown block {name!r}", suggest(name, BLOCKS)) for name, b in blocks.items() if name not in BLOCKS
    ]
    outside = [
        (_first_line(part), "text outside the blocks is never written", "move it into a block")
        for output in syntax.body
        if isinstance(output, nodes.Output)
        for part in output.nodes
        if not isinstance(part, nodes.TemplateData) or part.data.strip()
    ]
    return [*missing, *extra, *outside]


def _first_line(part: nodes.Node) -> int:
    data = part.data if isinstance(part, nodes.TemplateData) else ""
    return part.lineno + data[: len(data) - len(data.lstrip())].count("\n")


def _refused(syntax: nodes.Template) -> list[TemplateMistake]:
    found = [(node.lineno, what, "") for kind, what in _REFUSED for node in syntax.find_all(kind)]
    found += [
        (node.lineno, f"the name {node.attr!r} is not possible", "names do not start with _")
        for node in syntax.find_all(nodes.Getattr)
        if node.attr.startswith("_")
    ]
    found += [
        (node.lineno, "methods are not possible", "use a filter, or a step of the mapping")
        for node in syntax.find_all(nodes.Call)
        if isinstance(node.node, nodes.Getattr) and not _is_name(node.node.node, "loop")
    ]
    return found


def _strangers(syntax: nodes.Template, environment: Environment) -> list[TemplateMistake]:
    unknown = meta.find_undeclared_variables(syntax) - {"order", "file", *environment.globals}
    return [
        (node.lineno, f"{node.name!r} is not known here", suggest(node.name, ["order", "file"]))
        for node in syntax.find_all(nodes.Name)
        if node.name in unknown and node.ctx == "load"
    ]


def _misplaced(block: nodes.Block, name: str) -> list[TemplateMistake]:
    """Return the places where a block uses what it does not have."""
    what = f"the block {block.name!r} is written once for a file and has no `order`"
    advice = "use fields in the block `record` only"
    if name == "file":
        what = "the block 'record' is written before its file is known and has no `file`"
        advice = "use it in the blocks `header` and `footer`"
    return [(node.lineno, what, advice) for node in block.find_all(nodes.Name) if node.name == name]


def _is_name(node: nodes.Node, name: str) -> bool:
    return isinstance(node, nodes.Name) and node.name == name


class _Walk:
    """Follows every path that starts at `order`, through loops over its lines and names set on the way."""

    def __init__(self, line: dict[str, Any]) -> None:
        self._line = line
        self.mistakes: list[TemplateMistake] = []

    def visit(self, node: nodes.Node, scope: Mapping[str, Any]) -> None:
        """Check a node; `scope` says what each name stands for."""
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, (nodes.Getattr, nodes.Getitem)):
            self._resolve(node, scope)
        else:
            inner = dict(scope)
            for child in node.iter_child_nodes():
                self.visit(child, inner)
                if isinstance(child, nodes.Assign) and isinstance(child.target, nodes.Name):
                    inner[child.target.name] = self._quietly(child.node, inner)

    def _loop(self, node: nodes.For, scope: Mapping[str, Any]) -> None:
        self.visit(node.iter, scope)
        over = self._quietly(node.iter, scope)
        inner = dict(scope)
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = self._line if over is _LINES else _UNKNOWN
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            self.visit(child, inner)
            if isinstance(child, nodes.Assign) and isinstance(child.target, nodes.Name):
                inner[child.target.name] = self._quietly(child.node, inner)

    def _quietly(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        before = len(self.mistakes)
        found = self._resolve(node, scope)
        del self.mistakes[before:]
        return found

    def _resolve(self, node: nodes.Node, scope: Mapping[str, Any]) -> Any:
        if isinstance(node, nodes.Name):
            return scope.get(node.name, _UNKNOWN)
        if not isinstance(node, (nodes.Getattr, nodes.Getitem)):
            self.visit(node, scope)
            return _UNKNOWN
        base = self._resolve(node.node, scope)
        name = node.attr if isinstance(node, nodes.Getattr) else _constant(node.arg)
        if base is _LINES and isinstance(name, int):
            return self._line
        if not isinstance(base, dict) or not isinstance(name, str):
            return _UNKNOWN
        if name not in base:
            of_file = set(base) == set(FILE_FACTS)
            what = f"a file has no {name!r}" if of_file else f"{PROVIDES_NOT} {name!r} here"
            self.mistakes.append((node.lineno, what, suggest(name, base)))
            return _UNKNOWN
        return base[name]


def _constant(node: nodes.Node | None) -> object:
    return node.value if isinstance(node, nodes.Const) else None


def _trial(
    template: Template, fields: tuple[str, ...], lines: tuple[str, ...], totals: tuple[str, ...]
) -> list[TemplateMistake]:
    """Render a full and an empty record in the sandbox: what the walk cannot see fails here."""
    for text, kind in (("1", "filled"), (None, "blank")):
        line = nest(dict.fromkeys(lines, text))
        order = {**nest(dict.fromkeys(fields, text)), "lines": [line, line]}
        file = {**dict.fromkeys(FILE_FACTS, "1"), "documents": 1, "lines": 2, "part": 1}
        known = {"order": order, "file": {**file, "totals": nest(dict.fromkeys(totals, "1"))}}
        for name in BLOCKS:
            try:
                "".join(template.blocks[name](template.new_context(known)))
            except RENDER_FAULTS as fault:
                return [(_line_of(fault, template), f"with every field {kind}: {fault}", "")]
    return []


def _line_of(fault: BaseException, template: Template) -> int:
    place, line = fault.__traceback__, 1
    while place is not None:
        if place.tb_frame.f_code.co_filename == (template.filename or "<template>"):
            line = template.get_corresponding_lineno(place.tb_lineno)
        place = place.tb_next
    return line
