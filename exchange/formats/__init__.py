"""File formats: reading and writing one format share one dialect."""
