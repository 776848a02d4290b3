"""What other distributions add, used as a person uses it: in mappings and exchange.yaml, by check and run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from exchange.testing.workbench import Workbench, as_csv, from_csv

Install = Callable[..., Path]
ROW = dict(
    zip(
        ("number", "at", "status", "currency", "total", "note", "sku", "quantity", "price"),
        ("1", "2026-03-02", "paid", "EUR", "9.50", "Tea (250 g)", "A", "2", "4.75"),
        strict=True,
    )
)
STEP = "  notes: {from: note}\n"


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    """A workspace of plain CSV, with one file to take."""
    made = Workbench(tmp_path / "ws", "{type: csv}", ".csv")
    made.put("given", "given.csv", as_csv([ROW]))
    return made


def edit(bench: Workbench, file: str, old: str, new: str) -> None:
    path = bench.root / "mappings" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def use_step(bench: Workbench, step: str) -> None:
    edit(bench, "kit/given.yaml", STEP, f"  notes: {{from: note, steps: [{step}]}}\n")


def check(bench: Workbench) -> list[str]:
    """Return the findings of `check`: the lines that begin with a place."""
    code, said = bench.run("check")
    assert code == 5, said
    return [line for line in said.splitlines() if line.startswith(("mappings/", "entry point "))]


def test_a_step_a_format_and_an_endpoint_at_work(bench: Workbench, acme: Path) -> None:
    del acme
    use_step(bench, '{between: {start: "(", end: ")"}}')
    edit(bench, "kit/written.yaml", "{type: csv}", '{type: blocks, sign: "="}')
    edit(bench, "kit/read.yaml", "{type: csv}", '{type: blocks, sign: "="}')
    edit(
        bench,
        "exchange.yaml",
        "written: {path: data/written}",
        "written: {type: logged, path: data/written, log: l.txt}",
    )

    assert bench.run("check")[0] == 0
    code, said = bench.run("run", "write")

    assert code == 0, said
    [file] = bench.written()
    assert "note= 250 g\n" in file.read_text(encoding="utf-8")
    assert (bench.root / "l.txt").read_text(encoding="utf-8").startswith("data/written/O_")
    assert file.suffix == ".csv"
    code, said = bench.run("run", "read")
    assert code == 0, said
    [result] = (bench.root / "data/result").iterdir()
    assert from_csv(result)[0]["note"] == "250 g"


def test_a_step_refuses_in_its_own_words(bench: Workbench, acme: Path) -> None:
    del acme
    use_step(bench, '{between: {start: "[", end: "]"}}')

    code, said = bench.run("run", "write")

    assert code == 3, said
    [reject] = (bench.root / "data/rejects").rglob("*.csv")
    assert "note: 'Tea (250 g)': it has no [ ... ]" in reject.read_text(encoding="utf-8")


def test_its_parameters_are_checked_as_any(bench: Workbench, acme: Path) -> None:
    del acme
    use_step(bench, '{between: {strt: "(", end: ""}}')

    assert "mappings/kit/given.yaml:10:42: between has no parameter strt; did you mean 'start'?" in check(bench)


def test_a_name_that_nobody_adds_is_unknown_as_before(bench: Workbench, acme: Path) -> None:
    del acme
    use_step(bench, "betwen")

    [found] = check(bench)

    assert found.endswith("there is no step betwen; did you mean 'between'?")


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (
            "acme_exchange.nothing:SHOUT",
            "cannot be loaded: ModuleNotFoundError: No module named 'acme_exchange.nothing'",
        ),
        (
            "acme_exchange.steps:NOTHING",
            "cannot be loaded: AttributeError: module 'acme_exchange.steps' has no attribute",
        ),
        ("acme_exchange.formats:BLOCKS", "is of type FormatType, a StepSpec is needed"),
        ("acme_exchange.steps:BETWEEN", "calls itself 'between'"),
    ],
)
def test_a_broken_step_is_told_where_it_is_named(
    bench: Workbench, install: Install, acme: Path, value: str, said: str
) -> None:
    del acme
    install(f"[exchange.steps]\nshout = {value}\n", "acme-broken")
    use_step(bench, "shout")

    [found] = check(bench)

    assert found.startswith(f"mappings/kit/given.yaml:10:31: step 'shout' of acme-broken 1.0 ({value})")
    assert said in found
    assert "mend acme-broken, or uninstall it" in found
    code, told = bench.run("run", "write")
    assert code == 5
    assert "step 'shout' of acme-broken 1.0" in told
    assert "bug in exchange" not in told


@pytest.mark.parametrize("value", ["acme_exchange.nothing:X", "acme_exchange.steps:BETWEEN"])
def test_a_broken_format_or_endpoint_is_told_where_it_is_named(
    bench: Workbench, install: Install, acme: Path, value: str
) -> None:
    del acme
    install(f"[exchange.formats]\nodd = {value}\n[exchange.endpoints]\nodd = {value}\n", "acme-broken")
    edit(bench, "kit/written.yaml", "{type: csv}", "{type: odd}")
    edit(bench, "exchange.yaml", "written: {path: data/written}", "written: {type: odd}")

    found = check(bench)

    assert found[0].startswith(f"mappings/exchange.yaml:3:19: endpoint type 'odd' of acme-broken 1.0 ({value})")
    assert [
        line for line in found if line.startswith("mappings/kit/written.yaml:2:16: format 'odd' of acme-broken 1.0")
    ]


def test_a_part_that_cannot_be_loaded_is_told_where_it_is_named(bench: Workbench, install: Install, acme: Path) -> None:
    site = install("[exchange.formats]\nhalf = half:HALF\n[exchange.endpoints]\nhalf = half:PLACE\n", "acme-half")
    (site / "half.py").write_text(
        "from typing import Literal\n"
        "from exchange.config.endpoints import EndpointModel, EndpointType\n"
        "from exchange.config.formats import FileFormat, FormatType\n"
        "class Half(FileFormat):\n    type: Literal['half']\n"
        "class Place(EndpointModel):\n    type: Literal['half']\n"
        "HALF = FormatType(Half, reader='half:gone')\nPLACE = EndpointType(Place, 'half:gone')\n",
        encoding="utf-8",
    )
    del acme
    edit(bench, "kit/written.yaml", "{type: csv}", "{type: half}")
    edit(bench, "kit/read.yaml", "{type: csv}", "{type: half}")
    edit(bench, "exchange.yaml", "written: {path: data/written}", "written: {type: half}")

    found = check(bench)

    assert [line.partition(";")[0] for line in found] == [
        "mappings/exchange.yaml:3:19: endpoint type 'half' of acme-half 1.0 (half:PLACE): its make 'half:gone' cannot "
        "be loaded: AttributeError: module 'half' has no attribute 'gone'",
        "mappings/kit/read.yaml:2:16: format 'half' of acme-half 1.0 (half:HALF): its reader 'half:gone' cannot be "
        "loaded: AttributeError: module 'half' has no attribute 'gone'",
        "mappings/kit/written.yaml:2:16: format 'half' of acme-half 1.0 (half:HALF) has no writer",
    ]


def test_names_that_are_taken_are_refused(bench: Workbench, install: Install, acme: Path) -> None:
    del acme
    install("[exchange.steps]\nstrip = acme_exchange.steps:BETWEEN\nbetween = acme_exchange.steps:BETWEEN\n", "other")
    use_step(bench, '{between: {start: "(", end: ")"}}')

    found = check(bench)

    assert [line.partition(",")[0] for line in found] == [
        "entry point exchange.steps: another distribution adds one of that name",
        "entry point exchange.steps: another distribution adds one of that name",
        "entry point exchange.steps: exchange has one of that name",
        "mappings/kit/given.yaml:10:32: two distributions add the step 'between': acme-exchange 1.0 and other 1.0; "
        "uninstall one of them",
    ]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ZeroDivisionError('no')", "failed: ZeroDivisionError: no"),
        ("return Outcome(inputs.value.slice(1))", "gives 0 values of type string for 1 row, text is what it says"),
    ],
)
def test_a_step_that_fails_at_work_is_no_bug_of_ours(bench: Workbench, install: Install, body: str, said: str) -> None:
    module = f"bad_step_{len(body)}"
    site = install(f"[exchange.steps]\nbad = {module}:BAD\n", "acme-bad")
    (site / f"{module}.py").write_text(
        "from exchange.mapping.spec import Built, Outcome, StepSpec\n"
        f"def run(inputs):\n    {body}\n"
        "BAD = StepSpec('bad', 'Fails', lambda arguments, context: Built(run, 'text'))\n",
        encoding="utf-8",
    )
    use_step(bench, "bad")

    code, told = bench.run("run", "write")

    assert code == 5
    assert f"step 'bad' of acme-bad 1.0 ({module}:BAD) {said}; mend acme-bad, or uninstall it" in told
    assert "bug in exchange" not in told


def test_doctor_looks_into_an_added_endpoint(bench: Workbench, acme: Path) -> None:
    del acme
    edit(bench, "exchange.yaml", "written: {path: data/written}", "written: {type: logged, path: data/w, log: l.txt}")

    code, said = bench.run("doctor", "written", "--json")

    assert code == 0, said
    assert '"what": "list"' in said
    (bench.root / "data/w").rmdir()
    (bench.root / "data/w").write_text("no folder", encoding="utf-8")
    code, said = bench.run("doctor", "written")
    assert code == 6
    assert "nothing is lost" in said
