"""Benchmarks: the product and its peers, measured in turn in one run; `python -m tests.bench --help`."""
