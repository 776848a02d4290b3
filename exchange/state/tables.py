"""The tables of the ledger, as the newest migration leaves them.

Times are whole microseconds since 1970 (UTC). `claims.seal` is the order in which claims took effect; a claim whose
`seal` is null has no effect yet, so what was added for it can be thrown away.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

_SERIAL = BigInteger().with_variant(Integer, "sqlite")

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)

facts = Table(
    "facts",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("number", _SERIAL, primary_key=True),
    Column("command", Text, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Column("exit", Integer),
)

actions = Table(
    "actions",
    metadata,
    Column("number", _SERIAL, primary_key=True),
    Column("who", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("seen_at", BigInteger, nullable=False),
)
"""Files that stay where they are, with their content."""

looks = Table(
    "looks",
    metadata,
    Column("endpoint", Text, primary_key=True),
    Column("folder", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("first_seen", BigInteger, nullable=False),
    Column("last_seen", BigInteger, nullable=False),
)
"""Files that wait in pick-up folders, as they looked last."""

brakes = Table(
    "brakes",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("who", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
)

schedules = Table(
    "schedules",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("served", BigInteger, nullable=False),
)

claims = Table(
    "claims",
    metadata,
    Column("seq", _SERIAL, primary_key=True),
    Column("id", String(12), nullable=False, unique=True),
    Column("flow", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("origin", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("mtime_ns", BigInteger, nullable=False),
    Column("path", Text, nullable=False),
    Column("pick_up", Integer, nullable=False),
    Column("channel", Text, nullable=False),
    Column("mapping", Text, nullable=False),
    Column("claimed_at", BigInteger, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("parent", String(12)),
    Column("source_then", Text, nullable=False),
    Column("run", _SERIAL, ForeignKey("runs.number"), nullable=False),
    Column("state", Text, nullable=False),
    Column("seal", BigInteger, unique=True),
    Column("sealed_at", BigInteger),
    Column("closed_at", BigInteger),
    Column("counts", Text, nullable=False, server_default="{}"),
    Column("notes", Text, nullable=False, server_default="[]"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("raw_name", LargeBinary),
    Column("retired", Boolean, nullable=False, server_default=false()),
    Column("outputs_of", String(12)),
    Column("versions", Text, nullable=False, server_default="{}"),
    UniqueConstraint("flow", "sha256", "attempt"),
    Index(None, "flow", "state"),
)

outcomes = Table(
    "outcomes",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("outputs", Text, nullable=False),
    Column("sent", Boolean, nullable=False),
)
"""What many documents of a claim share, written once: it halves the time to add them and the size of the ledger."""

documents = Table(
    "documents",
    metadata,
    Column("claim", _SERIAL, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", Text, nullable=False),
    Column("disposition", Text, nullable=False),
    Column("outcome", Integer, nullable=False),
    Column("content_hash", BigInteger),
    Column("file_line", BigInteger, nullable=False),
    Column("first_record", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    ForeignKeyConstraint(["claim", "outcome"], ["outcomes.claim", "outcomes.number"]),
    Index(None, "number"),
    Index("ix_documents_held", "claim", sqlite_where=text("disposition = 'held'")),
    sqlite_with_rowid=False,
)

sent_blocks = Table(
    "sent_blocks",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("header", LargeBinary, nullable=False),
    Column("lines", LargeBinary, nullable=False),
)
"""Documents as they were sent, those of one span of a claim in each row."""

backorders = Table(
    "backorders",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("flow", Text, nullable=False, index=True),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False),
    Column("first_record", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("partly", Boolean, nullable=False),
    Column("wants", Text, nullable=False),
    sqlite_with_rowid=False,
)
"""Documents that wait for stock, whole or in part; `wants`: a list of (location, item, unit, quantity, name)."""

artifacts = Table(
    "artifacts",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("endpoint", Text, nullable=False),
    Column("folder", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("temporary", Text, nullable=False),
    Column("work_path", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("records", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("staged_at", BigInteger),
    Column("delivered_at", BigInteger),
    Column("path", Text, nullable=False, server_default=""),
    Column("if_exists", Text, nullable=False, server_default="fail"),
    Column("answers", Text, nullable=False, server_default=""),
    Column("final_name", Text, nullable=False, server_default=""),
    Column("acknowledged_at", BigInteger),
    Index("ix_artifacts_undelivered", "claim", sqlite_where=text("state IN ('sealed', 'staged')")),
    Index("ix_artifacts_presumed", "claim", sqlite_where=text("state = 'presumed delivered'")),
    Index("ix_artifacts_unanswered", "claim", sqlite_where=text("answers <> '' AND acknowledged_at IS NULL")),
    Index(None, "endpoint", "final_name"),
)
"""`final_name`: under which name it was delivered; blank before."""

rejects = Table(
    "rejects",
    metadata,
    Column("reject_id", Text, primary_key=True),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False, index=True),
    Column("flow", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("number", Text, nullable=False, index=True),
    Column("codes", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("file_line", BigInteger, nullable=False),
    Column("opened_at", BigInteger, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Column("closed_by", String(12)),
    Column("closed_at", BigInteger),
    Column("assigned_to", Text, nullable=False, server_default=""),
    Index("ix_rejects_open", "flow", sqlite_where=text("state = 'open'")),
)

problems = Table(
    "problems",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("code", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("message", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    Column("file_line", BigInteger),
    Column("record", BigInteger),
    Column("field", Text),
    Column("value", Text),
    Column("number", Text, nullable=False),
    Column("reject_id", Text, index=True),
    Column("table_name", Text, nullable=False, server_default=""),
    Column("table_key", Text, nullable=False, server_default=""),
)

problem_counts = Table(
    "problem_counts",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("code", Text, primary_key=True),
    Column("count", BigInteger, nullable=False),
)

shipped = Table(
    "shipped",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False, index=True),
    sqlite_with_rowid=False,
)
"""What shipments have reported as shipped, and the first claim that did."""

held_checks = Table(
    "held_checks",
    metadata,
    Column("flow", Text, primary_key=True),
    Column("until", BigInteger, nullable=False),
)
"""Up to which seal time each flow has looked for documents that are held for too long."""

stock_levels = Table(
    "stock_levels",
    metadata,
    Column("source", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("on_hand", BigInteger, nullable=False),
    Column("reserved", BigInteger, nullable=False),
    Column("blocked", BigInteger, nullable=False),
    Column("unit", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False),
    Column("sells", Boolean, nullable=False),
    sqlite_with_rowid=False,
)
"""What senders told last of each item; quantities in millionths."""

stock_streams = Table(
    "stock_streams",
    metadata,
    Column("source", Text, primary_key=True),
    Column("location", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("snapshot_as_of", BigInteger),
    Column("sequence", BigInteger),
    Column("claim", _SERIAL, ForeignKey("claims.seq"), nullable=False),
)
"""How far each sender of stock has come."""

stock_handed = Table(
    "stock_handed",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True, autoincrement=False),
    Column("endpoints", Text, nullable=False),
    Column("lag", BigInteger, nullable=False),
)
"""Claims that take stock: which deliveries tell the warehouses of it."""

stock_moves = Table(
    "stock_moves",
    metadata,
    Column("claim", _SERIAL, ForeignKey("claims.seq"), primary_key=True),
    Column("location", Text, primary_key=True),
    Column("item", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("quantity", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
"""What claims took of each item, in millionths; less than nothing where they gave back."""

appearances = documents.join(
    outcomes, (outcomes.c.claim == documents.c.claim) & (outcomes.c.number == documents.c.outcome)
).join(claims, claims.c.seq == documents.c.claim)
"""Documents whole: with what they share, and their claim."""
