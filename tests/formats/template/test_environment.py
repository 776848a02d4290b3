"""What templates can and cannot reach."""

from __future__ import annotations

import pytest
from jinja2 import Environment, TemplateAssertionError, UndefinedError

from exchange.formats.template.environment import checking_environment, rendering_environment

BOTH = pytest.mark.parametrize("environment", [checking_environment(), rendering_environment()])


@BOTH
def test_values_are_escaped_and_nulls_are_nothing(environment: Environment) -> None:
    template = environment.from_string("{{ o.a }}|{{ o.b }}|{{ o['a'] }}\n")
    assert template.render(o={"a": "<&>", "b": None}) == "&lt;&amp;&gt;||&lt;&amp;&gt;\n"


@BOTH
def test_fields_are_found_before_methods(environment: Environment) -> None:
    assert environment.from_string("{{ o.items }}").render(o={"items": "3"}) == "3"


@BOTH
def test_methods_of_records_and_unknown_names_are_undefined(environment: Environment) -> None:
    for source in ("{{ o.items }}", "{{ o.x }}", "{{ x }}"):
        with pytest.raises(UndefinedError):
            environment.from_string(source).render(o={})


@BOTH
@pytest.mark.parametrize("name", ["safe", "attr('x')", "random"])
def test_filters_that_are_not_there(environment: Environment, name: str) -> None:
    with pytest.raises(TemplateAssertionError):
        environment.from_string("{{ o|" + name + " }}")


@BOTH
def test_only_two_functions(environment: Environment) -> None:
    assert sorted(environment.globals) == ["namespace", "range"]
