"""Checks a fetched copy before it becomes ours: is it all that its done file promises, and is it for this flow."""

from __future__ import annotations

from pathlib import Path

from exchange.engine.archives import ZIP, is_archive, pick_up_of_member
from exchange.engine.control import promise
from exchange.engine.discover import Ready
from exchange.engine.house import House
from exchange.engine.unpack import member_names
from exchange.kernel.atomic import Written
from exchange.kernel.limits import CONTROL_BYTES
from exchange.kernel.load import load
from exchange.kernel.model import SourceFile
from exchange.kernel.plural import many

_COUNT = "exchange.engine.count:records_in"
ROWS = (_COUNT,)
"""Counting records imports pandas: only where a done file holds a number."""


def why_incomplete(house: House, ready: Ready, copy: Path, written: Written) -> str:
    """Return why the file is left where it is for now; empty where it may be claimed."""
    archive = is_archive(house.flow.pick_up[ready.pick_up], ready.source)
    if archive and not _holds_something(house, ready, copy):
        return "no file in it fits `match` of a pick-up of this folder"
    if ready.control is None:
        return ""
    return _broken_promise(house, ready, (copy, written, archive), ready.control)


def _broken_promise(house: House, ready: Ready, made: tuple[Path, Written, bool], control: SourceFile) -> str:
    copy, written, archive = made
    content = house.endpoints[control.endpoint].read(control.folder, control.name, CONTROL_BYTES)
    if content is None:
        return f"waits for {control.name}"
    promised = promise(content, ready.source.name)
    if promised.sha256 is not None and promised.sha256 != written.sha256:
        return f"is not complete: its sha256 is {written.sha256}, {control.name} says {promised.sha256}"
    if promised.rows is not None and not archive:
        rows: int = load(_COUNT)(house, ready.pick_up, copy)
        if rows != promised.rows:
            return f"is not complete: it has {many(rows, 'record')}, {control.name} says {promised.rows:,}"
    return ""


def _holds_something(house: House, ready: Ready, copy: Path) -> bool:
    """Tell whether an archive may hold a file for this flow; one that cannot be read is rejected with its reason."""
    if not ready.source.name.lower().endswith(ZIP):
        return True
    names = member_names(copy)
    wanted = (pick_up_of_member(house.flow, ready.source, ready.pick_up, name) for name in names)
    return not names or any(index is not None for index in wanted)
