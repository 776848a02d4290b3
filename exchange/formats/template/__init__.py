"""XML written by Jinja2 templates with the blocks `header`, `record` and `footer`."""
