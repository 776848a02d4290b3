"""How old a file's content is, before anybody looks into it: by its name where asked, else by its time."""

from __future__ import annotations

from datetime import UTC, datetime

from exchange.config.as_of import AsOf, moment_in
from exchange.config.models import Flow
from exchange.kernel.model import UNPACKED, Claim, Origin, SourceFile
from exchange.kernel.problems import Problem

_BY_ORIGIN = {Origin.RELEASE, Origin.REPLAY, Origin.BACKORDER}
"""What these take up again is as old as it was; its modification time says so."""


def name_form(flow: Flow, pick_up: int) -> str:
    """Return the form in which names of files say how old they are; blank where they do not."""
    as_of = flow.pick_up[pick_up].as_of
    return as_of.name if isinstance(as_of, AsOf) else ""


def age_in_name(flow: Flow, pick_up: int, source: SourceFile) -> datetime | None:
    """Return the moment in a file's name; None where there is none, or nobody asks for it."""
    form = name_form(flow, pick_up)
    return moment_in(own_name(source), form, flow.timezone) if form else None


def file_age(flow: Flow, pick_up: int, source: SourceFile, origin: Origin = Origin.PICK_UP) -> datetime:
    """Return the age of a file's content, as far as its name and its times tell."""
    said = None if origin in _BY_ORIGIN else age_in_name(flow, pick_up, source)
    return said or datetime.fromtimestamp(source.mtime_ns // 1000 / 1e6, UTC)


def not_in_name(flow: Flow, pick_up: int, claim: Claim) -> Problem | None:
    """Return what is wrong with the name of a claimed file, where it was to say how old the file is."""
    form = name_form(flow, pick_up)
    if not form or claim.origin in _BY_ORIGIN or age_in_name(flow, pick_up, claim.source) is not None:
        return None
    return Problem("AS_OF_NOT_IN_NAME", value=own_name(claim.source), detail={"form": form})


def own_name(source: SourceFile) -> str:
    """Return a file's name; that of a file out of an archive is what it was called in there."""
    return source.path.rpartition("/")[2] if source.endpoint == UNPACKED else source.name
