"""The mapping steps, by family."""
