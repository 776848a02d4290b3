"""`xml_in` and `attacks`: XML in, against bare parsers and validators; what hostile files cost."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench.inputs import ORDERS_PER_LINE, ROOT, VERSION
from tests.bench.measure import Command, Contender, Outcome
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name, ratio
from tests.bench.xml_file import SLOW
from tests.samples.xml_attacks import SHARED, SHARED_CODES, attacks

ORDERS = 200_000
PEER = ROOT / "tests" / "bench" / "peers" / "xml_script.py"
STREAM = "xmllint --stream --schema"


@dataclass(frozen=True)
class Input:
    """Generated orders."""

    folder: Path
    facts: dict[str, int]


def provide(cache: Path, orders: int, seed: int) -> Input:
    """Return orders as XML, generated now where the cache lacks them."""
    folder = cache / f"v{VERSION}-xml-orders{orders}-seed{seed}"
    if not folder.exists():
        print(f"generating {folder} ...", file=sys.stderr, flush=True)
        cache.mkdir(parents=True, exist_ok=True)
        made = Path(tempfile.mkdtemp(prefix=".making-", dir=cache))
        try:
            argv = [sys.executable, "-m", "tests.bench.xml_file", str(made), str(orders), str(seed)]
            subprocess.run(argv, cwd=ROOT, check=True)
            made.rename(folder)
        finally:
            shutil.rmtree(made, ignore_errors=True)
    return Input(folder, json.loads((folder / "facts.json").read_text(encoding="utf-8")))


def run(settings: Settings) -> Report:
    """Measure reading orders from XML, each validated by an XSD, against parsers and validators that read nothing."""
    orders = max(SLOW, round(settings.lines * ORDERS_PER_LINE)) if settings.lines else ORDERS
    given = provide(settings.cache, orders, settings.seed)
    lines = given.facts["lines"]
    contenders = [
        product("product", given, "orders.xml", {"lines": lines, "refused": 0}),
        product("product, 1 % bad", given, "bad.xml", {"lines": lines, "refused": given.facts["bad"]}),
        *xmllint(given),
        *(peer(name, given, "orders.xml", orders) for name in ("walk", "whole")),
        peer("xmlschema", given, "small.xml", given.facts["small"]),
    ]
    figures = settings.measure(contenders)
    goals = []
    if (value := ratio(figures, "product", STREAM)) is not None:
        goals.append(Goal(f"product / {STREAM}", value, 3.5))
    if (value := ratio(figures, "product, 1 % bad", "product")) is not None:
        goals.append(Goal("1 % bad / none bad", value, 1.5))
    if (measured := by_name(figures, "product")) is not None:
        goals.append(Goal("product's peak memory, reading", measured.peak_mb, 120, " MB"))
    notes = (
        "product: each order validated by libxml2 in a copy of its ancestors, 16 values of it and its lines read, line "
        "numbers, a flat copy written; left out: what follows with any format (mapping, rules, delivery)",
        "peak memory: of reading alone, which loads neither pandas nor Arrow; what follows does, some 75 MB",
        "1 % bad: the first 1,000 refused orders are explained by xmlschema",
        "walk: lxml.iterparse, every order thrown away; whole: the whole tree in memory, then libxml2's validation",
        f"xmlschema: the whole file, and only a {SLOW}th of the orders; compare rows/s",
    )
    return Report(f"xml_in: {orders:,} orders, {lines:,} lines", figures, STREAM, goals, notes)


def product(name: str, given: Input, file: str, expects: dict[str, object]) -> Contender:
    """Return the product, reading one file."""

    def prepare(folder: Path) -> Command:
        (folder / file).symlink_to(given.folder / file)
        return _reading(folder / file, given.folder / "orders.xsd")

    return Contender(name, prepare, given.facts["orders"], expects)


def peer(name: str, given: Input, file: str, orders: int) -> Contender:
    """Return one of the peers."""
    argv = [sys.executable, str(PEER), name, str(given.folder / file), str(given.folder / "orders.xsd")]
    return Contender(name, lambda folder: Command(argv, folder), orders, {"orders": orders})


def xmllint(given: Input) -> list[Contender]:
    """Return libxml2's own program, where it is installed."""
    if shutil.which("xmllint") is None:
        print("xmllint is left out: it is not installed (libxml2-utils)", file=sys.stderr)
        return []
    argv = [
        "xmllint",
        "--noout",
        "--stream",
        "--schema",
        str(given.folder / "orders.xsd"),
        str(given.folder / "orders.xml"),
    ]
    return [Contender(STREAM, lambda folder: Command(argv, folder, _nothing), given.facts["orders"])]


def attacks_(settings: Settings) -> Report:
    """Measure what each file costs that is made to harm; its name tells the problem that it has to leave."""
    contenders = [attack(name, made.code, made.write) for name, made in attacks().items()]
    if SHARED.is_dir():
        contenders += [attack(name, code, _copy(SHARED / name)) for name, code in SHARED_CODES.items()]
    figures = replace(settings, rounds=1).measure(contenders)
    largest = max(each.peak_mb for each in figures)
    good = by_name(figures, "good")
    goals = [Goal("largest peak memory, past that of a good file", largest - good.peak_mb, 50, " MB")] if good else []
    notes = ("each file is read by a process of its own; `good` is what reading a small good file takes",)
    return Report(f"attacks: {len(figures)} files", figures, "good", goals, notes)


def attack(name: str, code: str, write: Callable[[Path], object]) -> Contender:
    """Return the reading of one hostile file."""

    def prepare(folder: Path) -> Command:
        write(folder / "attack.xml")
        return _reading(folder / "attack.xml")

    shown = f"{name}: {code}" if code else name
    return Contender(shown, prepare, 1, {"codes": [code] if code else []})


def _reading(path: Path, *xsd: Path) -> Command:
    return Command([sys.executable, "-m", "tests.bench.xml_read", str(path), *map(str, xsd)], ROOT)


def _copy(source: Path) -> Callable[[Path], Any]:
    return lambda path: shutil.copyfile(source, path)


def _nothing(_: str) -> Outcome:
    return {}
