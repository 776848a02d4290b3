"""`exchange status`: what was done, what waits, and what waits for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import rich_click as click

from exchange.assemble.clock import now
from exchange.assemble.endpoints import Places, is_remote, nearby
from exchange.assemble.house import ledger_of
from exchange.cli.context import in_workspace, print_json, with_json
from exchange.cli.objects import brake_object, delivery_object
from exchange.cli.undelivered import Waiting, waiting
from exchange.cli.wording import clean, told
from exchange.config.workspace import Setup, load_flows
from exchange.engine.discover import Discovered, Search, discover, identity
from exchange.engine.holding import advice
from exchange.engine.overdue import LET_GO
from exchange.engine.reach import paused
from exchange.kernel.claim_rows import Delivery
from exchange.kernel.exits import OF_RUN, Exit
from exchange.kernel.guard_rows import Decision, Hold, Notice
from exchange.kernel.ledger import Brake, Ledger, Summary
from exchange.kernel.model import OUTSIDE, ClaimState
from exchange.kernel.naming import is_overdue
from exchange.kernel.plural import many

_SHOWN = 5
"""Deliveries of one kind that are listed for people."""


@click.command()
@in_workspace
@with_json
@click.option(
    "--check",
    "strict",
    is_flag=True,
    help="End with 3 or 4 when something waits for a person, or a delivery for a target that nobody paused.",
)
def status(root: Path, *, as_json: bool, strict: bool) -> Exit:
    """Show per flow what was done, what waits to be picked up, what is held, and which rejects are open."""
    setup = load_flows(root)
    with ledger_of(setup) as ledger:
        summary = ledger.summary()
        rows = [_flow_row(setup, ledger, (summary, ledger.guards.notices()), name) for name in setup.flows]
    if as_json:
        for row in rows:
            print_json(row.as_json())
    else:
        for line in _lines(rows, summary):
            click.echo(line)
    return _verdict(rows) if strict else Exit.FINE


@dataclass(frozen=True, slots=True)
class Queued:
    """A file that is held, though by no guard: it waits for its turn."""

    claim: str
    file: str
    held_at: datetime
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FlowRow:
    """One flow as `status` shows it."""

    flow: str
    claims: dict[str, int]
    found: Discovered
    open_rejects: int
    held: int
    undelivered: tuple[Waiting, ...]
    presumed: tuple[Delivery, ...]
    unanswered: tuple[Delivery, ...]
    brakes: tuple[Brake, ...]
    """Of the flow itself and of the endpoints it works with."""
    outside: int
    """Documents that `only` of the flow does not let through."""
    late: int
    """Open rejects of documents that are held for too long."""
    let_go: int
    """Documents that were held for too long and are filtered for it."""
    waiting: int
    """Documents that wait for stock, whole or in part."""
    guarded: tuple[tuple[Hold, str], ...]
    """Files that guards hold, each with what the file is called."""
    queued: tuple[Queued, ...]
    notices: tuple[Notice, ...]
    """What waits to be sent to people, the oldest first."""
    told: Mapping[str, int]
    """What the last run told targets -> of how many documents."""
    not_asked: tuple[str, ...]
    """Endpoints on servers: showing what is known here neither waits for a partner nor logs in anywhere."""

    def as_json(self) -> dict[str, object]:
        """Return the object of `status --json`."""
        return {
            "flow": self.flow,
            "claims": self.claims,
            "ready": [ready.source.name for ready in self.found.ready],
            "settling": [settling.source.name for settling in self.found.settling],
            "open_rejects": self.open_rejects,
            "held_documents": self.held,
            "outside_documents": self.outside,
            "overdue_documents": self.late,
            "let_go_documents": self.let_go,
            "waiting_for_stock": self.waiting,
            "last_run_actions": dict(self.told),
            "notices": [_notice_object(notice) for notice in self.notices],
            "held_files": [
                *(_hold_object(hold, file) for hold, file in self.guarded),
                *(_queued_object(queued) for queued in self.queued),
            ],
            "undelivered": [{**delivery_object(each.delivery), "why": each.why} for each in self.undelivered],
            "presumed": [delivery_object(delivery) for delivery in self.presumed],
            "unacknowledged": [delivery_object(delivery) for delivery in self.unanswered],
            "not_asked": list(self.not_asked),
            "away": [str(fault) for fault in self.found.away],
            "paused": [brake_object(brake) for brake in self.brakes],
        }


def _flow_row(setup: Setup, ledger: Ledger, known: tuple[Summary, Sequence[Notice]], name: str) -> FlowRow:
    summary, notices = known
    owned = frozenset(identity(known.claim.source) for known in ledger.claims.open(name) if not known.retired)
    search = Search(owned=owned, paused=frozenset(brake.name for brake in summary.brakes if brake.kind == "endpoint"))
    found = discover(nearby(setup, setup.flows[name]), Places(setup), ledger.files, now, search)
    claims = {state.value: number for state, number in summary.claims.get(name, {}).items()}
    flow = setup.flows[name]
    guarded = tuple(_holding(ledger, name)) if ClaimState.HELD.value in claims else ()
    limited = flow.rules.release.held_limit is not None
    places = {each.from_ for each in flow.pick_up} | {each.to for each in flow.deliver}
    return FlowRow(
        name,
        claims,
        found,
        summary.open_rejects.get(name, 0),
        summary.held_documents.get(name, 0),
        waiting(setup, ledger, summary, name),
        summary.presumed.get(name, ()),
        summary.unanswered.get(name, ()),
        tuple(brake for brake in summary.brakes if brake.name in ({name} if brake.kind == "flow" else places)),
        ledger.documents.filtered(name, OUTSIDE) if flow.only else 0,
        sum(is_overdue(reject.reject_id) for reject in ledger.rejects.find(name)) if limited else 0,
        ledger.documents.filtered(name, LET_GO) if limited else 0,
        len(ledger.backorders.of_flow(name)) if flow.rules.availability is not None else 0,
        guarded,
        tuple(_queued(ledger, name)) if claims.get(ClaimState.HELD.value, 0) > len(guarded) else (),
        tuple(notice for notice in notices if notice.flow == name),
        summary.last_actions.get(name, {}),
        tuple(sorted({each.from_ for each in flow.pick_up if is_remote(setup, each.from_)})),
    )


def _notice_object(notice: Notice) -> dict[str, object]:
    return {"kind": notice.kind, "claim": notice.subject, "at": notice.at, "text": notice.text}


def _holding(ledger: Ledger, flow: str) -> Iterator[tuple[Hold, str]]:
    for hold in ledger.guards.holding(flow):
        known = ledger.claims.get(hold.claim)
        yield hold, "" if known is None else known.claim.source.shown


def _queued(ledger: Ledger, flow: str) -> Iterator[Queued]:
    """Yield the files that are held and that no guard holds (any more)."""
    for claim, (since, reasons) in ledger.claims.held(flow).items():
        known, hold, said = ledger.claims.get(claim), ledger.guards.held(claim), reasons
        if hold is not None and hold.reasons == reasons:
            if hold.decision is Decision.OPEN:
                continue
            said = (f"{hold.decision.value} by {hold.who}", f"`exchange run {flow}` goes on with it")
        yield Queued(claim, "" if known is None else known.claim.source.shown, since, said)


def _queued_object(queued: Queued) -> dict[str, object]:
    made = {"claim": queued.claim, "file": queued.file, "held_at": queued.held_at, "reasons": list(queued.reasons)}
    return {**made, "page": None, "documents": None}


def _hold_object(hold: Hold, file: str) -> dict[str, object]:
    return {
        "claim": hold.claim,
        "file": file,
        "held_at": hold.held_at,
        "reasons": list(hold.reasons),
        "page": hold.page,
        "documents": hold.documents.total,
    }


def _lines(rows: list[FlowRow], summary: Summary) -> Iterator[str]:
    for row in rows:
        yield from _flow_lines(row)
    for brake in summary.brakes:
        yield paused(brake)
    run = summary.last_run
    if run is not None:
        ended = "was ended from outside" if run.exit is None else f"ended with {run.exit}, {OF_RUN[Exit(run.exit)]}"
        yield f"last run: {run.started_at:%Y-%m-%d %H:%M:%S} UTC, `exchange {run.command}`, {ended}"
    for flow, actions in summary.last_actions.items():
        if said := told(actions):
            yield f"  told   {flow}: {said}"


def _flow_lines(row: FlowRow) -> Iterator[str]:
    done = ", ".join(f"{number:,} {state}" for state, number in row.claims.items()) or "none yet"
    yield f"{row.flow}: files {done}"
    if row.found.ready:
        names = ", ".join(clean(ready.source.name) for ready in row.found.ready[:5])
        yield f"  waits  {many(len(row.found.ready), 'file')} ready ({names}): exchange run {row.flow}"
    if row.found.settling:
        yield f"  waits  {many(len(row.found.settling), 'file')} still settling"
    if row.not_asked:
        yield f"  there  {', '.join(row.not_asked)} was not asked what it has: exchange run {row.flow} --dry-run"
    for fault in row.found.away:
        yield f"  away   {fault}"
    yield from _held_lines(row)
    yield from _notice_lines(row)
    yield from _delivery_lines(row)
    if row.open_rejects:
        yield f"  fix    {many(row.open_rejects, 'open reject')}: exchange rejects list"


def _held_lines(row: FlowRow) -> Iterator[str]:
    """Say what is not let out yet, and why."""
    for hold, file in row.guarded[:_SHOWN]:
        yield f"  guard  {clean(file)} (claim {hold.claim}), {_since(hold.held_at)}: {clean(hold.reasons[0])}"
        yield f"         {advice(hold)}"
    if len(row.guarded) > _SHOWN:
        yield f"  guard  {many(len(row.guarded) - _SHOWN, 'more file')} held; --json has all"
    yield from _queued_lines(row)
    if row.held:
        yield f"  held   {many(row.held, 'order')}: released by a later export, or exchange release order NUMBER"
    if row.waiting:
        yield f"  stock  {many(row.waiting, 'order')} waiting for stock, whole or in part: sent on once it has come"
    if row.late:
        yield f"  late   {many(row.late, 'order')} held for longer than `held_limit`: exchange rejects list"
    if row.let_go:
        yield f"  late   {many(row.let_go, 'order')} held for longer than `held_limit`, and filtered for it"
    if row.outside:
        yield f"  pilot  {many(row.outside, 'order')} outside `only`; widened, it lets a later export of them out"


def _queued_lines(row: FlowRow) -> Iterator[str]:
    """Say which files wait for their turn: what for, and on a line of its own what to do."""
    for queued in row.queued[:_SHOWN]:
        why, _, then = "; ".join(queued.reasons).partition("; ")
        yield f"  waits  {clean(queued.file)} (claim {queued.claim}), {_since(queued.held_at)}: {clean(why)}"
        yield f"         {clean(then)}"
    if len(row.queued) > _SHOWN:
        yield f"  waits  {many(len(row.queued) - _SHOWN, 'more file')} held; --json has all"


def _since(held_at: datetime) -> str:
    return f"held since {held_at:%Y-%m-%d %H:%M} UTC"


def _notice_lines(row: FlowRow) -> Iterator[str]:
    """Say the newest warning of each kind; held files have lines of their own."""
    newest = {notice.kind: notice for notice in row.notices if notice.kind != "held"}
    for kind, notice in newest.items():
        earlier = sum(each.kind == kind for each in row.notices) - 1
        more = f" ({earlier:,} earlier; --json has all)" if earlier else ""
        yield f"  warns  {kind}, {notice.at:%Y-%m-%d %H:%M} UTC: {clean(notice.text)}{more}"


def _delivery_lines(row: FlowRow) -> Iterator[str]:
    """Say what is on its way: what waits, what nobody knows of, and what was not answered; the oldest few of each."""
    for each in row.undelivered[:_SHOWN]:
        yield f"  waits  {_named(each.delivery)}: {clean(each.why)}"
    for delivery in row.presumed[:_SHOWN]:
        yield (
            f"  look   {delivery.path}: was taken before its delivery was noted; presumed delivered. If the target "
            f"never got it: exchange resend {delivery.id} --reason ..."
        )
    for delivery in row.unanswered[:_SHOWN]:
        since = delivery.artifact.delivered_at
        at = f" since {since:%Y-%m-%d %H:%M} UTC" if since is not None else ""
        yield f"  sent   {_named(delivery)}: not acknowledged{at}"
    for word, found in (("waits", len(row.undelivered)), ("look", len(row.presumed)), ("sent", len(row.unanswered))):
        if found > _SHOWN:
            yield f"  {word:<6} {found - _SHOWN:,} more; --json has all"


def _named(delivery: Delivery) -> str:
    return f"{clean(delivery.artifact.name)} for {delivery.artifact.endpoint} (delivery {delivery.id})"


def _verdict(rows: list[FlowRow]) -> Exit:
    if any(ClaimState.HELD.value in row.claims for row in rows):
        return Exit.HELD
    stuck = any(not each.chosen for row in rows for each in row.undelivered)
    looked_for = any(row.open_rejects or row.held or row.presumed for row in rows)
    return Exit.REJECTED if stuck or looked_for else Exit.FINE
