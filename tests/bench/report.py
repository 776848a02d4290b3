"""Prints the figures as a table, and writes and compares them as JSON."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from tests.bench.measure import Figures

PACKAGES = (
    "exchange", "frictionless", "jinja2", "lxml", "numpy", "pandas", "pandera", "paramiko", "polars", "pyarrow",
    "pydantic", "sqlalchemy",
)  # fmt: skip


@dataclass(frozen=True)
class Goal:
    """One figure that the project set itself, and what came out."""

    what: str
    value: float
    limit: float
    unit: str = "x"
    at_least: bool = False
    """Whether more is better."""

    @property
    def reached(self) -> bool:
        """Whether the value is on the right side of the limit."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        side = "at least" if self.at_least else "at most"
        verdict = "reached" if self.reached else "MISSED"
        return f"{self.what}: {self.value:.2f}{self.unit} ({side} {self.limit:g}{self.unit}: {verdict})"


@dataclass(frozen=True)
class Report:
    """What one benchmark found."""

    name: str
    figures: Sequence[Figures]
    reference: str
    """The contender whose time is 1.00."""
    goals: Sequence[Goal] = ()
    notes: Sequence[str] = ()
    """What the figures hold, and what they leave out."""


def as_json(report: Report, settings: dict[str, Any]) -> dict[str, Any]:
    """Return everything a later run needs to be compared with this one."""
    return {
        "benchmark": report.name,
        "settings": settings,
        "machine": machine(),
        "versions": {name: _version(name) for name in PACKAGES},
        "results": {
            figures.name: {
                "seconds": round(figures.seconds, 3),
                "cpu_seconds": round(figures.cpu, 3),
                "rows_per_second": round(figures.rows / figures.seconds),
                "peak_mb": round(figures.peak_mb, 1),
                "rounds": [round(run.seconds, 3) for run in figures.runs],
                "outcome": figures.outcome,
            }
            for figures in report.figures
        },
        "goals": [{**asdict(goal), "reached": goal.reached} for goal in report.goals],
        "notes": list(report.notes),
    }


def machine() -> dict[str, Any]:
    """Return what the figures depend on besides the code."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "memory_mb": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20,
        "system": platform.platform(),
        "python": platform.python_version(),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def table(report: Report, before: dict[str, Any] | None) -> str:
    """Return the figures as text; with the JSON of an earlier run, also the seconds of then and the change."""
    heads = ["", "seconds", "CPU s", "rows/s", "ratio", "peak MB"] + (["before", "change"] if before else [])
    earlier = before["results"] if before else {}
    reference = next((each.seconds for each in report.figures if each.name == report.reference), None)
    body = [heads]
    for each in report.figures:
        ratio = f"{each.seconds / reference:.2f}" if reference else "-"
        row = [each.name, f"{each.seconds:.2f}", f"{each.cpu:.2f}", f"{each.rows / each.seconds:,.0f}", ratio]
        row.append(f"{each.peak_mb:,.0f}")
        if before:
            then = earlier.get(each.name, {}).get("seconds")
            row += [f"{then:.2f}", f"{each.seconds / then - 1:+.0%}"] if then else ["-", "-"]
        body.append(row)
    widths = [max(len(row[column]) for row in body) for column in range(len(heads))]
    lines = [
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in _cells(row, widths))
        for row in body
    ]
    lines += [""] * bool(report.goals) + [str(goal) for goal in report.goals]
    lines += [""] * bool(report.notes) + [f"- {note}" for note in report.notes]
    return "\n".join(lines)


def _cells(row: Sequence[str], widths: Sequence[int]) -> list[tuple[int, tuple[str, int]]]:
    return list(enumerate(zip(row, widths, strict=True)))


def load(path: Path) -> dict[str, Any]:
    """Return the JSON of an earlier run."""
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return made
