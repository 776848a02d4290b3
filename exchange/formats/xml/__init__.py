"""XML files: records are elements, read one at a time."""
