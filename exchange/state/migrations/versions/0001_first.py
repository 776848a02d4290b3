"""The first ledger: runs, actions, sightings, claims, documents, artifacts, rejects, problems."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _only(rows: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}


def upgrade() -> None:
    """Make every table, and the counter of facts at 0."""
    _history()
    _claims()
    _documents()
    _rejects()
    op.execute("INSERT INTO facts (id, version) VALUES (1, 0)")


def _history() -> None:
    op.create_table(
        "actions",
        sa.Column("number", _SERIAL, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index(op.f("ix_actions_subject"), "actions", ["subject"], unique=False)
    op.create_table(
        "runs",
        sa.Column("number", _SERIAL, nullable=False),
        sa.Column("command", sa.Text(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("exit", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "sightings",
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("endpoint", "folder", "name"),
    )
    op.create_table(
        "facts",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _claims() -> None:
    op.create_table(
        "claims",
        sa.Column("seq", _SERIAL, nullable=False),
        sa.Column("id", sa.String(length=12), nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("mtime_ns", sa.BigInteger(), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("pick_up", sa.Integer(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("parent", sa.String(length=12), nullable=True),
        sa.Column("source_then", sa.Text(), nullable=False),
        sa.Column("run", _SERIAL, nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("seal", sa.BigInteger(), nullable=True),
        sa.Column("sealed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("counts", sa.Text(), server_default="{}", nullable=False),
        sa.Column("notes", sa.Text(), server_default="[]", nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.number"]),
        sa.PrimaryKeyConstraint("seq"),
        sa.UniqueConstraint("flow", "sha256", "attempt", name=op.f("uq_claims_flow_sha256_attempt")),
        sa.UniqueConstraint("id", name=op.f("uq_claims_id")),
        sa.UniqueConstraint("seal", name=op.f("uq_claims_seal")),
    )
    op.create_index(op.f("ix_claims_flow_state"), "claims", ["flow", "state"], unique=False)
    op.create_table(
        "artifacts",
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("endpoint", sa.Text(), nullable=False),
        sa.Column("folder", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("temporary", sa.Text(), nullable=False),
        sa.Column("work_path", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("staged_at", sa.BigInteger(), nullable=True),
        sa.Column("delivered_at", sa.BigInteger(), nullable=True),
        sa.Column("path", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("claim", "number"),
    )
    op.create_index(
        "ix_artifacts_undelivered",
        "artifacts",
        ["state"],
        unique=False,
        **_only("state <> 'delivered'"),
    )


def _documents() -> None:
    op.create_table(
        "outcomes",
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("outputs", sa.Text(), nullable=False),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("claim", "number"),
    )
    op.create_table(
        "documents",
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Integer(), nullable=False),
        sa.Column("content_hash", sa.BigInteger(), nullable=True),
        sa.Column("file_line", sa.BigInteger(), nullable=False),
        sa.Column("first_record", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["claim", "outcome"], ["outcomes.claim", "outcomes.number"]),
        sa.PrimaryKeyConstraint("claim", "position"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_documents_held", "documents", ["claim"], unique=False, **_only("disposition = 'held'"))
    op.create_index(op.f("ix_documents_number"), "documents", ["number"], unique=False)


def _rejects() -> None:
    op.create_table(
        "rejects",
        sa.Column("reject_id", sa.Text(), nullable=False),
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("flow", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("codes", sa.Text(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("file_line", sa.BigInteger(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("closed_by", sa.String(length=12), nullable=True),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("reject_id"),
    )
    op.create_index(op.f("ix_rejects_claim"), "rejects", ["claim"], unique=False)
    op.create_index(op.f("ix_rejects_number"), "rejects", ["number"], unique=False)
    op.create_index(
        "ix_rejects_open",
        "rejects",
        ["flow"],
        unique=False,
        **_only("state = 'open'"),
    )
    op.create_table(
        "problems",
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("remedy", sa.Text(), nullable=False),
        sa.Column("file_line", sa.BigInteger(), nullable=True),
        sa.Column("record", sa.BigInteger(), nullable=True),
        sa.Column("field", sa.Text(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("reject_id", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("claim", "position"),
    )
    op.create_index(op.f("ix_problems_reject_id"), "problems", ["reject_id"], unique=False)
    op.create_table(
        "problem_counts",
        sa.Column("claim", _SERIAL, nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["claim"], ["claims.seq"]),
        sa.PrimaryKeyConstraint("claim", "code"),
    )
