"""Takes in what targets answer: a file in their folder of answers says that a delivery arrived."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import PurePosixPath

from exchange.engine.answered import Place, listed, places
from exchange.engine.house import House, endpoint_of
from exchange.engine.kept import sent_path
from exchange.kernel.atomic import make_folder, replace_synced
from exchange.kernel.claim_rows import Delivery
from exchange.kernel.crashpoint import crashpoint
from exchange.kernel.endpoint import Endpoint
from exchange.kernel.errors import ConfigurationError, ExchangeError, TryLater
from exchange.kernel.model import ArtifactState, SourceFile
from exchange.kernel.naming import safe_name

_WILD = re.compile(r"([*?\[])")


def take_answers(house: House) -> Iterator[ExchangeError]:
    """Acknowledge what was answered, and keep the answers; yield why some could not be asked for."""
    waiting: dict[Place, list[Delivery]] = {place: [] for place in places(house.flow)}
    for delivery in house.ledger.deliveries.unanswered(house.flow.flow):
        folder, _, pattern = delivery.artifact.answers.rpartition("/")
        waiting.setdefault((delivery.artifact.endpoint, folder, pattern), []).append(delivery)
    for place, deliveries in waiting.items():
        if house.reach.braked(place[0]):
            continue
        try:
            _take(house, place, deliveries)
        except (TryLater, ConfigurationError) as fault:
            yield fault


def _take(house: House, place: Place, waiting: list[Delivery]) -> None:
    name, folder, pattern = place
    endpoint = endpoint_of(house.endpoints, name, house.flow.flow)
    for source, named in listed(endpoint, folder, pattern):
        house.safe_point()
        found = [delivery for delivery in waiting if fnmatch(source.name.lower(), _expected(pattern, delivery))]
        # One that is acknowledged already was left by a run that was ended here.
        found = found or [delivery for delivery in _named(house, place, named) if _is_ours(house, delivery)]
        if found and _kept(house, endpoint, source, found[-1]):
            for delivery in found:
                if delivery.artifact.state is not ArtifactState.ACKNOWLEDGED:
                    house.ledger.deliveries.acknowledge(delivery.artifact.claim, delivery.artifact.number, house.now())
            crashpoint("answers.noted")
            endpoint.remove(source)
            crashpoint("answers.removed")


def _expected(pattern: str, delivery: Delivery) -> str:
    """Return the pattern of the answers to one delivery, in small letters."""
    name = _WILD.sub(r"[\1]", delivery.path.rpartition("/")[2])
    return pattern.format(name=name, stem=PurePosixPath(name).stem).lower()


def _named(house: House, place: Place, named: str) -> list[Delivery]:
    """Return what was delivered under the name that an answer names."""
    endpoint, folder, pattern = place
    stems = "{name}" not in pattern
    found = house.ledger.deliveries.delivered(endpoint, [named], stems=stems)
    return [delivery for delivery in found if delivery.artifact.answers == f"{folder}/{pattern}"]


def _is_ours(house: House, delivery: Delivery) -> bool:
    known = house.ledger.claims.get(delivery.artifact.claim)
    return known is not None and known.claim.flow == house.flow.flow


def _kept(house: House, endpoint: Endpoint, source: SourceFile, delivery: Delivery) -> bool:
    """Keep an answer beside what it answers; False where it is being written."""
    known = house.ledger.claims.get(delivery.artifact.claim)
    if known is None:
        return False
    folder = sent_path(house, known.claim, delivery.artifact).parent
    make_folder(folder)
    draft = folder / f".{safe_name(source.name)}.part"
    draft.unlink(missing_ok=True)
    if endpoint.fetch(source, draft) is None:
        return False
    replace_synced(draft, folder / safe_name(source.name))
    crashpoint("answers.kept")
    return True
