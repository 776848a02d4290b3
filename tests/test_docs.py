"""What is documented is what the code has: commands, exit codes, problem codes, keys, fields, steps."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.assemble.reference import FILE, FILES, PARAMETERS, reference
from exchange.assemble.reference_keys import keys
from exchange.assemble.reference_templates import TEMPLATES_FILE, templates_reference
from exchange.cli.main import COMMANDS
from exchange.documents.loader import document, names
from exchange.kernel.catalogue import CATALOGUE, Entry
from exchange.kernel.exits import MEANING, Exit
from exchange.mapping.steps import STEPS

TOP = Path(__file__).parents[1]
README = (TOP / "README.md").read_text(encoding="utf-8")
REFERENCE = TOP / FILE
PAGES: dict[str, Callable[[], str]] = {FILE: reference, TEMPLATES_FILE: templates_reference}
"""Pages that are made from declarations."""
PLACES = {
    entry.code: {name for _, name, _, _ in string.Formatter().parse(entry.message + entry.remedy) if name}
    for entry in CATALOGUE.values()
}
"""Code -> what its words are filled with."""


@pytest.mark.parametrize("file", PAGES)
def test_reference_is_fresh(file: str, *, update: bool) -> None:
    """The third one, samples/README.md, is checked where it is made: tests/samples/test_make_orders.py."""
    made = PAGES[file]()
    if update:
        (TOP / file).write_text(made, encoding="utf-8")
    said = f"run pytest {__file__} --update and look at the difference"
    assert (TOP / file).read_text(encoding="utf-8") == made, said


@pytest.mark.parametrize("file", FILES)
def test_every_key_has_a_meaning_and_is_in_the_reference(file: str) -> None:
    written = REFERENCE.read_text(encoding="utf-8")
    for key in keys(FILES[file]):
        assert key.meaning, f"{file}: {key.path}: write a text below the field in exchange/config/models.py"
        assert f"| `{key.path}` | {key.looks} |" in written


def test_every_field_step_and_parameter_is_in_the_reference() -> None:
    written = REFERENCE.read_text(encoding="utf-8")
    for name in names():
        kind = document(name)
        for field in [*kind.readable_fields.values(), *kind.readable_lines.values()]:
            assert field.description, field.name
            assert f"| `{field.name}` | {field.type} |" in written
    for name, spec in STEPS.items():
        page = written.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert spec.summary in page.replace("\n", " ")
        assert all(f"| `{parameter.name}` | " in page for parameter in spec.parameters), name
        assert {parameter.type for parameter in spec.parameters} <= set(PARAMETERS)


def test_readme_names_every_command() -> None:
    for name in COMMANDS:
        assert re.search(rf"\bexchange {name}\b", README), f"README.md does not show `exchange {name}`"


def test_readme_and_reference_explain_every_exit_code() -> None:
    listed = README.partition("### Exit codes")[2].partition("\n## ")[0]
    written = REFERENCE.read_text(encoding="utf-8")
    for code in Exit:
        assert f"`{int(code)}`" in listed
        assert f"| {int(code)} | {MEANING[code]} |" in written


@pytest.mark.parametrize("entry", CATALOGUE.values(), ids=CATALOGUE)
def test_every_problem_code_is_documented(entry: Entry) -> None:
    assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", entry.code)
    for words in (entry.title, entry.message, entry.remedy):
        assert words.strip() == words != ""
        assert not words.endswith("."), "a clause, so that it can stand within a sentence"
    assert f"| `{entry.code}` | {entry.title}" in REFERENCE.read_text(encoding="utf-8")


def test_every_code_in_the_code_is_in_the_catalogue_and_the_other_way_round() -> None:
    """A code that nobody makes is documentation of nothing."""
    made = {text for path in _modules() for text in _texts(path)} & set(CATALOGUE)
    assert sorted(set(CATALOGUE) - made) == []
    unknown = {
        (path.name, text)
        for path in _modules()
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
        if call.func.id in {"Problem", "CellFailure", "Refused", "Rule"}
        for text in _codes(call)
        if text not in CATALOGUE
    }
    assert unknown == set()


def test_literal_details_hold_what_the_message_needs() -> None:
    """Where a problem is made with its code and its detail side by side, nothing that its words need is missing."""
    seen = set()
    for path in _modules():
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            details = [
                argument
                for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
                if isinstance(argument, ast.Dict) and all(isinstance(key, ast.Constant) for key in argument.keys)
            ]
            codes = [code for code in _codes(call) if code in CATALOGUE]
            if details and len(codes) == 1:
                given = {key.value for detail in details for key in detail.keys if isinstance(key, ast.Constant)}
                # `target` is added by the engine; a length is measured by the rule itself.
                missing = PLACES[codes[0]] - given - {"field", "value", "target", "length"}
                assert not missing, f"{path}:{call.lineno}: {codes[0]} needs {missing}"
                seen.add(codes[0])
    assert len(seen) > 10


def _modules() -> list[Path]:
    return [path for path in sorted((TOP / "exchange").rglob("*.py")) if path.name != "catalogue.py"]


def _texts(path: Path) -> set[str]:
    tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {node.value for node in tree if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def _codes(call: ast.Call) -> list[str]:
    """Return the arguments of a call that look like problem codes."""
    return [
        argument.value
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        if re.fullmatch(r"[A-Z]+(_[A-Z]+)+", argument.value)
    ]
