"""The samples give exactly what lies in samples/expected; `pytest tests/flows/test_samples.py --update` rewrites it.

Each sample has a folder with every file that came of it, under its real name (a function of the sample's content), and
`report.json` with what `run --json` printed. The problems of all samples together are all that a file can show.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from exchange.kernel.catalogue import CATALOGUE
from tests.flows.shop import Ran, Shop
from tests.samples.faults import NO_NUMBER
from tests.samples.make_orders import OF_RULES, make
from tests.samples.test_make_orders import OF_DATA, WITHOUT_SAMPLE

SAMPLES = Path(__file__).parents[2] / "samples"
EXPECTED = SAMPLES / "expected"
Files = dict[str, bytes]


def report(ran: Ran) -> bytes:
    """Return what a run printed, for people: without the seconds."""
    row = {key: value for key, value in ran.row.items() if key != "seconds"}
    return (json.dumps({"exit": ran.exit, **row}, indent=2, ensure_ascii=False) + "\n").encode()


def made(shop: Shop, samples: Iterable[Path], prefix: str) -> Files:
    """Run each sample and return all that came of it, by path below samples/expected."""
    files: Files = {}
    for sample in samples:
        ran = shop.take(sample.name, sample.read_bytes())
        folder = f"{prefix}{sample.stem}"
        files[f"{folder}/report.json"] = report(ran)
        for path in [*(output["path"] for output in ran.row["outputs"]), *ran.row["rejects"]]:
            if path.endswith(".xlsx"):  # for people; its rows are those of the .csv
                continue
            files[f"{folder}/{Path(path).name}"] = (shop.root / path).read_bytes()
    return files


@pytest.fixture(scope="module")
def produced(tmp_path_factory: pytest.TempPathFactory, *, update: bool) -> Files:
    """What the product makes of the samples now; with `--update` it becomes what is expected."""
    orders = SAMPLES / "orders"
    files = made(Shop(tmp_path_factory.mktemp("orders") / "ws"), sorted(orders.glob("*.csv")), "")
    refused = Shop(tmp_path_factory.mktemp("refused") / "ws")
    files |= made(refused, sorted((orders / "refused").glob("*.csv")), "refused/")
    if update:
        shutil.rmtree(EXPECTED, ignore_errors=True)
        for name, data in files.items():
            path = EXPECTED / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return files


def expected() -> Files:
    """Return what lies in samples/expected."""
    return {str(path.relative_to(EXPECTED)): path.read_bytes() for path in EXPECTED.rglob("*") if path.is_file()}


def test_samples_give_what_is_expected(produced: Files) -> None:
    stored = expected()
    assert sorted(produced) == sorted(stored)
    for name, data in sorted(produced.items()):
        assert data.decode("utf-8", "backslashreplace") == stored[name].decode("utf-8", "backslashreplace"), name
        assert data == stored[name], name


def test_demo_gives_the_same_files(produced: Files, tmp_path: Path) -> None:
    shop = Shop(tmp_path / "demo", init=False)
    assert shop.type("demo", str(shop.root), workspace=False).exit == 0
    wanted = {
        Path(name).name: data
        for name, data in produced.items()
        if not name.startswith("refused/") and not name.endswith("/report.json")
    }
    parts = ("outbox/wms/orders", "outbox/erp/orders", "rejects/orders")
    found = {path.name: path.read_bytes() for part in parts for path in shop.files(f"data/{part}")}
    found = {name: data for name, data in found.items() if not name.endswith(".xlsx")}
    assert found == wanted


def test_samples_show_every_problem_that_a_file_can_show(produced: Files) -> None:
    reports = [json.loads(data) for name, data in produced.items() if name.endswith("/report.json")]
    shown = {code for row in reports for code in row["problems"]}
    assert shown == OF_DATA - WITHOUT_SAMPLE - OF_RULES


def test_samples_balance(produced: Files) -> None:
    for name, data in produced.items():
        if name.endswith("/report.json"):
            for counts in json.loads(data)["counts"].values():
                assert counts["in"] == counts["out"] + counts["rejected"] + counts["filtered"] + counts["held"], name


def promised(shows: str) -> tuple[str, set[str]]:
    """Return the disposition and the codes that an order's line in samples/README.md promises."""
    codes = {word for word in re.findall(r"\b[A-Z][A-Z_]{5,}\b", shows) if word in CATALOGUE}
    if codes or re.search(r"\bbad\b|problems on", shows):
        return "rejected", codes
    ended = re.search(r"(?:: |and is voided now: )(held|filtered)\b(?! for the WMS)", shows)
    return (ended[1] if ended else "out"), set()


def test_each_order_ends_as_its_page_says(tmp_path: Path) -> None:
    shop = Shop(tmp_path / "ws")
    for sample in make():
        if sample.name.startswith("refused/"):
            continue
        ran = shop.take(sample.name, sample.data)
        if "holds the file, and nothing of it goes out" in sample.about:
            assert (ran.exit, ran.row["state"], ran.row["outputs"]) == (4, "held", []), sample.name
            known = [row["file"] for shown in sample.orders for row in shop.trace(shown.number)]
            assert sample.orders, sample.name
            assert sample.name not in known
            continue
        assert ran.row["state"] == "done" or not sample.orders, sample.name
        for shown in sample.orders:
            if shown.number == NO_NUMBER:
                continue
            where, codes = promised(shown.shows)
            row = next(row for row in reversed(shop.trace(shown.number)) if row["file"] == sample.name)
            assert row["disposition"] == where, shown
            assert {problem["code"] for problem in row["problems"]} >= codes, shown
            assert bool(row["rejects"]) == (where == "rejected"), shown
