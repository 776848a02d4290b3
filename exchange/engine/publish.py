"""Publishing what is sealed: stage, note, reveal, note; each target on its own, after a crash without doubling.

Targets on this machine go together, each remote one after them by itself: a target that hangs holds up nobody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from exchange.engine.house import House, endpoint_of
from exchange.engine.kept import there, verified
from exchange.kernel.claim_rows import SealedClaim
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import ConfigurationError, ExchangeError, Stop, TryLater
from exchange.kernel.model import Artifact, ArtifactState, Claim, ClaimState, Receipt


@dataclass(slots=True)
class Published:
    """What became of the artifacts of one claim."""

    receipts: dict[int, Receipt] = field(default_factory=dict)
    """By artifact number; those that the ledger was told already are left out."""
    waiting: list[Artifact] = field(default_factory=list)
    """Not delivered in this run, in order."""


def publish(house: House, sealed: SealedClaim, *, recovering: bool) -> Published:
    """Deliver the sealed artifacts that are not delivered yet, each target as far as it can be reached.

    `recovering`: they were made by a run before this one, so that their bytes are compared with the seal first.
    """
    claim, due = sealed.claim, list(sealed.undelivered)
    made = Published()
    try:
        paths = {artifact.number: _path(house, claim, artifact, recovering=recovering) for artifact in due}
        groups = list(_groups(house, claim, due))
        for group in groups:
            one = _Group(house, claim, made, paths)
            one.deliver(group)
            if made.receipts and group is not groups[-1]:
                house.ledger.claims.finish(claim.id, ClaimState.SEALED, made.receipts, house.now())
                made.receipts.clear()
                crashpoint("publish.received")
    except Stop:
        house.reach.forget(claim.id)
        raise
    made.waiting.sort(key=lambda artifact: artifact.number)
    left = {artifact.endpoint for artifact in made.waiting}
    for endpoint in {artifact.endpoint for artifact in due} - left:
        house.reach.forget(claim.id, endpoint)
    return made


def _path(house: House, claim: Claim, artifact: Artifact, *, recovering: bool) -> Path | None:
    if artifact.state is ArtifactState.STAGED:
        return None  # its bytes are at the target
    return verified(house, claim, artifact) if recovering else there(house, claim, artifact)


def _groups(house: House, claim: Claim, due: list[Artifact]) -> Iterator[dict[str, list[Artifact]]]:
    """Yield artifacts by endpoint: those of this machine together, then each remote endpoint."""
    here: dict[str, list[Artifact]] = {}
    remote: dict[str, list[Artifact]] = {}
    for artifact in due:
        name = artifact.endpoint
        if name not in here and name not in remote:
            group = here
            with _reported(house, name):
                if house.reach.why_not(claim.id, name) is None and endpoint_of(house.endpoints, name, claim.id).remote:
                    group = remote
            group[name] = []
        (here if name in here else remote)[name].append(artifact)
    if here:
        yield here
    for name, artifacts in remote.items():
        yield {name: artifacts}


@contextmanager
def _reported(house: House, endpoint: str) -> Iterator[None]:
    """Take note of an endpoint that cannot be delivered to now; every other fault passes through."""
    try:
        yield
    except (TryLater, ConfigurationError) as fault:
        house.reach.lost(endpoint, fault)


@dataclass(frozen=True, slots=True)
class _Group:
    house: House
    claim: Claim
    made: Published
    paths: dict[int, Path | None]

    def deliver(self, group: dict[str, list[Artifact]]) -> None:
        staged = {name: self._stage(name, artifacts) for name, artifacts in group.items()}
        fresh = [
            artifact.number
            for artifacts in staged.values()
            for artifact in artifacts
            if artifact.state is ArtifactState.SEALED
        ]
        if fresh:
            self.house.ledger.claims.staged(self.claim.id, sorted(fresh), self.house.now())
            crashpoint("publish.noted")
        for name, artifacts in staged.items():
            self._reveal(name, artifacts)

    def _stage(self, name: str, artifacts: list[Artifact]) -> list[Artifact]:
        """Put what the endpoint takes now under its temporary names; what comes after a failure waits with it."""
        reach, done = self.house.reach, 0
        through: list[Artifact] = []
        why = self._why_not(name)
        if why is None:
            with _reported(self.house, name):
                endpoint = endpoint_of(self.house.endpoints, name, self.claim.id)
                through, why = reach.admitted(endpoint, name, artifacts)
                for artifact in through:
                    path = self.paths[artifact.number]
                    if path is not None:
                        crashpoint("publish.stage")
                        self._put(endpoint, artifact, path)
                        crashpoint("publish.staged")
                    done += 1
        self._wait(artifacts[done:], why)
        return through[:done]

    def _put(self, endpoint: Endpoint, artifact: Artifact, path: Path) -> None:
        try:
            endpoint.stage(artifact, path)
        except (TryLater, FileNotFoundError):
            there(self.house, self.claim, artifact)  # it is not the target's fault where they are gone
            raise

    def _why_not(self, name: str) -> ExchangeError | None:
        """Return why nothing of it may go there now; what earlier runs left there may wait for a limit."""
        reach = self.house.reach
        if earlier := reach.unexplained(self.claim.id, name):
            with _reported(self.house, name):
                reach.look(endpoint_of(self.house.endpoints, name, self.claim.id), name, earlier)
        return reach.why_not(self.claim.id, name)

    def _reveal(self, name: str, artifacts: list[Artifact]) -> None:
        done = 0
        with _reported(self.house, name):
            for artifact in artifacts:
                crashpoint("publish.reveal")
                receipt = endpoint_of(self.house.endpoints, name, self.claim.id).reveal(artifact)
                crashpoint("publish.revealed")
                self.made.receipts[artifact.number] = receipt
                done += 1
        self._wait(artifacts[done:], None)

    def _wait(self, artifacts: list[Artifact], why: ExchangeError | None) -> None:
        for artifact in artifacts:
            fault = self.house.reach.why_not(self.claim.id, artifact.endpoint) or why
            self.house.reach.waits(artifact, fault or TryLater(f"{artifact.endpoint} is not reached"))
            self.made.waiting.append(artifact)
