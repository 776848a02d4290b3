"""The benchmarks on tiny inputs: the generator's amounts, the peers' numbers, and the table; nothing is timed."""

from __future__ import annotations

import atexit
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.servers.required import need_sshd

ROOT = Path(__file__).parents[1]
SHAPE = {"lines": 500, "columns": 20, "bad": 0.02, "seed": 7}
PEERS = ROOT / "tests" / "bench" / "peers"
Row = dict[str, str]


def python(*arguments: str | Path, **environment: str) -> str:
    """Run a benchmark module as the command line does, with these variables as well; returns its stdout."""
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    return done.stdout


def generate(folder: Path, **changes: float) -> dict[str, int]:
    python("-m", "tests.bench.generate", folder, "--shape", json.dumps({**SHAPE, **changes}))
    facts: dict[str, int] = json.loads((folder / "facts.json").read_text(encoding="utf-8"))
    return facts


def rows(path: Path) -> list[Row]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def by_order(lines: list[Row], key: str) -> dict[str, list[Row]]:
    grouped = defaultdict(list)
    for line in lines:
        grouped[line[key]].append(line)
    return dict(grouped)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("input")
    generate(folder)
    return folder


@pytest.fixture(scope="module")
def facts(made: Path) -> dict[str, int]:
    told: dict[str, int] = json.loads((made / "facts.json").read_text(encoding="utf-8"))
    return told


def is_bad(line: Row) -> bool:
    return line["Lineitem quantity"] == "two" or not line["Lineitem price"] or line["Lineitem sku"] == "NO-SUCH-ITEM"


def test_the_facts_are_those_of_the_file(made: Path, facts: dict[str, int]) -> None:
    lines = rows(made / "orders.csv")
    orders = by_order(lines, "Name")
    rejected = [order for order in orders.values() if any(map(is_bad, order))]
    assert facts == {
        "lines": 500,
        "orders": 150,
        "bad_lines": sum(map(is_bad, lines)),
        "rejected_lines": sum(map(len, rejected)),
        "rejected_orders": len(rejected),
        "bytes": (made / "orders.csv").stat().st_size,
    }
    assert (len(lines), len(orders)) == (500, 150)
    assert 0 < facts["rejected_orders"] < 150


def test_the_amounts_of_every_good_order_add_up(made: Path) -> None:
    discounted = 0
    for order in by_order(rows(made / "orders.csv"), "Name").values():
        if any(map(is_bad, order)):
            continue
        head, *others = order
        assert not any(line["Total"] or line["Financial Status"] for line in others)
        gross = sum(Decimal(line["Lineitem price"]) * int(line["Lineitem quantity"]) for line in order)
        amount = {name: Decimal(head[name]) for name in ("Subtotal", "Shipping", "Taxes", "Total", "Discount Amount")}
        assert gross - amount["Discount Amount"] == amount["Subtotal"]
        assert amount["Subtotal"] + amount["Shipping"] + amount["Taxes"] == amount["Total"]
        discounted += amount["Discount Amount"] > 0
    assert discounted > 5


def test_one_seed_gives_the_same_rows_in_one_and_many_files(made: Path, facts: dict[str, int], tmp_path: Path) -> None:
    split = generate(tmp_path, files=10)
    files = sorted((tmp_path / "orders").iterdir())
    assert len(files) == 10
    assert [line for path in files for line in rows(path)] == rows(made / "orders.csv")
    assert {**split, "bytes": 0} == {**facts, "bytes": 0}


def test_all_79_columns_hold_quoted_line_breaks(tmp_path: Path) -> None:
    generate(tmp_path, columns=79)
    lines = rows(tmp_path / "orders.csv")
    assert len(lines) == 500
    assert {len(line) for line in lines} == {79}
    assert any("\n" in line["Notes"] for line in lines)


def test_the_polars_script_maps_every_good_order_to_the_cent(made: Path, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    python(PEERS / "polars_script.py", made / "orders.csv", made / "tables", tmp_path)
    items = {row["sku"]: row["item_number"] for row in rows(made / "tables" / "items.csv")}
    packs = {row["item_number"]: int(row["quantity"]) for row in rows(made / "tables" / "packs.csv")}
    orders = by_order(rows(made / "orders.csv"), "Name")
    mapped = by_order(rows(tmp_path / "erp.csv"), "OrderNumber")
    for name, source in orders.items():
        if any(map(is_bad, source)):
            assert name.removeprefix("#") not in mapped
            continue
        lines = mapped[name.removeprefix("#")]
        assert [line["LineNumber"] for line in lines] == [str(number + 1) for number in range(len(source))]
        assert sum(Decimal(line["LineDiscount"]) for line in lines) == Decimal(source[0]["Discount Amount"])
        for line, was in zip(lines, source, strict=True):
            assert line["ItemNumber"] == items[was["Lineitem sku"].upper()]
            quantity = int(was["Lineitem quantity"])
            assert int(line["Quantity"]) == quantity * packs.get(line["ItemNumber"], 1)
            worth = quantity * Decimal(was["Lineitem price"])
            assert Decimal(line["LineTotal"]) == worth - Decimal(line["LineDiscount"])
    rejected = by_order(rows(tmp_path / "rejects.csv"), "Name")
    assert set(rejected) == {name for name, source in orders.items() if any(map(is_bad, source))}


def bench(name: str, folder: Path, *options: str, lines: int = 500) -> dict[str, Any]:
    """Run a benchmark on a few lines, one round; returns what it wrote as JSON. Only `orders` checks beforehand."""
    target = folder / "figures.json"
    shared = ["--rounds", "1", "--cache", _cache(), "--scratch", str(folder), "--json", str(target)]
    unchecked = {} if name == "orders" else {"BENCH_UNCHECKED": "1"}
    printed = python("-m", "tests.bench", name, "--lines", str(lines), *shared, *options, **unchecked)
    told: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    assert all(contender in printed for contender in told["results"])
    return told


@cache
def _cache() -> str:
    """Return where the inputs of all benchmarks are kept, once for each process: several take the same."""
    folder = tempfile.mkdtemp(prefix="exchange-bench-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


@pytest.mark.slow
def test_product_and_peers_run_and_the_figures_name_machine_versions_and_seed(tmp_path: Path) -> None:
    pytest.importorskip("polars")
    told = bench("orders", tmp_path, "--seed", "7")
    assert len(told["goals"]) == 3
    outcome = {name: result["outcome"] for name, result in told["results"].items()}
    assert outcome["polars"]["orders_out"] + outcome["polars"]["orders_rejected"] == 150
    assert outcome["polars"]["lines_out"] + outcome["polars"]["lines_rejected"] == 500
    assert outcome["naive"] == {"orders_out": 150, "orders_rejected": 0, "lines_out": 500, "lines_rejected": 0}
    assert outcome["frictionless"]["rows"] == 500
    assert all(result["peak_mb"] > 5 for result in told["results"].values())
    assert told["settings"]["seed"] == 7
    assert {"processor", "cores", "memory_mb", "system", "python"} == set(told["machine"])
    assert told["versions"]["polars"]
    earlier = shutil.copy(tmp_path / "figures.json", tmp_path / "earlier.json")
    again = bench("orders", tmp_path, "--only", "naive", "--seed", "7", "--compare", str(earlier))
    assert again["results"]["naive"]["outcome"] == outcome["naive"]


def test_the_table_shows_the_change_since_an_earlier_run() -> None:
    shown = (
        "from tests.bench.measure import Figures, Run\n"
        "from tests.bench.report import Goal, Report, table\n"
        "figures = [Figures(n, 1000, (Run(took, 1.5, 80.0, {}),)) for n, took in (('a', 2.0), ('b', 1.0))]\n"
        "goals = [Goal('a / b', 2.0, 2.0), Goal('b / a', 0.5, 4, at_least=True)]\n"
        "print(table(Report('x', figures, 'b', goals, ['no networks']), {'results': {'a': {'seconds': 4.0}}}))"
    )
    lines = python("-c", shown).splitlines()
    assert [line.split() for line in lines[1:3]] == [
        ["a", "2.00", "1.50", "500", "2.00", "80", "4.00", "-50%"],
        ["b", "1.00", "1.50", "1,000", "1.00", "80", "-", "-"],
    ]
    assert lines[4:6] == ["a / b: 2.00x (at most 2x: reached)", "b / a: 0.50x (at least 4x: MISSED)"]
    assert lines[-1] == "- no networks"


def test_the_product_writes_the_same_file_as_the_polars_script(made: Path, tmp_path: Path) -> None:
    pytest.importorskip("polars")
    (tmp_path / "peer").mkdir()
    python(PEERS / "polars_script.py", made / "orders.csv", made / "tables", tmp_path / "peer")
    workspace = tmp_path / "workspace"
    build = (
        "import sys; from pathlib import Path; from tests.bench import workspace as w\n"
        "source, folder = map(Path, sys.argv[1:])\n"
        "w.build(folder, source / 'tables'); w.drop(source / 'orders.csv', folder)"
    )
    python("-c", build, made, workspace)
    main = "import sys; from exchange.cli.main import main; sys.exit(main())"
    argv = [sys.executable, "-c", main, "--workspace", str(workspace), "run", "orders"]
    done = subprocess.run(argv, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 3, done.stderr
    [delivered] = (workspace / "data" / "outbox" / "erp" / "orders").iterdir()
    assert rows(delivered) == rows(tmp_path / "peer" / "erp.csv")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "lines", "goals"),
    [
        ("memory", 500, 3),
        ("xml", 500, 4),  # `xml_in` and `xml_out` in one
        ("flow", 500, 1),
        ("flash", 150, 3),  # two files
        ("bad", 500, 1),
        ("many", 500, 1),
    ],
)
def test_the_product_comes_to_the_generated_numbers(name: str, lines: int, goals: int, tmp_path: Path) -> None:
    told = bench(name, tmp_path, lines=lines)
    assert len(told["goals"]) == goals


@pytest.mark.slow
def test_an_idle_run_imports_no_pandas(tmp_path: Path) -> None:
    told = bench("idle", tmp_path)
    assert "pandas" not in told["results"]["run"]["outcome"]["imported"]
    assert "pyarrow" not in told["results"]["help"]["outcome"]["imported"]


@pytest.mark.slow
def test_files_go_over_sftp_as_they_are_counted(tmp_path: Path) -> None:
    need_sshd()

    told = bench("sftp", tmp_path, lines=20)

    assert {name for name in told["results"] if "far" not in name} == {
        f"{who} {task}" for who in ("openssh", "product") for task in ("get", "put", "small")
    }
    assert [goal["what"] for goal in told["goals"] if "peak" not in goal["what"]] == [
        f"{task}: product / openssh" for task in ("get", "put", "small")
    ]
