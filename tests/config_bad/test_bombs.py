"""YAML made to hurt: a clear message, in bounded time and memory, and the rest of the workspace is still looked at."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from exchange.cli.main import run
from exchange.config.loader import load_bytes
from exchange.config.models import Flow
from exchange.config.scaffold import write_starter
from exchange.kernel.limits import YAML_BYTES, YAML_MISTAKES

FLOW = "mappings/flows/orders.yaml"
MEGABYTE = 1024 * 1024


def told(content: bytes) -> list[str]:
    """Return what is said of a flow, read within ten seconds of CPU."""
    began = time.process_time()
    said = [str(mistake) for mistake in load_bytes(content, FLOW, Flow).mistakes]
    assert time.process_time() - began < 10
    return said


@pytest.fixture
def in_little_memory() -> Iterator[None]:
    """Hold a test to 100 MB."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100 * MEGABYTE


@pytest.mark.usefixtures("in_little_memory")
def test_a_bomb_of_aliases() -> None:
    rows = ["a: &a [x,x,x,x,x,x,x,x,x,x]"]
    rows += [f"{new}: &{new} [{','.join([f'*{old}'] * 10)}]" for old, new in zip("abcdefgh", "bcdefghi", strict=True)]
    [line] = told("\n".join(rows).encode())
    assert line == f"{FLOW}:6:11: more than 200000 values, aliases followed; write it shorter"


@pytest.mark.usefixtures("in_little_memory")
def test_five_megabytes() -> None:
    [line] = told(b"a: [" + b"x, " * (5 * MEGABYTE // 3) + b"x]\n")
    assert line.startswith(f"{FLOW}:1:1: the file has 5242")
    assert line.endswith(f" bytes, the limit is {YAML_BYTES}; split it")


@pytest.mark.usefixtures("in_little_memory")
def test_deep_nesting() -> None:
    assert told(b"a: " + b"[" * 50_000) == [f"{FLOW}:1:43: nested deeper than 40 levels; write it flatter"]


def test_thousands_of_mistakes() -> None:
    lines = told(b"flow: orders\n" + b"".join(b"key_%05d: x\n" % number for number in range(2000)))
    assert lines[0] == f"{FLOW}:1:1: key 'pick_up' is missing; write `pick_up: ...`"
    assert lines[1].startswith(f"{FLOW}:2:1: unknown key 'key_00000'; known: ")
    assert len(lines) == YAML_MISTAKES + 1
    assert lines[-1] == f"{FLOW}:101:1: from here on there are 1,901 more mistakes; correct those above first"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"flow:\n\torders\n", "2:1: a tab stands where YAML allows spaces only; indent with spaces"),
        (b"flow: orders\nflow: orders\n", "2:1: key 'flow' occurs twice, first in line 1; remove one of them"),
        (b"flow: 0123\n", '1:7: 0123 is a number to YAML; put quotes around it: "0123"'),
        (b"flow: 1e5\n", '1:7: 1e5 is a number to YAML; put quotes around it: "1e5"'),
        (b"flow: 12:30\n", '1:7: 12:30 is a number of seconds to YAML; put quotes around it: "12:30"'),
        (b"flow: 2026-03-04\n", '1:7: 2026-03-04 is a date to YAML; put quotes around it: "2026-03-04"'),
        (b"flow: NO\n", '1:7: NO is true or false to YAML; put quotes around it: "NO"'),
        (b"flow: ~\n", '1:7: ~ is nothing to YAML; write "" where nothing is meant, "~" where the text is'),
        (b"flow: !!python/name:os.system\n", "1:7: tag tag:yaml.org,2002:python/name:os.system is not understood here"),
        (
            b"flow: \xff\n",
            "1:7: byte 0xFF is not UTF-8 (perhaps ÿ, saved as Windows-1252 or ANSI); save the file as UTF-8",
        ),
        (b"", "1:1: the file is empty; write its keys, or remove the file"),
    ],
)
def test_what_yaml_would_change_or_hide(content: bytes, said: str) -> None:
    assert any(line.startswith(f"{FLOW}:{said}") for line in told(content))


def test_the_rest_of_the_workspace_is_still_looked_at(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_starter(tmp_path)
    (tmp_path / FLOW).write_bytes(b"a: " + b"[" * 50_000)
    (tmp_path / "mappings/tables/packs.csv").write_bytes(b"a,a\n")
    assert run(["check", "--workspace", str(tmp_path)]) == 5
    said = capsys.readouterr().out
    assert f"{FLOW}:1:43: nested deeper" in said
    assert "mappings/tables/packs.csv:1:1: column 'a' occurs twice" in said
    assert max(map(len, said.splitlines())) < 400
