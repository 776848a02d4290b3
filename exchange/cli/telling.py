"""How the way of a field reads for people: a row for each step, in a table on a terminal, in aligned text elsewhere."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from exchange.assemble.explain_shown import Shown, Source, Step
from exchange.cli.wording import clean
from exchange.kernel.problems import Problem

Row = tuple[str, str, str, str]
"""(field, step, value, where)."""
TITLES = ("field", "step", "value", "where")
_WIDEST = (28, 60, 44)
"""Characters of the first columns of plain text; what is longer is written whole all the same."""
BLANK = "(blank)"


def rows_of(shown: Shown) -> Iterator[Row]:
    """Yield the rows of one field: each source, each step, the result, each problem."""
    rows = [row for source in shown.sources for row in _source_rows(source)]
    rows += [_step_row(step) for step in shown.steps]
    rows.append(("", f"= {shown.field}", text_of(shown.value), shown.at))
    rows += [("", f"! {problem.code}", "", problem_text(problem)) for problem in shown.problems]
    for number, (_, *rest) in enumerate(rows):
        yield ("" if number else clean(shown.field), rest[0], rest[1], rest[2])


def print_fields(fields: Iterable[Shown]) -> None:
    """Write fields, those of the document first and then line by line."""
    for (block, row), group in groupby(fields, key=lambda shown: (shown.block, shown.row)):
        own = list(group)
        part = f"line {row}" if block == "lines" else f"document, part {row}" if row > 1 else "document"
        click.echo(f"\n{part}, from line {own[0].line} of the file:")
        print_rows(row for shown in own for row in rows_of(shown))


def print_rows(rows: Iterable[Row]) -> None:
    """Write rows: a table on a terminal, aligned text elsewhere."""
    made = list(rows)
    if sys.stdout.isatty():
        table = Table(*TITLES, box=None, pad_edge=False)
        for row in made:
            style = "bold" if row[1].startswith("=") else "red" if row[1].startswith("!") else ""
            table.add_row(*(Text(cell, style) for cell in row))
        Console().print(table)
        return
    made = [TITLES, *made]
    widths = [min(most, max(len(row[place]) for row in made)) for place, most in enumerate(_WIDEST)]
    for row in made:
        cells = (cell.ljust(width) for cell, width in zip(row, [*widths, 0], strict=True))
        click.echo("  ".join(cells).rstrip())


def text_of(value: str | None) -> str:
    """Return a value so that spaces at its ends, and what cannot be seen, can be."""
    return BLANK if value is None else json.dumps(clean(value), ensure_ascii=False).replace("\\\\", "\\")


def yaml_of(value: object) -> str:
    """Return the parameters of a step as they could stand in YAML, on one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {yaml_of(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(yaml_of, value)) + "]"
    return json.dumps(value, ensure_ascii=False, default=str)


def problem_text(problem: Problem) -> str:
    """Return what is wrong and what to do."""
    return clean(f"{problem.message}; {problem.remedy}" if problem.remedy else problem.message)


def as_json(shown: Shown) -> dict[str, object]:
    """Return one field as `--json` prints it."""
    return {
        "mapping": shown.mapping,
        "block": shown.block,
        "row": shown.row,
        "field": shown.field,
        "at": shown.at,
        "line": shown.line,
        "sources": [_source_json(source) for source in shown.sources],
        "steps": [_step_json(step) for step in shown.steps],
        "value": shown.value,
        "problems": [problem_json(problem) for problem in shown.problems],
    }


def problem_json(problem: Problem) -> dict[str, object]:
    """Return one problem as `--json` prints it."""
    names = ("code", "severity", "file_line", "field", "value", "message", "remedy")
    return {name: getattr(problem, name) for name in names}


def _source_rows(source: Source) -> Iterator[Row]:
    if source.came is not None:
        yield from (("", *row[1:]) for row in rows_of(source.came))
        if source.note:
            yield "", clean(source.name), text_of(source.text), source.note
        return
    column = f", column {source.number}" if source.number else ""
    where = f"{clean(Path(source.file).name)}:{source.line}{column}" if source.file else source.note
    yield "", clean(source.name), text_of(source.text), where


def _step_row(step: Step) -> Row:
    word = step.name if step.argument is None else f"{step.name}: {yaml_of(step.argument)}"
    value = step.code if step.code else ", ".join(map(text_of, step.values))
    beside = [f"{name} {text_of(text)}" for name, text in step.beside.items()]
    return "", clean(word), value, "; ".join([*beside, *(clean(table.said) for table in step.tables)])


def _source_json(source: Source) -> dict[str, object]:
    if source.came is not None:
        return {"name": source.name, "text": source.text, "note": source.note, "from": as_json(source.came)}
    cell = {"file": source.file or None, "line": source.line or None, "column": source.number or None}
    return {"name": source.name, "text": source.text, "note": source.note, **cell}


def _step_json(step: Step) -> dict[str, object]:
    return {
        "step": step.name,
        "argument": step.argument,
        "at": step.at,
        "beside": dict(step.beside),
        "values": list(step.values),
        "tables": [
            {
                "file": table.file,
                "line": table.line or None,
                "wanted": dict(table.wanted),
                "column": table.column,
                "found": table.found,
            }
            for table in step.tables
        ],
        "problem": step.code or None,
    }
