"""Real child processes that run one command each: forked from a process that has the product and a plan loaded.

A new interpreter spends two seconds on imports and on configuration, a fork spends none, so that hundreds of killed
runs fit in a minute. The parent of the forks opens no ledger and reads nothing but configuration.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """Starts children and waits for them; use as a context manager."""

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
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, _: TracebackType | None) -> None:
        if self._process is not None:
            self._process.communicate()

    def run(self, workspace: Path, *words: str, **environment: str) -> Ended:
        """Run a command in a child with these variables added to its environment."""
        out, err = self._folder / "out", self._folder / "err"
        assert self._process is not None
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        asked = {
            "words": ["--workspace", str(workspace), *words],
            "environment": environment,
            "out": str(out),
            "err": str(err),
        }
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        assert answer, "the parent of the children is gone"
        return Ended(int(answer), out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


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
    workspace = Path(sys.argv[1])
    for flow in load_flows(workspace).flows.values():
        load_plan(workspace, flow, 0)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            _be_child(asked["words"], asked["environment"], asked["out"], asked["err"])
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _be_child(words: Sequence[str], environment: Mapping[str, str], out: str, err: str) -> None:
    """Run one command and end, whatever happens."""
    os.environ.update(environment)
    for descriptor, path in ((0, os.devnull), (1, out), (2, err)):
        flags = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(path, flags, 0o600), descriptor)
    code = 1
    try:
        code = run(words)
    except BaseException:  # noqa: BLE001 - the traceback is for the test, the code for everybody
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
