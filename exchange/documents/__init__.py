"""The canonical documents, as data."""
