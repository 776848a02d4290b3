"""Turns rows of the ledger into values and back; the one place that knows how times and names are stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row

from exchange.kernel.claim_rows import Delivery, KnownClaim
from exchange.kernel.document_rows import DocumentRow
from exchange.kernel.miss import kept_miss
from exchange.kernel.model import Artifact, ArtifactState, Claim, ClaimState, Counts, Disposition, Origin, SourceFile
from exchange.kernel.reject_rows import ProblemRow, RejectRow

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def micros(moment: datetime) -> int:
    """Return a time as it is stored: whole microseconds since 1970 (UTC)."""
    return (moment - _EPOCH) // _MICROSECOND


def moment(stored: int) -> datetime:
    """Return a stored time."""
    return _EPOCH + timedelta(microseconds=stored)


def moment_or_none(stored: int | None) -> datetime | None:
    """Return a stored time, or None."""
    return None if stored is None else moment(stored)


def escape(name: str) -> str:
    r"""Return a file name as text that any database takes: bytes that are not UTF-8 become `\udcXX`."""
    if name.isascii() and "\\" not in name:
        return name
    return name.replace("\\", "\\\\").encode("utf-8", "backslashreplace").decode("utf-8")


def unescape(stored: str) -> str:
    """Return the file name that `escape` was given."""
    if "\\" not in stored:
        return stored
    return "\\".join(_lone(part) for part in stored.split("\\\\"))


def _lone(text: str) -> str:
    first, *rest = text.split("\\u")
    return first + "".join(chr(int(part[:4], 16)) + part[4:] for part in rest)


def claim_row(claim: Claim, run: int) -> dict[str, Any]:
    """Return the columns of a new claim."""
    source = claim.source
    return {
        "id": claim.id,
        "flow": claim.flow,
        "sha256": claim.sha256,
        "attempt": claim.attempt,
        "origin": claim.origin.value,
        "endpoint": source.endpoint,
        "folder": escape(source.folder),
        "name": escape(source.name),
        "size": source.size,
        "mtime_ns": source.mtime_ns,
        "path": escape(source.path),
        "pick_up": claim.pick_up,
        "channel": claim.channel,
        "mapping": claim.mapping,
        "claimed_at": micros(claim.claimed_at),
        "as_of": micros(claim.as_of),
        "parent": claim.parent,
        "source_then": claim.then,
        "raw_name": source.raw or None,
        "run": run,
    }


def claim_of(row: Row[Any]) -> Claim:
    """Return the claim of a row of `claims`."""
    source = SourceFile(
        row.endpoint,
        unescape(row.folder),
        unescape(row.name),
        row.size,
        row.mtime_ns,
        unescape(row.path),
        raw=row.raw_name or b"",
    )
    return Claim(
        id=row.id,
        flow=row.flow,
        sha256=row.sha256,
        attempt=row.attempt,
        origin=Origin(row.origin),
        source=source,
        pick_up=row.pick_up,
        channel=row.channel,
        mapping=row.mapping,
        claimed_at=moment(row.claimed_at),
        as_of=moment(row.as_of),
        parent=row.parent,
        then=row.source_then,
    )


def known_of(row: Row[Any]) -> KnownClaim:
    """Return a claim and how far it has come, from a row of `claims`."""
    return KnownClaim(claim_of(row), ClaimState(row.state), row.tries, bool(row.retired))


def counts_json(records: Counts, documents: Counts, actions: Mapping[str, int] | None = None) -> str:
    """Return both counts, and what targets are told of how many documents, as they are stored."""
    told = {"actions": dict(actions)} if actions else {}
    return json.dumps({"records": records.as_json(), "documents": documents.as_json(), **told})


def counts_of(stored: Mapping[str, int]) -> Counts:
    """Return one of the stored counts."""
    return Counts(stored["in"], stored["out"], stored["rejected"], stored["filtered"], stored["held"])


def artifact_row(artifact: Artifact, claim: int) -> dict[str, Any]:
    """Return the columns of a sealed artifact."""
    return {
        "claim": claim,
        "number": artifact.number,
        "kind": artifact.kind,
        "endpoint": artifact.endpoint,
        "folder": artifact.folder,
        "name": artifact.name,
        "temporary": artifact.temporary,
        "work_path": artifact.work_path,
        "size": artifact.size,
        "sha256": artifact.sha256,
        "records": artifact.records,
        "if_exists": artifact.exists,
        "answers": artifact.answers,
        "state": ArtifactState.SEALED.value,
    }


def delivery_of(row: Row[Any], claim: str) -> Delivery:
    """Return what is known of an artifact of a claim, from a row of `artifacts`."""
    artifact = Artifact(
        claim=claim,
        number=row.number,
        kind=row.kind,
        endpoint=row.endpoint,
        folder=row.folder,
        name=row.name,
        temporary=row.temporary,
        work_path=row.work_path,
        size=row.size,
        sha256=row.sha256,
        records=row.records,
        exists=row.if_exists,
        answers=row.answers,
        state=ArtifactState(row.state),
        delivered_at=moment_or_none(row.delivered_at),
    )
    return Delivery(artifact, unescape(row.path), moment_or_none(row.staged_at), moment_or_none(row.acknowledged_at))


def document_of(row: Row[Any]) -> DocumentRow:
    """Return the document of a row of `documents` joined with `outcomes`."""
    return DocumentRow(
        row.number,
        Disposition(row.disposition),
        row.reason,
        row.action,
        row.content_hash,
        row.file_line,
        row.first_record,
        row.records,
        moment(row.as_of),
        row.outputs,
        bool(row.sent),
    )


def outputs_of(stored: str) -> list[tuple[str, int]]:
    """Return a document's outputs as (label, artifact number)."""
    pairs = (entry.rpartition(":") for entry in stored.split(",") if entry)
    return [(label, int(number)) for label, _, number in pairs]


def reject_of(row: Row[Any], claim: str) -> RejectRow:
    """Return the reject of a row of `rejects`, whose claim is given by its public id."""
    return RejectRow(
        reject_id=row.reject_id,
        claim=claim,
        flow=row.flow,
        kind=row.kind,
        channel=row.channel,
        number=row.number,
        codes=tuple(row.codes.split()),
        file=row.file,
        file_line=row.file_line,
        opened_at=moment(row.opened_at),
        as_of=moment(row.as_of),
        state=row.state,
        closed_by=row.closed_by,
        closed_at=moment_or_none(row.closed_at),
        assigned_to=row.assigned_to,
    )


def problem_of(row: Row[Any]) -> ProblemRow:
    """Return the problem of a row of `problems`."""
    return ProblemRow(
        row.code,
        row.severity,
        row.message,
        row.remedy,
        row.file_line,
        row.record,
        row.field,
        row.value,
        row.number,
        row.reject_id,
        kept_miss(row.table_name, row.table_key, row.value) if row.table_name else None,
    )
