"""Values and shapes: what every other part speaks; knows no file format, no database, no network."""
