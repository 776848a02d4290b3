"""Which targets can be delivered to in this run, and what waits for those that cannot: one for all claims of a flow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from exchange.kernel.claim_rows import Delivery
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import Braked, ExchangeError, TryLater
from exchange.kernel.ledger import Brake, Ledger
from exchange.kernel.model import Artifact, ArtifactState
from exchange.kernel.plural import many

PENDING = "data/outbox/.pending"
"""Where files lie, whole and in order, while their target is away."""


def paused(brake: Brake) -> str:
    """Say who has paused something, and what lets it go on."""
    why = f" ({brake.reason})" if brake.reason else ""
    return (
        f"{brake.kind} {brake.name} is paused by {brake.who} since {brake.at:%Y-%m-%d %H:%M} UTC{why}; "
        f"`exchange resume {brake.name}` lets it go on"
    )


def _full(name: str, most: int) -> str:
    return (
        f"{name} has as many delivered files as it may that it has neither taken nor acknowledged "
        f"(max_in_flight: {most})"
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """How many delivered files an endpoint may leave lying."""

    most: int
    folders: tuple[str, ...]
    """Folders of the endpoint that any flow delivers to."""


@dataclass(frozen=True, slots=True)
class Waits:
    """What waits for one endpoint, and why."""

    endpoint: str
    fault: ExchangeError
    files: int

    def __str__(self) -> str:
        """Say it in words."""
        files = many(self.files, "file")
        return f"{self.fault}; {files} for {self.endpoint} in {PENDING}/{self.endpoint}, whole and in order"


@dataclass(slots=True)
class Reach:
    """What is known of the targets of one flow in this run.

    Later claims never overtake earlier ones at the same endpoint, and an endpoint that was found away is not tried
    again for every claim.
    """

    ledger: Ledger
    flow: str
    limits: Mapping[str, Limit] = field(default_factory=dict)
    """By endpoint; those without a limit are left out."""
    faults: list[ExchangeError] = field(default_factory=list)
    """What else went wrong and costs this run nothing but its exit code: a source that could not be put away."""
    _away: dict[str, ExchangeError] = field(default_factory=dict)
    _waiting: dict[str, dict[tuple[str, int], ExchangeError]] = field(default_factory=dict)
    _queues: dict[str, list[str]] | None = None
    _brakes: dict[str, Braked] | None = None
    _room: dict[str, int] = field(default_factory=dict)
    _full: set[str] = field(default_factory=set)

    def why_not(self, claim: str, endpoint: str) -> ExchangeError | None:
        """Return why nothing of this claim may go to an endpoint now; None where it may."""
        if braked := self.braked(endpoint):
            return braked
        if endpoint in self._away:
            return self._away[endpoint]
        if first := self._before(claim, endpoint):
            earlier, run = f"earlier files (claim {first}) wait for {endpoint}", f"`exchange run {self.flow}`"
            if endpoint in self._full:
                full = _full(endpoint, self.limits[endpoint].most)
                return Braked(f"{earlier} and go first, and {full}: {run} delivers once it has taken some")
            return TryLater(f"{earlier}: {run} delivers them first; `exchange status` says what they wait for")
        return None

    def unexplained(self, claim: str, endpoint: str) -> list[Artifact]:
        """Return what goes before this claim's files to an endpoint with a limit, where this run has not tried it."""
        first = self._before(claim, endpoint) if endpoint in self.limits else ""
        if not first or self.braked(endpoint) or endpoint in self._away or endpoint in self._waiting:
            return []
        sealed = self.ledger.claims.sealed(first)
        return [artifact for artifact in sealed.undelivered if artifact.endpoint == endpoint]

    def braked(self, endpoint: str) -> Braked | None:
        """Return why an endpoint is not to be touched, where a person has paused it."""
        return self._braked().get(endpoint)

    def lost(self, endpoint: str, fault: ExchangeError) -> None:
        """Take note that an endpoint is away: it is not asked again in this run."""
        self._away.setdefault(endpoint, fault)

    def waits(self, artifact: Artifact, fault: ExchangeError) -> None:
        """Take note that an artifact is not delivered in this run; later claims wait behind it."""
        self._waiting.setdefault(artifact.endpoint, {})[artifact.claim, artifact.number] = fault
        queue = self._queue().setdefault(artifact.endpoint, [])
        if artifact.claim not in queue:
            queue.append(artifact.claim)

    def forget(self, claim: str, endpoint: str | None = None) -> None:
        """Let later claims go ahead: this one has delivered everything to the endpoint, or never will."""
        for name, queue in self._queue().items():
            if endpoint in {None, name} and claim in queue:
                queue.remove(claim)

    def admitted(
        self, endpoint: Endpoint, name: str, artifacts: list[Artifact]
    ) -> tuple[list[Artifact], Braked | None]:
        """Return the artifacts that the endpoint's `max_in_flight` lets through, and why not all of them.

        A set with done files goes whole, or it would wait for ever: nobody takes files before their done file.
        """
        if name not in self.limits:
            return artifacts, None
        most = self.limits[name].most
        through = artifacts[: self._fitting(endpoint, name, artifacts)]
        self._room[name] -= len([artifact for artifact in through if artifact.kind != "done"])
        if len(through) == len(artifacts):
            return through, None
        self._full.add(name)
        return through, Braked(f"{_full(name, most)}; later runs deliver the rest")

    def look(self, endpoint: Endpoint, name: str, earlier: list[Artifact]) -> None:
        """Take note whether the limit is what files of an earlier run wait for."""
        if self._fitting(endpoint, name, earlier) < len(earlier):
            self._full.add(name)

    def _fitting(self, endpoint: Endpoint, name: str, artifacts: list[Artifact]) -> int:
        """Return how many of the artifacts, from the first, an endpoint with a limit has room for."""
        most = self.limits[name].most
        if name not in self._room:
            self._room[name] = most - self._in_flight(endpoint, name)
        room = self._room[name]
        outputs = [artifact for artifact in artifacts if artifact.kind != "done"]
        if len(outputs) < len(artifacts):
            room = len(artifacts) if len(outputs) <= room or room == most else 0
        return min(max(room, 0), len(artifacts))

    def said(self) -> list[Waits]:
        """Return what waits after this run, one for each endpoint."""
        found = []
        for endpoint, waiting in self._waiting.items():
            fault = self._away.get(endpoint) or next(iter(waiting.values()))
            found.append(Waits(endpoint, fault, len(waiting)))
        return found

    def _before(self, claim: str, endpoint: str) -> str:
        """Return the claim whose files go to an endpoint first; blank where this claim's do."""
        queue = self._queue().get(endpoint, [])
        return queue[0] if queue and queue[0] != claim else ""

    def _braked(self) -> dict[str, Braked]:
        if self._brakes is None:
            self._brakes = {
                brake.name: Braked(paused(brake)) for brake in self.ledger.brakes.paused() if brake.kind == "endpoint"
            }
        return self._brakes

    def _queue(self) -> dict[str, list[str]]:
        """Return the claims that wait for each endpoint, in the order of their seals."""
        if self._queues is None:
            self._queues = {}
            for sealed in self.ledger.deliveries.waiting(self.flow):
                for endpoint in dict.fromkeys(artifact.endpoint for artifact in sealed.undelivered):
                    self._queues.setdefault(endpoint, []).append(sealed.claim.id)
        return self._queues

    def _in_flight(self, endpoint: Endpoint, name: str) -> int:
        """Count the delivered files that still lie there and are not acknowledged."""
        count = 0
        for folder in self.limits[name].folders:
            there = [source.name for source in endpoint.list(folder, "*").files]
            latest: dict[str, Delivery] = {}
            for delivery in self.ledger.deliveries.delivered(name, there):
                if delivery.artifact.folder == folder and delivery.artifact.kind != "done":
                    latest[delivery.path.rpartition("/")[2]] = delivery
            count += sum(entry.artifact.state is not ArtifactState.ACKNOWLEDGED for entry in latest.values())
        return count
