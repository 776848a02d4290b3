"""Places with files."""
