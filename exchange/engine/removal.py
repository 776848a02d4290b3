"""What is said where somebody removes a work folder while it is worked in: alone tells that from a bug."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from exchange.engine.house import House
from exchange.kernel.atomic import disk_faults
from exchange.kernel.errors import TryLater


@contextmanager
def passing_faults(house: House) -> Iterator[None]:
    """Turn what a disk says, and what is missed in a work folder that is gone, into faults with words.

    Raises TryLater for such a folder: before the seal the next run begins anew with the file where it lies.
    """
    with disk_faults():
        try:
            yield
        except (FileNotFoundError, TryLater) as fault:
            missed = fault.__cause__ if isinstance(fault, TryLater) else fault
            folder = house.work.removed(missed) if isinstance(missed, FileNotFoundError) else None
            if folder is None:
                raise
            raise TryLater(
                f"{folder} was removed while a file was worked on there: leave data/state/work to exchange; "
                "then run again, nothing is lost"
            ) from fault
