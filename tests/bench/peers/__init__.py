"""What the product is measured against: scripts that do the same mapping with none of the guarantees."""
