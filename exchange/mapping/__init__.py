"""Mappings: compiled once, run on columns."""
