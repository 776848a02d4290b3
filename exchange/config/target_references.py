"""Alone finds deliveries of one flow whose files would lie under the same names in the same folder."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from exchange.config.endpoints import LocalEndpoint
from exchange.config.files import Files
from exchange.config.loader import Loaded
from exchange.config.models import Delivery, Flow
from exchange.kernel.errors import Mistake


def target_mistakes(flow: Loaded[Flow], value: Flow, files: Files) -> Iterator[Mistake]:
    """Yield where a file would take the name of another one: data would be lost under it."""
    targets: dict[tuple[str, str], int] = {}
    for number, delivery in enumerate(value.deliver):
        place = _place(delivery, files)
        first = targets.setdefault((place, delivery.name.casefold()), number)
        if first != number:
            what = f"delivery {first + 1} writes the same names to the same folder"
            yield flow.mistake(("deliver", number, "name"), what, "give it another name or folder", key=False)
    for number, delivery in enumerate(value.deliver):
        if not delivery.done_file:
            continue
        name = delivery.done_file.format(name=delivery.name, stem=PurePosixPath(delivery.name).stem)
        first = targets.setdefault((_place(delivery, files), name.casefold()), -1 - number)
        if first != -1 - number:
            whose = f"the done file of delivery {-first}" if first < 0 else f"delivery {first + 1}"
            what = f"the done file would be called {name!r}, as {whose} is"
            yield flow.mistake(("deliver", number, "done_file"), what, "write it like {name}.done", key=False)


def _place(delivery: Delivery, files: Files) -> str:
    """Return where a delivery's files come to lie: two endpoints may be one place, `./a` and `a` are one folder."""
    settings = files.settings.value
    endpoint = settings.endpoints.get(delivery.to) if settings is not None else None
    if endpoint is None:
        top = f"{delivery.to}:"
    elif isinstance(endpoint, LocalEndpoint):
        top = Path(files.root, endpoint.path).as_posix()
    else:
        # Where the path is relative, whoever logs in starts from a home of their own.
        who = "" if endpoint.path.startswith("/") else f"{endpoint.user}@"
        top = f"{who}{endpoint.host}:{endpoint.port}/{endpoint.path}"
    return posixpath.normpath(posixpath.join(top, delivery.folder))
