"""What of the ledger `--json` shows, as objects."""

from __future__ import annotations

from exchange.kernel.claim_rows import Delivery
from exchange.kernel.ledger import Brake
from exchange.kernel.reject_rows import ProblemRow


def problem_object(problem: ProblemRow) -> dict[str, object]:
    """Return one problem as `--json` shows it."""
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file_line": problem.file_line,
        "field": problem.field,
        "value": problem.value,
        "message": problem.message,
        "remedy": problem.remedy,
    }


def delivery_object(delivery: Delivery) -> dict[str, object]:
    """Return one delivery as `--json` shows it."""
    artifact = delivery.artifact
    return {
        "delivery": delivery.id,
        "endpoint": artifact.endpoint,
        "folder": artifact.folder,
        "name": artifact.name,
        "path": delivery.path,
        "state": artifact.state.value,
        "sha256": artifact.sha256,
        "delivered_at": artifact.delivered_at,
        "acknowledged_at": delivery.acknowledged_at,
    }


def brake_object(brake: Brake) -> dict[str, object]:
    """Return what is paused as `--json` shows it."""
    return {"kind": brake.kind, "name": brake.name, "who": brake.who, "reason": brake.reason, "at": brake.at}
