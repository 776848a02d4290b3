"""Says why what is sealed is not delivered yet, and whether somebody has chosen that; asks this machine's folders only.

What is said of a limit is what a run would say of it: `engine.reach` decides both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from exchange.assemble.endpoints import Places, is_remote
from exchange.config.workspace import Setup
from exchange.engine.reach import Limit, Reach
from exchange.kernel.atomic import sha256_of
from exchange.kernel.claim_rows import Delivery
from exchange.kernel.errors import ExchangeError
from exchange.kernel.exits import Exit
from exchange.kernel.ledger import Ledger, Summary
from exchange.kernel.model import Artifact
from exchange.kernel.naming import final_names

_ALL_REACHED = {Exit.FINE, Exit.REJECTED, Exit.HELD}
"""How a run ends in which no target was away."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A delivery that waits."""

    delivery: Delivery
    why: str
    """What it waits for, and what to do."""
    chosen: bool = False
    """Whether a person wants it to wait, or nobody need do anything."""


def waiting(setup: Setup, ledger: Ledger, summary: Summary, flow: str) -> tuple[Waiting, ...]:
    """Return what waits to be delivered of a flow, in order."""
    found = summary.undelivered.get(flow, ())
    names = {delivery.artifact.endpoint for delivery in found}
    reach = Reach(ledger, flow, {name: limit for name in names if (limit := _limit(setup, name)) is not None})
    asked = _Asked(setup, summary, flow, reach, Places(setup), {})
    groups = groupby(found, lambda delivery: (delivery.artifact.claim, delivery.artifact.endpoint))
    return tuple(each for (_, name), group in groups for each in asked.of(name, list(group)))


def _limit(setup: Setup, name: str) -> Limit | None:
    model = setup.workspace.endpoints.get(name)
    if model is None or model.max_in_flight is None:
        return None
    to = (delivery for flow in setup.flows.values() for delivery in flow.deliver)
    return Limit(model.max_in_flight, tuple(dict.fromkeys(each.folder for each in to if each.to == name)))


@dataclass(frozen=True, slots=True)
class _Asked:
    setup: Setup
    summary: Summary
    flow: str
    reach: Reach
    places: Places
    full: dict[str, str]
    """Endpoint -> what is said of its limit: later files never overtake those that it holds back."""

    def of(self, name: str, group: list[Delivery]) -> Iterator[Waiting]:
        """Yield what is said of the deliveries of one claim to one endpoint."""
        if why := self._paused(name):
            yield from (Waiting(delivery, why, chosen=True) for delivery in group)
        elif name not in self.places:
            why = f"endpoint {name} is not there any more; bring it back in mappings/exchange.yaml, then run"
            yield from (Waiting(delivery, why) for delivery in group)
        else:
            seen = {delivery.id: self._in_view(delivery.artifact) for delivery in group}
            late = self._held_back(name, [delivery.artifact for delivery in group])
            plain = f"the next run that reaches {name} delivers it"
            for delivery in group:
                limit = late.get(delivery.artifact.number, "")
                why, chosen = seen[delivery.id] or (limit or plain, bool(limit))
                yield Waiting(delivery, why, chosen=chosen)

    def _paused(self, endpoint: str) -> str:
        for brake in self.summary.brakes:
            if (brake.kind, brake.name) in {("flow", self.flow), ("endpoint", endpoint)}:
                return f"{brake.kind} {brake.name} is paused; `exchange resume {brake.name}` lets it go on"
        return ""

    def _in_view(self, artifact: Artifact) -> tuple[str, bool] | None:
        """Return what is said where its name is taken, by its own bytes or by others; None where it is free."""
        model = self.setup.workspace.endpoints.get(artifact.endpoint)
        if model is None or model.type != "local":
            return None
        folder = Path(model.path) / artifact.folder
        names = [folder / name for name in final_names(artifact.name, artifact.claim, artifact.exists)]
        for path in names:
            if _holds(self.setup.root / path, artifact):
                return f"{path} is in view already; the next run notes that it is delivered", True
        if artifact.exists != "replace" and all((self.setup.root / path).exists() for path in names):
            return f"{names[-1]} exists with other content; once it is gone, the next run delivers it", False
        return None

    def _held_back(self, name: str, artifacts: list[Artifact]) -> dict[int, str]:
        """Return, by artifact number, what is said of those that the limit of the endpoint holds back."""
        if name not in self.reach.limits:
            return {}
        if name in self.full:
            return dict.fromkeys((artifact.number for artifact in artifacts), self.full[name])
        if is_remote(self.setup, name):
            return self._last_time(name, artifacts)
        try:
            through, braked = self.reach.admitted(self.places[name], name, artifacts)
        except ExchangeError:
            return {}  # it is away: the next run that reaches it delivers
        if braked is None:
            return {}
        self.full[name] = str(braked)
        return {artifact.number: str(braked) for artifact in artifacts[len(through) :]}

    def _last_time(self, name: str, artifacts: list[Artifact]) -> dict[int, str]:
        """Say what follows from the last run, for a server that is not asked: it reached all, so the limit was it."""
        run, most = self.summary.last_run, self.reach.limits[name].most
        if run is None or run.exit not in _ALL_REACHED:
            return {}
        self.full[name] = (
            f"{name} takes no more than it has neither taken nor acknowledged (max_in_flight: {most}); "
            "later runs deliver the rest"
        )
        return dict.fromkeys((artifact.number for artifact in artifacts), self.full[name])


def _holds(path: Path, artifact: Artifact) -> bool:
    try:
        return path.stat().st_size == artifact.size and sha256_of(path).sha256 == artifact.sha256
    except OSError:
        return False
