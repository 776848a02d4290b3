"""The stages, their order, and the promises they keep."""
