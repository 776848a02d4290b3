"""A small distribution that adds a step, a format and an endpoint type; the worked example of mappings/EXTENDING.md."""
