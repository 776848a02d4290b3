"""`idle`: what a run that finds nothing costs, and `--help`, and which heavy packages they import."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from tests.bench import workspace
from tests.bench.inputs import Input, provide
from tests.bench.measure import Command, Contender, Outcome
from tests.bench.measure import run as run_child
from tests.bench.orders import BAD
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name

FLOWS = 10
HEAVY = ("pandas", "pyarrow", "numpy", "pandera", "lxml", "xmlschema", "alembic", "jinja2", "sqlalchemy")
PROBE = (
    "import sys\n"
    "from exchange.cli.main import main\n"
    "try:\n"
    "    sys.exit(main())\n"
    "finally:\n"
    f"    print('imported:', *(name for name in {HEAVY!r} if name in sys.modules))\n"
)


def run(settings: Settings) -> Report:
    """Measure `exchange run` with ten flows and empty inboxes, and `exchange --help`."""
    given = provide(settings.cache, lines=settings.lines or 1000, columns=20, bad=BAD, seed=settings.seed)
    figures = settings.measure([_contender(given, "run", ["run"]), _contender(given, "help", ["--help"])])
    goals: list[Goal] = []
    idle, shown = by_name(figures, "run"), by_name(figures, "help")
    if idle is not None:
        goals.append(Goal(f"CPU of an idle run, {FLOWS} flows", idle.cpu, 0.5, " s"))
        goals.append(Goal("pandas imported by an idle run", float("pandas" in idle.outcome["imported"]), 0, ""))
    if shown is not None:
        goals.append(Goal("time of --help", shown.seconds, 0.3, " s"))
    notes = ["the ledger exists: the first run of a workspace, which makes it, is not measured"]
    notes += [
        f"{each.name} imported: {', '.join(each.outcome['imported']) or 'none of the heavy ones'}" for each in figures
    ]
    return Report(f"idle: {FLOWS} flows, nothing to pick up", figures, "run", goals, notes)


def _contender(given: Input, name: str, arguments: Sequence[str]) -> Contender:
    def prepare(folder: Path) -> Command:
        workspace.build(folder, given.tables, flows=[f"orders_{number}" for number in range(FLOWS)])
        run_child(Command([*workspace.exchange(), "run"], folder, outcome=_nothing))
        return Command([sys.executable, "-c", PROBE, *arguments], folder, outcome=_imported)

    return Contender(name, prepare, rows=1, expects={})


def _nothing(_: str) -> Outcome:
    return {}


def _imported(printed: str) -> Outcome:
    told = next(line for line in reversed(printed.splitlines()) if line.startswith("imported:"))
    return {"imported": told.split()[1:]}
