"""A house with targets in memory, and claims that are sealed and want to go there."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from exchange.engine.house import House
from exchange.engine.publish import Published, publish
from exchange.engine.reach import Limit, Reach
from exchange.kernel.ledger import Sealing
from exchange.kernel.model import Artifact, ArtifactState, Claim, Counts
from exchange.kernel.naming import temporary_name
from exchange.transports.memory import MemoryEndpoint
from tests.engine.desk import claim_of

NOW = datetime(2026, 3, 4, tzinfo=UTC)
Files = tuple[tuple[str, str], ...]
BOTH: Files = (("wms", "ORD_1.xml"), ("erp", "SO_1.csv"))


@dataclass
class Hall:
    """A house with targets in memory, and claims that are sealed and want to go there."""

    house: House
    places: dict[str, MemoryEndpoint] = field(default_factory=dict)

    def sealed(self, name: str, files: Files = BOTH, kinds: dict[str, str] | None = None) -> Claim:
        """Return a claim that was sealed with these (endpoint, name) files; each holds its own name."""
        claim = claim_of(name)
        self.house.ledger.claims.take(claim, self.house.run)
        folder = self.house.work.folder(claim.id)
        folder.mkdir(parents=True)
        made = []
        for number, (endpoint, file) in enumerate(files, 1):
            content = f"{name}: {file}".encode()
            (folder / f"{number}.artifact").write_bytes(content)
            sha256 = hashlib.sha256(content).hexdigest()
            place = (endpoint, "in", file, temporary_name(file, claim.id), f"{number}.artifact")
            made.append(Artifact(claim.id, number, (kinds or {}).get(file, "output"), *place, len(content), sha256, 1))
        version = self.house.ledger.documents.version()
        self.house.ledger.claims.seal(Sealing(claim.id, version, NOW, Counts(), Counts(), tuple(made)))
        return claim

    def publish(self, claim: Claim, *, recovering: bool = False) -> Published:
        """Publish a claim."""
        return publish(self.house, self.house.ledger.claims.sealed(claim.id), recovering=recovering)

    def next_run(self, limits: dict[str, Limit] | None = None) -> None:
        """Forget what this run has found out about its targets."""
        reach = Reach(self.house.ledger, "orders", limits or {})
        self.house = replace(self.house, endpoints=self.places, reach=reach)

    def lies(self, endpoint: str) -> list[str]:
        """Return the names that the target shows."""
        return sorted(name for _, name in self.places[endpoint].files if not name.startswith("."))

    def states(self, claim: Claim) -> list[ArtifactState]:
        """Return the states of a claim's artifacts as the ledger has them."""
        return [entry.artifact.state for entry in self.house.ledger.claims.sealed(claim.id).deliveries]
