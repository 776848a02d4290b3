"""Each sample in samples/rules gives, day by day, exactly what lies beside it; `--update` rewrites what is expected.

A sample is played as its README.md says: copied over a fresh workspace, the files of a day into `data`, and the
commands of the README run at six in the evening of that day.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.assemble import house, idle, standing
from exchange.cli import rejects, run, status
from exchange.config.computed import Computed
from exchange.config.guards import Guards
from exchange.config.rules import Money, Release, Rules
from exchange.config.stock import Stock
from exchange.kernel.catalogue import CATALOGUE
from tests.flows.shop import Shop
from tests.samples.rules import RULES, RuleSample

SAMPLES = Path(__file__).parents[2] / "samples" / "rules"
REFERENCE = Path(__file__).parents[2] / "mappings" / "README.md"
PAGES = Path(__file__).parents[2] / "exchange" / "assemble" / "pages"
STARTER = "mappings/flows/orders.yaml"
"""Warned of where another flow tells what can be sold."""
Files = dict[str, bytes]
EVENING = datetime(2026, 3, 1, 18, tzinfo=UTC)
"""When the day before the first ends."""
DROPPED = timedelta(hours=12)
"""How long before the evening the files of a day were written, one minute apart."""
CLOCKS = (house, idle, standing, run, status, rejects)
"""Modules that ask what time it is; imported here, so that none of them keeps the clock of a sample."""
COMMAND = r"^exchange (run|trace|status|rejects)\b(.*?)(?: --settle \w+)?$"
KEPT = ("outbox", "inbox", "rejects", "state/held")
"""Folders of `data` that people look at; of what is held only the pages."""


def play(shop: Shop, sample: Path) -> Files:
    """Play all days of a sample and return what came of each, by path below `expected`."""
    commands = re.findall(COMMAND, readme(sample), re.MULTILINE)
    runs = [["run", *words.split(), "--json"] for command, words in commands if command == "run"]
    looks = [[command, *words.split()] for command, words in commands if command != "run"]
    assert runs, "the README shows how to run it"
    files: Files = {}
    for day in sorted(sample.glob("days/*")):
        evening = EVENING + int(day.name) * timedelta(days=1)
        drop(shop, day, evening - DROPPED)
        before = lying(shop)
        with pytest.MonkeyPatch.context() as patch:
            for module in CLOCKS:
                patch.setattr(module, "now", lambda evening=evening: evening)
            said = [shop.type(*words) for words in runs]
            shown = {"_".join(words): shop.type(*words).out.replace(f"{shop.root}/", "") for words in looks}
        files |= {f"{day.name}/{name}.txt": out.encode() for name, out in shown.items()}
        rows = [{key: row[key] for key in row if key != "seconds"} for ran in said for row in ran.rows]
        text = json.dumps({"exit": [ran.exit for ran in said], "files": rows}, indent=2, ensure_ascii=False)
        files[f"{day.name}/report.json"] = f"{text}\n".encode()
        made = {name: data for name, data in lying(shop).items() if before.get(name) != data}
        files |= {f"{day.name}/{name}": data for name, data in made.items()}
    return files


def readme(sample: Path) -> str:
    return (sample / "README.md").read_text(encoding="utf-8")


def drop(shop: Shop, day: Path, when: datetime) -> None:
    """Copy the files of a day to where they are picked up, the first by name the oldest."""
    for number, path in enumerate(sorted(path for path in day.rglob("*") if path.is_file())):
        target = shop.root / "data" / path.relative_to(day)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
        os.utime(target, ((when + number * timedelta(minutes=1)).timestamp(),) * 2)


def lying(shop: Shop) -> Files:
    """Return what lies in the folders that people look at; a workbook holds what the CSV beside it does."""
    paths = [path for part in KEPT for path in shop.files(f"data/{part}")]
    paths = [path for path in paths if path.suffix != ".xlsx" and not path.name.endswith(".held.csv")]
    return {path.relative_to(shop.root / "data").as_posix(): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A starter workspace that is only copied."""
    root = Shop(tmp_path_factory.mktemp("fresh") / "ws").root
    shutil.rmtree(root / "samples")
    (root / "mappings/flows/orders_test.yaml").unlink()  # it names them
    return root


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_sample_gives_what_lies_beside_it(rule: RuleSample, fresh: Path, tmp_path: Path, *, update: bool) -> None:
    sample = SAMPLES / rule.name
    shutil.copytree(fresh, tmp_path / "ws")
    shop = Shop(tmp_path / "ws", init=False)
    shutil.copytree(sample / "mappings", shop.root / "mappings", dirs_exist_ok=True)
    checked = shop.type("check", "--json")
    assert [row for row in checked.rows if row["severity"] != "note" and row["file"] != STARTER] == []

    made = play(shop, sample)

    if update:
        shutil.rmtree(sample / "expected", ignore_errors=True)
        for name, data in made.items():
            path = sample / "expected" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    stored = {path.relative_to(sample / "expected").as_posix(): path for path in sample.glob("expected/**/*.*")}
    assert sorted(made) == sorted(stored)
    for name, data in sorted(made.items()):
        assert data.decode() == stored[name].read_bytes().decode(), name
    rows = [row for name, data in made.items() if name.endswith("/report.json") for row in json.loads(data)["files"]]
    told = " ".join(data.decode() for name, data in made.items() if name.endswith(".txt"))
    shown = {code for row in rows for code in row["problems"]} | set(re.findall(r"\b[A-Z_]{6,}\b", told))
    assert shown & set(CATALOGUE) == set(rule.codes)
    for row in rows:
        for counts in row["counts"].values():
            assert counts["in"] == counts["out"] + counts["rejected"] + counts["filtered"] + counts["held"], row


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_sample_is_explained_where_a_mapping_author_looks(rule: RuleSample) -> None:
    """Its page shows each code that is in it; the reference has its keys, and names it where they are explained."""
    page, reference = readme(SAMPLES / rule.name), REFERENCE.read_text(encoding="utf-8")
    assert {code for code in CATALOGUE if re.search(rf"\b{code}\b", page)} >= set(rule.codes) - {"NOT_A_NUMBER"}
    assert f"exchange init ws && cd ws\ncp -r samples/rules/{rule.name}/mappings ." in page
    assert f'More in `mappings/README.md`, "{rule.section}".' in page
    heading = rf"^(##) {re.escape(rule.section)}$"
    assert re.search(heading, reference, re.MULTILINE), rule.section
    assert f"Sample: `samples/rules/{rule.name}`" in reference
    for key in re.findall(r"\b(?:rules|pick_up\[\]|deliver\[\]|guards)[\w.\[\]]*", rule.rule):
        assert f"| `{key}` |" in reference, key


def test_every_rule_is_explained_in_prose_too() -> None:
    """The tables of keys are made from the models (tests/test_docs.py); a rule has a word in the pages as well."""
    prose = "".join(page.read_text(encoding="utf-8") for page in PAGES.glob("*.md"))
    for model in (Rules, Stock, Computed, Guards, Release, Money):
        for name in model.model_fields:
            assert re.search(rf"\b{name}\b", prose), f"{model.__name__}: {name}"
    assert {path.name for path in SAMPLES.iterdir()} == {rule.name for rule in RULES}
