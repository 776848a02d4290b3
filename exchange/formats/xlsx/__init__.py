"""Workbooks: cells as text in, text cells out."""
