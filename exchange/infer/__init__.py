"""Drafts a mapping from a sample of a partner's file: what its columns look like, and which fields they are."""
