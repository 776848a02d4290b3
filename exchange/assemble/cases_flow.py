"""Runs files through a whole flow in a workspace of its own: a golden run that touches nothing else."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from exchange.assemble.house import Session, house_of, ledger_of
from exchange.assemble.source import ready_file
from exchange.cases.differences import Difference
from exchange.cases.differences import Path as CasePath
from exchange.cases.golden import compare_files
from exchange.config.cases import FlowCase
from exchange.config.endpoints import LocalEndpoint
from exchange.config.models import Flow, PickUp, Workspace
from exchange.config.workspace import Setup, load_flows
from exchange.engine.events import Failed
from exchange.engine.flow import run_flow
from exchange.engine.house import House
from exchange.kernel.exits import Exit
from exchange.kernel.model import FileReport
from exchange.kernel.naming import matching

ExitOf = Callable[[FileReport], Exit]
REPORT = "report.json"
_BOOK = ".rejects.xlsx"
"""A workbook of rejects says which version of each file of the workspace made it, so that it changes with all of them;
its rows and problems stand in the other two reject files, which are compared."""
_APART = timedelta(minutes=1)
"""Between the times of two files of a case: the first is the oldest."""
_CONFIGURATION = ("mappings", "templates")


def run_flow_case(root: Path, flow: str, case: FlowCase, told: tuple[CasePath, ExitOf]) -> list[Difference]:
    """Run a case and return what is not as expected; the workspace `root` is only read.

    Raises ConfigurationError where the flow's files hold mistakes.
    """
    at, exit_of = told
    real = load_flows(root)
    files = [path for pattern in case.files for path in sorted(root.glob(pattern)) if path.is_file()]
    differences: list[Difference] = []
    with tempfile.TemporaryDirectory(prefix="exchange-test-") as made:
        folder = Path(made)
        setup = _copy(real, folder)
        names = _folders(files)
        with ledger_of(setup) as ledger:
            session = Session(folder, setup, ledger, ledger.runs.start("test", case.at))
            try:
                with house_of(session, setup.flows[flow]) as house:
                    still = _fixed(house, case.at)
                    for number, file in enumerate(files):
                        when = case.at - (len(files) - number) * _APART
                        came, failed = _one(still, setup, file, (when, exit_of))
                        differences += failed_differences(failed, file.name, at)
                        if failed:
                            continue  # what is left of a run that failed is nothing to compare, or to write down
                        place = f"{case.expected.rstrip('/')}/{names[number]}"
                        differences += _compared(root, place, came, (*at, "expected"))
            finally:
                session.places.close()
    return differences


def failed_differences(failed: list[Failed], file: str, at: CasePath) -> Iterator[Difference]:
    """Yield what kept a file from being carried to its end."""
    for each in failed:
        yield Difference((*at, "files"), file, None, f"{each.message} (exit {int(each.exit)})")


def _compared(root: Path, place: str, came: dict[str, bytes], at: CasePath) -> Iterator[Difference]:
    kept = {
        path.relative_to(root).as_posix(): path.read_bytes() for path in (root / place).rglob("*") if path.is_file()
    }
    if kept and f"{place}/{REPORT}" not in kept:
        what = f"{place} is not a folder of expected files: it holds no {REPORT}"
        yield Difference(at, place, None, f"{what}; name another folder under `expected`, or empty it")
        return
    yield from compare_files(kept, {f"{place}/{name}": content for name, content in came.items()}, at)


def _folders(files: list[Path]) -> list[str]:
    """Return the name of the folder of what is expected of each file: without suffix where that tells them apart."""
    stems = [file.stem for file in files]
    return [file.stem if stems.count(file.stem) == 1 else file.name for file in files]


# --- a workspace of its own ---------------------------------------------------------------------------------------
def _copy(real: Setup, folder: Path) -> Setup:
    """Copy the configuration and return it with every endpoint a folder below `folder`, and a ledger there."""
    for part in _CONFIGURATION:
        if (real.root / part).is_dir():
            shutil.copytree(real.root / part, folder / part)
    endpoints = {name: _nearby(name, model) for name, model in real.workspace.endpoints.items()}
    workspace = Workspace.model_validate({"endpoints": endpoints})
    flows = {name: _plain(flow) for name, flow in real.flows.items()}
    return Setup(folder, workspace, flows)


def _nearby(name: str, model: object) -> dict[str, object]:
    """Return a folder in place of an endpoint; one that is such a folder already keeps its path."""
    path = PurePosixPath(model.path) if isinstance(model, LocalEndpoint) else PurePosixPath("/")
    inside = not path.is_absolute() and ".." not in path.parts
    return {"type": "local", "path": str(path) if inside else f"data/endpoints/{name}"}


def _plain(flow: Flow) -> Flow:
    """Return the flow as it takes files that lie there whole: nothing is waited for, and answered to nobody."""
    deliver = tuple(delivery.model_copy(update={"ack": None}) for delivery in flow.deliver)
    pick_up = tuple(each.model_copy(update={"done_file": "", "then": _then(each)}) for each in flow.pick_up)
    return flow.model_copy(update={"deliver": deliver, "pick_up": pick_up})


def _then(pick_up: PickUp) -> str:
    return "archive" if pick_up.then == "move" else pick_up.then


def _fixed(house: House, at: datetime) -> House:
    """Return the house with its clock stopped."""

    def now() -> datetime:
        return at

    def pause(seconds: float) -> None:
        del seconds

    return replace(house, now=now, pause=pause)


def _one(house: House, setup: Setup, file: Path, how: tuple[datetime, ExitOf]) -> tuple[dict[str, bytes], list[Failed]]:
    """Take one file and return what came of it by name, and what went wrong."""
    when, exit_of = how
    source = _inbox(house, setup, file.name) / file.name
    source.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(file, source)
    os.utime(source, (when.timestamp(),) * 2)
    ready = ready_file(house.root, setup.workspace, house.flow, source)
    came: dict[str, bytes] = {}
    failed: list[Failed] = []
    reports = 0
    for event in run_flow(house, only=ready):
        if isinstance(event, FileReport):
            reports += 1
            came |= _files(house.root, event, f"report_{reports}.json" if reports > 1 else REPORT, exit_of(event))
        elif isinstance(event, Failed):
            failed.append(event)
    return came, failed


def _inbox(house: House, setup: Setup, name: str) -> Path:
    """Return the folder of the pick-up that takes a file: the first whose pattern fits its name, else the first."""
    fitting = (each for each in house.flow.pick_up if each.computed is None and matching([name], each.match))
    pick_up = next(fitting, house.flow.pick_up[0])
    return house.root / setup.workspace.endpoints[pick_up.from_].path / pick_up.folder


def _files(root: Path, report: FileReport, name: str, exit_code: Exit) -> dict[str, bytes]:
    row = {key: value for key, value in report.as_json().items() if key != "seconds"}
    text = json.dumps({"exit": int(exit_code), **row}, indent=2, ensure_ascii=False, default=str) + "\n"
    rejects = [path for path in report.rejects if not path.endswith(_BOOK)]
    paths = [*(str(output["path"]) for output in report.outputs), *rejects]
    return {name: text.encode("utf-8", "backslashreplace"), **{Path(p).name: (root / p).read_bytes() for p in paths}}
