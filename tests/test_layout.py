"""The shape of the code: sizes, names, mirrored tests, waivers, rows that name modules, what an idle run imports."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import subprocess
import sys
import tokenize
from collections import Counter
from pathlib import Path

import pytest

from exchange.kernel.exits import MEANING, Exit, worst
from exchange.kernel.load import load

TOP = Path(__file__).parents[1]
MODULES = sorted((TOP / "exchange").rglob("*.py"))
TESTS = sorted(path for path in (TOP / "tests").rglob("*.py"))
LINES = 400
WAIVER = re.compile(r"#\s*(noqa|type:\s*ignore)")
WAIVERS = 50
"""Most `noqa` and `type: ignore` in all: a new one has to be worth raising this number in front of a reviewer."""
INDENTED = re.compile(r"^[ ]+(from \S+ )?import\b", re.MULTILINE)
"""An import that may lie inside a function."""
BANNED = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}
NOT_MIRRORED = {
    "exchange/assemble/clock.py": "one line without behaviour",
    "exchange/cli/choice.py": "one value without behaviour",
    "exchange/cli/objects.py": "tests/cli/test_trace.py, test_status.py, test_rejects.py: what --json shows",
    "exchange/cli/watcher.py": "one line; tests/cli/test_outcome.py",
    "exchange/kernel/file_ledger.py": "a value and a port; tests/state/test_files.py",
    "exchange/assemble/computing.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/assemble/rejectbook.py": "tests/flows/test_reject_workbook.py",
    "exchange/assemble/settled.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/assemble/standing.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/cli/rejects_import.py": "tests/flows/test_reject_workbook.py",
    "exchange/config/computed.py": "models; tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/config/computed_references.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/engine/computed.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/engine/computing.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/engine/originals.py": "tests/flows/test_reject_workbook.py",
    "exchange/engine/reject_book.py": "tests/flows/test_reject_workbook.py",
    "exchange/engine/returned.py": "tests/flows/test_reject_workbook.py",
    "exchange/formats/delimited/returned.py": "tests/flows/test_reject_workbook.py",
    "exchange/assemble/rejectexport.py": "tests/flows/test_rejects_parked.py",
    "exchange/engine/dropped.py": "tests/flows/test_reject_workbook.py",
    "exchange/formats/xlsx/comments.py": "tests/formats/xlsx/test_rejectbook.py",
    "exchange/formats/xlsx/rejectframe.py": "tests/formats/xlsx/test_rejectbook.py",
    "exchange/formats/xlsx/returned.py": "tests/flows/test_reject_workbook.py",
    "exchange/kernel/catalogue_goods.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_money.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_returned.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/reject_book.py": "values without behaviour",
    "exchange/kernel/returned.py": "values without behaviour",
    "exchange/kernel/standing.py": "values without behaviour",
    "exchange/rules/availability.py": "tests/flows/test_availability.py and tests/flows/test_purchasing.py",
    "exchange/rules/comparing.py": "tests/flows/test_purchasing.py",
    "exchange/rules/purchasing.py": "tests/flows/test_purchasing.py",
    "exchange/state/corrections.py": "tests/flows/test_reject_workbook.py",
    "exchange/state/migrations/versions/0011_corrections.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/kernel/catalogue_addresses.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_entry.py": "one value without behaviour",
    "exchange/kernel/catalogue_files.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_formats.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_lint_deeper.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_guards.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/guard_rows.py": "values and a port; tests/state/test_guards.py",
    "exchange/kernel/delivery_ledger.py": "a port; tests/state/test_deliveries.py",
    "exchange/state/guard_tables.py": "declarations; tests/state/test_tables.py",
    "exchange/state/guard_seal.py": "tests/state/test_guards.py",
    "exchange/engine/declined.py": "tests/flows/test_guards.py",
    "exchange/engine/holding.py": "tests/flows/test_guards.py, tests/crash/test_crash_held.py",
    "exchange/engine/held_page.py": "tests/flows/test_guards.py",
    "exchange/cli/approve.py": "tests/flows/test_guards.py",
    "exchange/state/migrations/versions/0009_guards.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/kernel/catalogue_life.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/catalogue_fulfilment.py": "data; tests/test_docs.py reads every entry",
    "exchange/kernel/backorder_rows.py": "values and a port; tests/state/test_backorders.py",
    "exchange/state/migrations/versions/0008_backorders.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/engine/waiting.py": "tests/flows/test_backorder.py: what waits, and what ends it",
    "exchange/engine/backorders.py": "tests/flows/test_backorder.py: what is sent on once stock has come",
    "exchange/kernel/hold_rows.py": "a value and a port; tests/state/test_holds.py",
    "exchange/state/migrations/versions/0007_shipped.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/kernel/sent_rows.py": "one value without behaviour",
    "exchange/kernel/stock_rows.py": "values and a port; tests/state/test_stock.py",
    "exchange/kernel/catalogue_stock.py": "data; tests/test_docs.py reads every entry",
    "exchange/assemble/stock.py": "tests/flows/test_stock_snapshots.py, test_stock_reserved.py",
    "exchange/engine/remarks.py": "tests/crash/test_crash_stock.py: noted alike after a kill",
    "exchange/engine/commitments.py": "tests/flows/test_stock_reserved.py: what orders take",
    "exchange/engine/repetition.py": "tests/flows/test_stock_snapshots.py, test_stock_changes.py",
    "exchange/engine/sequence.py": "tests/flows/test_stock_changes.py: files in their order",
    "exchange/engine/turn.py": "tests/flows/test_stock_changes.py: gaps, numbers behind their turn",
    "exchange/engine/stock_missing.py": "tests/flows/test_stock_snapshots.py: items that disappear",
    "exchange/engine/stock_record.py": "tests/flows/test_stock_snapshots.py: what the ledger holds",
    "exchange/state/stock_reading.py": "tests/state/test_stock.py",
    "exchange/state/stock_seal.py": "tests/state/test_stock.py",
    "exchange/state/migrations/versions/0006_stock.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/engine/unpark.py": "tests/flows/test_rejects_parked.py",
    "exchange/engine/parked.py": "tests/flows/test_rejects_parked.py",
    "exchange/engine/feedback.py": "tests/flows/test_feedback.py",
    "exchange/cli/rejects_by_hand.py": "tests/flows/test_rejects_parked.py",
    "exchange/state/migrations/versions/0010_parked.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/engine/facts.py": "values; tests/engine/test_decide.py",
    "exchange/engine/moves.py": "tests/flows/test_changes.py: what each target is told",
    "exchange/config/addresses.py": "models; tests/rules/test_addresses.py",
    "exchange/postal/refusal.py": "one value without behaviour",
    "exchange/config/rules.py": "models; tests/config/test_models.py",
    "exchange/kernel/endpoint.py": "a port; tests/contracts/test_endpoint.py is its suite",
    "exchange/kernel/limits.py": "constants; each is tested where it is enforced",
    "exchange/kernel/plan.py": "one value without behaviour",
    "exchange/kernel/table.py": "one value without behaviour",
    "exchange/triggers/installation.py": "two values without behaviour",
    "exchange/engine/house.py": "a port and a value without behaviour",
    "exchange/transports/probing.py": "one value without behaviour",
    "exchange/testing/taking.py": "a suite; tests/contracts/test_endpoint.py runs it for every transport",
    "exchange/testing/delivering.py": "a suite; tests/contracts/test_endpoint.py runs it for every transport",
    "exchange/testing/places.py": "what the suites look at; tests/contracts/places.py",
    "exchange/mapping/spec.py": "declarations; tests/mapping/test_steps.py runs all of them",
    "exchange/state/migrations/env.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/state/migrations/versions/0001_first.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/state/migrations/versions/0002_deliveries.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/state/migrations/versions/0003_merged.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/state/migrations/versions/0004_sent.py": "run by alembic; tests/state/test_migrate.py",
    "exchange/state/migrations/versions/0005_versions.py": "run by alembic; tests/state/test_migrate.py",
}
"""Modules without a test file of their own, and why."""
WORKING = {
    "exchange.assemble.house",
    "exchange.cli.working",
    "exchange.engine.flow",
    "exchange.engine.house",
    "exchange.engine.reach",
    "exchange.engine.single",
    "exchange.kernel.ledger",
}
"""What only a run with something to do needs."""
READING = {"pydantic", "ruamel", "exchange.config.models", "exchange.cli.looking", "exchange.engine.discover"}
"""What only a run needs that reads the configuration."""
HEAVY = {"pandas", "pyarrow", "numpy", "pandera", "lxml", "xmlschema", "jinja2", "alembic"}
ROW = re.compile(r"\"(exchange(?:\.\w+)+:\w+)\"")


def _named(path: Path) -> str:
    return str(path.relative_to(TOP))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _tree(path: Path) -> ast.Module:
    return ast.parse(_text(path))


def test_no_module_is_long() -> None:
    sizes = {_named(path): len(_text(path).splitlines()) for path in [*MODULES, *TESTS]}

    assert {name: size for name, size in sizes.items() if size > LINES} == {}


def test_no_module_is_a_drawer() -> None:
    assert [_named(path) for path in [*MODULES, *TESTS] if path.stem.removeprefix("test_") in BANNED] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [_named(path) for path in [*MODULES, *TESTS] if not _text(path).startswith('"""')]

    assert silent == []


def test_every_module_has_its_test() -> None:
    missing = {
        _named(path)
        for path in MODULES
        if path.name != "__init__.py"
        if not (TOP / "tests" / path.relative_to(TOP / "exchange").with_name(f"test_{path.name}")).exists()
    }

    assert sorted(missing - set(NOT_MIRRORED)) == []
    assert sorted(set(NOT_MIRRORED) - missing) == [], "these have a test now: take them off the list"


def test_every_test_mirrors_a_module() -> None:
    """A test file that lost its module tests something that moved; the rest lies in folders of its own."""
    packages = {path.name for path in (TOP / "exchange").iterdir() if (path / "__init__.py").exists()}
    strays = [
        _named(path)
        for path in TESTS
        if path.name.startswith("test_") and path.relative_to(TOP / "tests").parts[0] in packages
        if not (TOP / "exchange" / path.relative_to(TOP / "tests").with_name(path.name.removeprefix("test_"))).exists()
    ]

    assert strays == ["tests/mapping/test_steps.py"], "only the walk over all steps is no mirror"


def test_waivers_are_few_and_name_what_they_waive() -> None:
    found = [
        (f"{_named(path)}:{token.start[0]}", token.string)
        for path in [*MODULES, *TESTS]
        if WAIVER.search(_text(path))  # those without are not taken apart, which takes seconds
        for token in tokenize.generate_tokens(io.StringIO(_text(path)).readline)
        if token.type == tokenize.COMMENT and WAIVER.search(token.string)
    ]

    bare = [place for place, text in found if not re.search(r"noqa: [A-Z]+\d+|type: ignore\[[a-z-]+", text)]
    assert bare == []
    assert len(found) <= WAIVERS, "\n".join(f"{place} {text}" for place, text in found)


def test_nothing_of_ours_is_imported_inside_a_function() -> None:
    """Late imports go through `kernel.load` and a row that the next test resolves."""
    inside = [
        f"{_named(path)}:{node.lineno}"
        for path in MODULES
        if INDENTED.search(_text(path))
        for function in ast.walk(_tree(path))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]

    assert inside == []


def _imported(module: str) -> set[str]:
    """Return all that importing a module of ours imports: modules of ours, and names of libraries."""
    todo, done = [module], set[str]()
    while todo:
        name = todo.pop()
        path = TOP / f"{name.replace('.', '/')}.py"
        if name in done or not name.startswith("exchange."):
            done.add(name)
            continue
        done.add(name)
        for node in _tree(path).body if path.exists() else ():
            if isinstance(node, ast.ImportFrom) and node.module:
                todo += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
            elif isinstance(node, ast.Import):
                todo += [alias.name for alias in node.names]
    return {name if name.startswith("exchange.") else name.partition(".")[0] for name in done}


def test_reading_xml_needs_no_frames_and_no_slow_validator() -> None:
    """Some 90 MB and a second for each file, were they imported to flatten it; `xmlschema` comes with a refusal."""
    reading = ("formats.xml.flatten", "formats.delimited.reader", "formats.delimited.flat", "checks.xsd_records")
    found = set().union(*(_imported(f"exchange.{module}") for module in reading))

    assert {"lxml", "numpy", "exchange.formats.xml.walk", "exchange.checks.xsd"} <= found
    assert sorted(found & {"pandas", "pyarrow", "pandera", "xmlschema", "exchange.kernel.chunk"}) == []


def _rows() -> list[str]:
    """Return all rows; read as text, since every worker collects them and syntax trees of all modules take seconds."""
    return sorted({row for path in MODULES for row in ROW.findall(_text(path))})


@pytest.mark.parametrize("row", _rows())
def test_every_row_names_something_that_exists(row: str) -> None:
    assert callable(found := load(row)) or isinstance(found, dict), "a function, a class, or a table of them"


def test_there_are_rows() -> None:
    assert {"exchange.cli.run:run", "exchange.assemble.plan:load_plan", "exchange.engine.run:run_claim"} <= set(_rows())


def test_exit_codes_are_unique_and_have_a_meaning() -> None:
    assert list(Exit.__members__) == [code.name for code in Exit], "an alias would be a code with two meanings"
    assert set(MEANING) == set(Exit)
    assert [name for name, times in Counter(MEANING.values()).items() if times > 1] == []


def test_every_code_but_usage_and_signals_has_a_rank() -> None:
    for code in set(Exit) - {Exit.USAGE, Exit.SIGINT, Exit.SIGTERM}:
        assert worst([code, Exit.FINE]) is code


COMMAND = [sys.executable, "-c", "from exchange.cli.main import main; main()"]


def _imported_by(workspace: Path, arguments: list[str]) -> set[str]:
    """Return what a command imports, in a process of its own; it must end well."""
    script = (
        "import json, sys\n"
        "from exchange.cli.main import run\n"
        f"code = run({arguments!r})\n"
        "print(json.dumps([code, sorted(sys.modules)]), file=sys.stderr)\n"
    )
    asked = [sys.executable, "-c", script]
    ended = subprocess.run(asked, cwd=workspace, capture_output=True, text=True, check=True)
    code, imported = json.loads(ended.stderr.splitlines()[-1])
    assert code == 0
    return {*imported, *(name.partition(".")[0] for name in imported)}


@pytest.fixture(scope="module")
def idle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace that has its ledger by a first run, and in which nothing is due; tests look at copies of it."""
    workspace = tmp_path_factory.mktemp("idle") / "shop"
    subprocess.run([*COMMAND, "init", str(workspace)], check=True, capture_output=True)
    for words in (["run"], ["run", "--due"]):
        subprocess.run([*COMMAND, "--workspace", str(workspace), *words], check=True, capture_output=True)
    return workspace


@pytest.mark.parametrize(
    "arguments", [["run"], ["run", "--dry-run"], ["run", "--due"], ["status"], ["--help"]], ids=" ".join
)
def test_idle_commands_import_nothing_heavy(idle: Path, tmp_path: Path, arguments: list[str]) -> None:
    """With nothing to pick up."""
    shutil.copytree(idle, tmp_path / "shop")

    assert sorted(HEAVY & _imported_by(tmp_path / "shop", arguments)) == []


@pytest.mark.parametrize("arguments", [["run"], ["run", "--due"]], ids=" ".join)
def test_an_idle_run_imports_only_what_a_look_needs(idle: Path, tmp_path: Path, arguments: list[str]) -> None:
    """The first one after an edit reads the configuration; those after it look at folders."""
    shutil.copytree(idle, tmp_path / "shop")
    flow = tmp_path / "shop/mappings/flows/orders.yaml"
    flow.write_text(flow.read_text(encoding="utf-8").replace("*/5 * * * *", "0 0 29 2 *"), encoding="utf-8")

    assert sorted((HEAVY | WORKING) & _imported_by(tmp_path / "shop", arguments)) == []
    assert sorted((HEAVY | WORKING | READING) & _imported_by(tmp_path / "shop", arguments)) == []
