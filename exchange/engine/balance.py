"""Conservation: what came in is what went out, was rejected, filtered or held; counted, compared, enforced."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.engine.finish import Tally
from exchange.kernel.errors import Stop
from exchange.kernel.model import Counts


def balance(
    claim: str,
    records: Counts,
    documents: Counts,
    ordinals: tuple[int, int, int],
    targets: Mapping[str, tuple[Tally, Tally]],
) -> None:
    """Raise Stop where a file does not balance; nothing of it has been delivered then.

    `ordinals`: number, sum and highest of the rows' ordinals in the file (a row is a record, or one of several rows of
    one), which must be 0, 1, 2 ... without gap or repeat.
    `targets`: per target what it has to get and what was rendered for it.
    """
    rows, total, highest = ordinals
    if rows != highest + 1 or total != highest * (highest + 1) // 2:
        raise Stop(
            f"claim {claim} does not balance: the file has {highest + 1} rows, {rows} were accounted for; "
            "nothing was delivered. Please report this with the archived file"
        )
    for what, counts in (("records", records), ("documents", documents)):
        if not counts.balanced:
            raise Stop(
                f"claim {claim} does not balance: {counts.total} {what} came in, but {counts.out} out + "
                f"{counts.rejected} rejected + {counts.filtered} filtered + {counts.held} held is another number; "
                "nothing was delivered. Please report this with the archived file"
            )
    for name, (due, done) in targets.items():
        if due != done:
            raise Stop(
                f"claim {claim} does not balance for {name}: {due} was due, {done} was rendered; "
                "nothing was delivered. Please report this with the archived file"
            )
