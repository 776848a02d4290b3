"""`memory`, `bad` and `many`: how the product's time and memory move with size, bad rows and number of files."""

from __future__ import annotations

from tests.bench.inputs import ORDERS_PER_LINE, provide
from tests.bench.orders import BAD, product
from tests.bench.report import Goal, Report
from tests.bench.settings import Settings, by_name, ratio

GROWTH = 4
FILES = 1000
ORDERS_PER_FILE = 100


def memory(settings: Settings) -> Report:
    """Measure peak memory of one file and of one four times as long."""
    lines = settings.lines or 1_000_000
    shapes = {"base": lines, "4 times": lines * GROWTH}
    inputs = {
        name: provide(settings.cache, lines=count, columns=settings.columns, bad=BAD, seed=settings.seed)
        for name, count in shapes.items()
    }
    figures = settings.measure([product(given, name) for name, given in inputs.items()])
    base, longer = by_name(figures, "base"), by_name(figures, "4 times")
    goals = []
    if base and longer:
        goals = [
            Goal("peak memory, the longer file / the base", longer.peak_mb / base.peak_mb, 1.2),
            Goal("peak memory of the longer file", longer.peak_mb, 600, " MB"),
            Goal("time, the longer file / the base", longer.seconds / base.seconds, 1.2 * GROWTH),
        ]
    return Report(f"memory: {lines:,} and {lines * GROWTH:,} lines", figures, "base", goals, (_PEAK,))


def bad(settings: Settings) -> Report:
    """Measure the same number of lines with 1 % and with 50 % bad rows."""
    lines = settings.lines or 1_000_000
    shares = {"1 % bad": 0.01, "50 % bad": 0.5}
    inputs = {
        name: provide(settings.cache, lines=lines, columns=settings.columns, bad=share, seed=settings.seed)
        for name, share in shares.items()
    }
    figures = settings.measure([product(given, name) for name, given in inputs.items()])
    value = ratio(figures, "50 % bad", "1 % bad")
    goals = [] if value is None else [Goal("50 % bad / 1 % bad", value, 1.5)]
    note = "half of the rows bad rejects about four orders in five: an order leaves whole"
    return Report(f"bad: {lines:,} lines", figures, "1 % bad", goals, (note, _PEAK))


def many(settings: Settings) -> Report:
    """Measure many small files against one file of the same orders."""
    lines = settings.lines or round(FILES * ORDERS_PER_FILE / ORDERS_PER_LINE)
    files = max(2, round(lines * ORDERS_PER_LINE / ORDERS_PER_FILE))
    shape = {"lines": lines, "columns": settings.columns, "bad": BAD, "seed": settings.seed}
    one, split = provide(settings.cache, **shape), provide(settings.cache, files=files, **shape)
    figures = settings.measure([product(one, "one file"), product(split, "many files")])
    value = ratio(figures, "many files", "one file")
    goals = [] if value is None else [Goal("many files / one file", value, 3.0)]
    note = "each file has its own claim, copy, seal, archive and fsyncs; the disk's fsync sets the pace"
    return Report(f"many: {files:,} files and one of the same {lines:,} lines", figures, "one file", goals, (note,))


_PEAK = "peak memory is that of the largest process, as the kernel counted it; the page cache is not in it"
