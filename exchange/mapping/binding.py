"""Reads a step's parameters as YAML gave them and checks each against its declaration."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.config.suggest import suggest
from exchange.mapping.kinds import Kind
from exchange.mapping.spec import Literally, Parameter, ParameterType, Side, StepSpec, Wrong

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_LARGEST = 1_000_000
"""No cell has more characters, or parts; much more is none of the numbers that kernels take."""


@dataclass(slots=True)
class Scope:
    """The columns that steps of one level may name."""

    inputs: dict[str, Kind]
    """Input columns that are known."""
    is_open: bool
    """True where the file may have columns nobody listed: any other name is taken for one of them."""
    fields: dict[str, Kind] = field(default_factory=dict)
    """Fields of this level filled so far."""

    def known(self, name: str) -> Side | None:
        """Return the input column or earlier field of that name."""
        if name in self.inputs:
            return Side(name, is_field=False, kind=self.inputs[name])
        return Side(name, is_field=True, kind=self.fields[name]) if name in self.fields else None

    def advice(self, name: str) -> str:
        """Return what may have been meant by an unknown name."""
        return suggest(name, {*self.inputs, *self.fields})


class _UnfitError(Exception):
    """A parameter is not what its declaration says."""

    def __init__(self, what: str, instead: str, code: str = "STEP_ARGUMENT") -> None:
        self.what, self.instead, self.code = what, instead, code
        super().__init__(what)


def bind(spec: StepSpec, argument: object, scope: Scope) -> tuple[dict[str, Any], list[Wrong]]:
    """Return the parameters of a step by name, defaults filled in, and what is wrong with them."""
    given, wrongs = _spread(spec, argument)
    bound: dict[str, Any] = {}
    for parameter in spec.parameters:
        if parameter.name in given:
            try:
                bound[parameter.name] = _convert(parameter, given.pop(parameter.name), scope)
            except _UnfitError as fault:
                wrongs.append(Wrong(parameter.name, fault.what, fault.instead, fault.code))
        elif parameter.required:
            instead = f"write {{{spec.name}: {{{parameter.name}: ...}}}}"
            wrongs.append(Wrong(None, f"{spec.name} needs {parameter.name}", instead))
        else:
            bound[parameter.name] = parameter.default
    names = [parameter.name for parameter in spec.parameters]
    for unknown in given:
        what = f"{spec.name} has no parameter {unknown}"
        wrongs.append(Wrong(str(unknown), what, suggest(str(unknown), names), "UNKNOWN_PARAMETER"))
    return bound, wrongs


def _spread(spec: StepSpec, argument: object) -> tuple[dict[Any, object], list[Wrong]]:
    """Return the argument as parameters by name: a bare one belongs to the first parameter."""
    if argument is None:
        return {}, []
    if not spec.parameters:
        return {}, [Wrong(None, f"{spec.name} takes no parameters", f"write just {spec.name}")]
    first = spec.parameters[0]
    if not isinstance(argument, Mapping):
        return {first.name: argument}, []
    if first.type == "map" and not isinstance(argument.get(first.name), Mapping):
        return {first.name: argument}, []
    return dict(argument), []


def _convert(parameter: Parameter, value: object, scope: Scope) -> object:
    made = _CONVERTERS[parameter.type](value, scope)
    if parameter.choices and made not in parameter.choices:
        what = f"{parameter.name} cannot be {made}"
        raise _UnfitError(what, suggest(str(made), parameter.choices, f"write {', '.join(parameter.choices)}"))
    return made


def _text(value: object, _scope: Scope) -> str:
    if isinstance(value, str):
        return str(value)
    raise _UnfitError(f"expected text, not {_shown(value)}", f'put quotes around it: "{_shown(value)}"')


def _texts(value: object, scope: Scope) -> tuple[str, ...]:
    if isinstance(value, list | tuple) and value:
        return tuple(_text(one, scope) for one in value)
    if isinstance(value, str):
        return (str(value),)
    raise _UnfitError(f"expected a text or a list of texts, not {_shown(value)}", 'write ["a", "b"]')


def _integer(value: object, _scope: Scope) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        what = f"expected a whole number, not {_shown(value)}"
        raise _UnfitError(what, "write digits without quotes, for example 12")
    if abs(value) > _LARGEST:
        raise _UnfitError(f"{value:,} is beyond {_LARGEST:,}", "write a smaller number")
    return int(value)


def _number(value: object, _scope: Scope) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return str(value)
    raise _UnfitError(f"expected a number in quotes, not {_shown(value)}", 'write it like "0.001"')


def _flag(value: object, _scope: Scope) -> bool:
    if isinstance(value, bool):
        return value
    raise _UnfitError(f"expected true or false, not {_shown(value)}", "write true or false without quotes")


def _scalar(value: object, _scope: Scope) -> str | int | bool:
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return value
    raise _UnfitError(f"expected one value, not {_shown(value)}", 'write a text in quotes, such as "EA"')


def _map(value: object, scope: Scope) -> dict[str, str]:
    if isinstance(value, Mapping) and value:
        return {_text(key, scope): _text(result, scope) for key, result in value.items()}
    raise _UnfitError(f"expected values and what they become, not {_shown(value)}", "write {paid: P, pending: W}")


def _column(value: object, scope: Scope) -> Side:
    name = _text(value, scope)
    found = scope.known(name)
    if found is None and scope.is_open:
        return Side(name, is_field=False, kind="text")
    if found is None:
        raise _UnfitError(f"there is no column or earlier field {name}", scope.advice(name), "UNKNOWN_COLUMN")
    return found


def _unit(value: object, scope: Scope) -> Side | Literally:
    if isinstance(value, Mapping) and set(value) == {"literal"}:
        return Literally(_text(value["literal"], scope))
    name = _text(value, scope)
    return scope.known(name) or Literally(name)


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


_CONVERTERS: dict[ParameterType, Callable[[object, Scope], object]] = {
    "text": _text,
    "texts": _texts,
    "integer": _integer,
    "number": _number,
    "flag": _flag,
    "scalar": _scalar,
    "map": _map,
    "table": _text,
    "column": _column,
    "unit": _unit,
}
