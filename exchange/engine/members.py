"""What came out of archives and waits to be taken: files of the product's own endpoint, named after their claim."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from exchange.engine.age import age_in_name
from exchange.engine.archives import pick_up_of_member
from exchange.engine.discover import Ready
from exchange.engine.house import House, pick_up_of
from exchange.kernel.model import UNPACKED, Claim, SourceFile
from exchange.kernel.naming import CLAIM_LENGTH, safe_name

_DIGITS = 4


def member_file(claim: str, number: int, member: str) -> str:
    """Return what an unpacked file is called until it is taken: `<claim>.<number>.<member>`."""
    return f"{claim}.{number:0{_DIGITS}}.{safe_name(member)}"


def members(house: House) -> list[Ready]:
    """Return the unpacked files of the flow, those of the oldest archive first; nothing else is asked of them."""
    if UNPACKED not in house.endpoints:
        return []
    archives: dict[str, Claim | None] = {}
    ready = []
    for source in house.endpoints[UNPACKED].list(house.flow.flow, "*").files:
        claim = source.name[:CLAIM_LENGTH]
        if claim not in archives:
            known = house.ledger.claims.get(claim)
            archives[claim] = None if known is None else known.claim
        archive = archives[claim]
        if archive is not None:
            ready.append(_ready(house, source, archive))
    return sorted(ready, key=partial(_age_of, house))


def _age_of(house: House, member: Ready) -> tuple[datetime, str]:
    said = age_in_name(house.flow, member.pick_up, member.source)
    return said or (member.archive.as_of if member.archive else house.now()), member.source.name


def _ready(house: House, source: SourceFile, archive: Claim) -> Ready:
    own = pick_up_of(house.flow, archive)
    member = source.name[CLAIM_LENGTH + _DIGITS + 2 :]
    index = pick_up_of_member(house.flow, archive.source, own, member)
    shown = f"{archive.source.shown}/{member}"
    return Ready(replace(source, path=shown), own if index is None else index, archive=archive)
