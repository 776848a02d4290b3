"""Delimited text (CSV): reading with exact borders, rejects cut from the source's own bytes, writing by columns."""
