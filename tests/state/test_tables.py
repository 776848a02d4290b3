"""The tables as declared are those that the migrations make."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from exchange.state.ledger import SqlLedger
from exchange.state.tables import metadata


def test_migrations_make_the_tables_that_are_declared(ledger: SqlLedger) -> None:
    with ledger.runs._database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        made = {row.name: row.sql for row in connection.exec_driver_sql(query)}

    assert made["ix_rejects_open"].endswith("WHERE state = 'open'")
    assert made["ix_documents_held"].endswith("WHERE disposition = 'held'")
    assert made["ix_artifacts_undelivered"].endswith("WHERE state IN ('sealed', 'staged')")
    assert made["ix_artifacts_presumed"].endswith("WHERE state = 'presumed delivered'")
    assert made["ix_artifacts_unanswered"].endswith("WHERE answers <> '' AND acknowledged_at IS NULL")


def test_questions_about_what_is_open_use_their_index(ledger: SqlLedger) -> None:
    questions = {
        "ix_claims_flow_state": "SELECT * FROM claims WHERE flow = 'x' AND state IN ('claimed', 'sealed', 'held')",
        "ix_rejects_open": "SELECT flow, count(*) FROM rejects WHERE rejects.state = 'open' GROUP BY flow",
        "ix_artifacts_undelivered": "SELECT * FROM artifacts WHERE artifacts.state IN ('sealed', 'staged')",
        "ix_artifacts_presumed": "SELECT * FROM artifacts WHERE artifacts.state = 'presumed delivered'",
        "ix_artifacts_unanswered": "SELECT * FROM artifacts WHERE artifacts.answers <> '' AND "
        "artifacts.acknowledged_at IS NULL AND artifacts.state IN ('delivered')",
        "ix_artifacts_endpoint_final_name": "SELECT * FROM artifacts JOIN claims ON claims.seq = artifacts.claim "
        "WHERE artifacts.endpoint = 'wms' AND final_name IN ('a', 'b')",
        "ix_documents_held": "SELECT count(*) FROM documents WHERE documents.disposition = 'held'",
        "ix_documents_number": "SELECT * FROM documents WHERE number IN (SELECT value FROM json_each('[]'))",
    }
    with ledger.runs._database.read() as connection:
        for index, question in questions.items():
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {question}").all()
            assert index in str(plan)
