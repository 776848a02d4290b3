"""The command line of the benchmarks: `python -m tests.bench NAME`."""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tests.bench import flash, idle, orders, report, sftp, sizes, targets, xml, xml_in
from tests.bench.inputs import default_cache
from tests.bench.measure import Failed
from tests.bench.settings import Settings

BENCHMARKS: dict[str, Callable[[Settings], report.Report]] = {
    "orders": orders.run,
    "memory": sizes.memory,
    "xml": xml.run,
    "xml_out": targets.xml,
    "xml_in": xml_in.run,
    "attacks": xml_in.attacks_,
    "flow": targets.flow,
    "flash": flash.run,
    "idle": idle.run,
    "bad": sizes.bad,
    "many": sizes.many,
    "sftp": sftp.run,
}


def main() -> int:
    """Run one benchmark; 0 when it came to figures, 1 when a contender failed or came to wrong numbers."""
    given = _parser().parse_args()
    with tempfile.TemporaryDirectory(prefix="exchange-bench-", dir=given.scratch) as scratch:
        settings = Settings(
            lines=given.lines,
            columns=given.columns,
            rounds=given.rounds,
            only=frozenset(filter(None, given.only.split(","))),
            cache=given.cache.absolute(),
            scratch=Path(scratch),
            seed=given.seed,
        )
        try:
            made = BENCHMARKS[given.name](settings)
        except Failed as failure:
            print(failure, file=sys.stderr)
            return 1
    print(f"{made.name}\n\n{report.table(made, report.load(given.compare) if given.compare else None)}")
    if given.json:
        told = report.as_json(made, _shown(settings))
        given.json.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return 0


def _shown(settings: Settings) -> dict[str, Any]:
    shown = {name: value for name, value in asdict(settings).items() if name not in {"cache", "scratch"}}
    return {**shown, "only": sorted(settings.only)}


def _parser() -> argparse.ArgumentParser:
    listed = "\n".join(f"  {name:8}{made.__doc__}" for name, made in BENCHMARKS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=f"{main.__doc__}\n\n{listed}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("name", choices=BENCHMARKS, metavar="NAME", help="which benchmark")
    parser.add_argument("--lines", type=int, help="order lines of the input (default: the benchmark's own)")
    parser.add_argument("--columns", type=int, choices=(20, 79), default=20, help="useful columns, or all (20)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds, each contender in turn (3); medians are told")
    parser.add_argument("--only", default="", metavar="NAME,...", help="only these contenders")
    parser.add_argument("--seed", type=int, default=20260105, help="seed of the generated input (20260105)")
    parser.add_argument("--cache", type=Path, default=default_cache(), help="where inputs are kept (%(default)s)")
    parser.add_argument("--scratch", type=Path, help="where workspaces are made: the disk to measure (the system's)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the figures, machine and versions there")
    parser.add_argument("--compare", type=Path, metavar="FILE", help="show the change since the JSON of an earlier run")
    return parser


if __name__ == "__main__":
    sys.exit(main())
