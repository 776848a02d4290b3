"""Checks of frames and documents against schemas."""
