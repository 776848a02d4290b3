"""Real child processes that run one command each: forked from a process that has run the command once itself.

A new interpreter spends two seconds on imports, configuration and statements of SQL, a fork spends none, so that
hundreds of killed runs fit in a minute. The parent of the forks has let go of its own ledger before the first of them.

A process that is stopped leaves at that moment what it would leave if it were killed: nothing of it goes on, and no
buffer is written. So one run that stops at a hundred points and goes on each time shows what a hundred killed runs
leave (`Nursery.frames`).
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any
from unittest.mock import patch

import pandera.backends.pandas.builtin_checks  # noqa: F401 - half a second that each child would spend

from exchange.assemble.plan import WRITERS, load_plan
from exchange.cli.main import COMMANDS, run
from exchange.config.workspace import load_flows
from exchange.config.yamltext import parse
from exchange.kernel.load import load
from tests.statements import share

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Ended:
    """How a child ended."""

    exit: int
    """Exit code, or the negative number of the signal that killed it."""
    out: str
    err: str

    @property
    def killed(self) -> bool:
        """Whether it was ended by SIGKILL."""
        return self.exit == -signal.SIGKILL

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


class Nursery:
    """Starts children and waits for them; use as a context manager.

    It runs the workspace once: give it a copy, and where children will work, so that they find their plans compiled.
    """

    def __init__(self, folder: Path, workspace: Path) -> None:
        self._folder = folder
        self._workspace = workspace
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Nursery:
        self._folder.mkdir(exist_ok=True)
        environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "tests.crash.child", str(self._workspace)]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment
        )
        self._answer()  # once it has run: the workspace is free again
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if self._process is not None:
            self._process.communicate()

    def run(self, workspace: Path, *words: str, **environment: str) -> Ended:
        """Run a command in a child with these variables added to its environment."""
        return self._ask(workspace, words, environment)

    def traced(self, workspace: Path, *words: str, options: Sequence[str]) -> Ended:
        """Run a command in a child whose system calls `strace` looks at, or spoils, with these options."""
        return self._ask(workspace, words, {}, trace=["strace", "-f", "-qq", *options])

    def frames(self, workspace: Path, album: Path, points: Iterable[str], *words: str) -> dict[str, Path]:
        """Run a command to its end; return a copy of the workspace as it was at each of the points that it passed.

        A copy is what a run leaves that is killed there: move it to where the workspace was.
        """
        album.mkdir(parents=True)
        ended = self._ask(workspace, words, {"EXCHANGE_CRASH_LOG": os.devnull}, album=str(album), points=list(points))
        assert ended.exit in {0, 3, 6}, ended.err
        return {point: album / point for point in points if (album / point).exists()}

    def _ask(self, workspace: Path, words: Sequence[str], environment: Mapping[str, str], **more: Any) -> Ended:
        out, err = self._folder / "out", self._folder / "err"
        assert self._process is not None
        assert self._process.stdin is not None
        asked = {
            "workspace": str(workspace),
            "words": ["--workspace", str(workspace), *words],
            "environment": environment,
            "out": str(out),
            "err": str(err),
            **more,
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        return Ended(self._answer(), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))

    def _answer(self) -> int:
        assert self._process is not None
        assert self._process.stdout is not None
        answer = self._process.stdout.readline()
        assert answer, "the parent of the children is gone"
        return int(answer)


_HEAVY = (
    "exchange.engine.run:run_claim",
    "exchange.engine.run_merged:run_merged",
    "exchange.engine.release:release_document",
    "exchange.state.ledger:open_ledger",
    "exchange.state.create:create",
    *WRITERS.values(),
)
"""What a run loads when it needs it."""


def _serve() -> None:
    for target in (*(row.target for row in COMMANDS.values()), *_HEAVY):
        load(target)
    patch("exchange.config.loader.parse", cache(parse)).start()
    for module in ("discover", "looks", "ready"):  # a second for each of hundreds of runs
        patch(f"exchange.engine.{module}.LOOKS_APART", timedelta(milliseconds=1)).start()
    share()
    print(_warm_up(Path(sys.argv[1])), flush=True)
    for line in sys.stdin:
        asked = Asked(**json.loads(line))
        child = os.fork()
        if not child:
            _be_child(asked)
        print(os.waitstatus_to_exitcode(_end_of(child, asked)), flush=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a child is to do."""

    workspace: str
    words: list[str]
    environment: dict[str, str]
    out: str
    err: str
    album: str = ""
    """Folder for copies of the workspace, one for each of the points."""
    points: list[str] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    """The command that looks at the system calls, but for whose."""


def _warm_up(workspace: Path) -> int:
    """Run once what children will run: what is made once for a process is made here. Returns how the run ended."""
    for flow in load_flows(workspace).flows.values():
        load_plan(workspace, flow, 0)
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere, redirect_stdout(nowhere), redirect_stderr(nowhere):
        code = run(["--workspace", str(workspace), "run"])
    for number, handler in handlers.items():
        signal.signal(number, handler)
    return code


def _end_of(child: int, asked: Asked) -> int:
    """Wait for a child; where it stops at a point, keep a copy of its workspace and let it go on."""
    while True:
        _, status = os.waitpid(child, os.WUNTRACED)
        if not os.WIFSTOPPED(status):
            return status
        point = _at(asked.album).read_text(encoding="utf-8")
        subprocess.run(["cp", "-a", asked.workspace, str(Path(asked.album, point))], check=True)
        os.kill(child, signal.SIGCONT)


def _at(album: str) -> Path:
    return Path(album, "at")


class Stops(Counter[str]):
    """Counts how often a run passes each point, and stops the process at some."""

    def __init__(self, points: Iterable[str], album: str) -> None:
        super().__init__()
        self._points = frozenset(points)
        self._album = album

    def __setitem__(self, name: str, count: int) -> None:
        super().__setitem__(name, count)
        point = f"{name}:{count}"
        if point in self._points:
            _at(self._album).write_text(point, encoding="utf-8")
            os.kill(os.getpid(), signal.SIGSTOP)


def _be_child(asked: Asked) -> None:
    """Run one command and end, whatever happens."""
    os.environ.update(asked.environment)
    for descriptor, path in ((0, os.devnull), (1, asked.out), (2, asked.err)):
        flags = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(path, flags, 0o600), descriptor)
    code = 1
    try:
        if asked.points:
            patch("exchange.kernel.crashpoint._passed", Stops(asked.points, asked.album)).start()
        if asked.trace:
            _be_traced(asked.trace)
        code = run(asked.words)
    except BaseException:  # noqa: BLE001 - the traceback is for the test, the code for everybody
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


_PR_SET_PTRACER, _ANYBODY = 0x59616D61, -1


def _be_traced(command: Sequence[str]) -> None:
    """Let `strace` look at this process from now on."""
    sys.dont_write_bytecode = True  # renames files
    ctypes.CDLL(None).prctl(_PR_SET_PTRACER, ctypes.c_ulong(_ANYBODY), 0, 0, 0)
    tracer = subprocess.Popen([*command, "-p", str(os.getpid())])
    while not _tracers():
        if tracer.poll() is not None:
            raise RuntimeError("strace has ended")
        time.sleep(0.01)


def _tracers() -> set[str]:
    """Return the processes that trace a thread of ours, once one traces all of them."""
    found = {_tracer_of(path) for path in Path("/proc/self/task").iterdir()}
    return set() if "0" in found else found


def _tracer_of(task: Path) -> str:
    [line] = [line for line in (task / "status").read_text().splitlines() if line.startswith("TracerPid")]
    return line.split()[1]


if __name__ == "__main__":
    _serve()
