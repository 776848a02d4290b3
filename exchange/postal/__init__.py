"""Addresses and telephone numbers as post and couriers want them: pure functions on text, nothing ever left out."""
