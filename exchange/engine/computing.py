"""Asks a compiled pick-up for the file that it computes; heavy, because the machine is."""

from __future__ import annotations

from exchange.engine.house import House
from exchange.kernel.errors import ConfigurationError
from exchange.kernel.pipeline import machine_of
from exchange.kernel.standing import Computation, Standing


def compute(house: House, index: int, standing: Standing) -> Computation:
    """Return the file of a pick-up as stock stands; raises ConfigurationError where its files hold mistakes."""
    house.sound()
    computing = machine_of(house.plan(index)).computing
    if computing is None:
        raise ConfigurationError(f"mappings/flows/{house.flow.flow}.yaml: pick-up {index + 1} computes nothing")
    return computing(standing)
