"""Alone brings the format and endpoint types of other distributions into the models, their faults as mistakes."""

from __future__ import annotations

from typing import TypeVar

from pydantic import ValidationError
from pydantic_core import InitErrorDetails, PydanticCustomError

from exchange.kernel.plugins import PluginError, find

T = TypeVar("T")


def added_type(group: str, name: str, kind: type[T]) -> T | None:
    """Return what a distribution adds as type `name`, None where nobody does; a broken one is a mistake at `type`."""
    try:
        found = find(group, name, kind)
    except PluginError as fault:
        said = PydanticCustomError("value_error", "{error}", {"error": str(fault)})
        details = InitErrorDetails(type=said, loc=("type",), input=name)
        raise ValidationError.from_exception_data(kind.__name__, [details]) from fault
    return None if found is None else found[0]
