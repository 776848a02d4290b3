"""File-based batch exchange between shops, warehouses, ERPs and couriers."""

__version__ = "0.1.0"
