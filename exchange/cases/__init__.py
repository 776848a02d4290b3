"""Cases of mappings and flows: what they expect compared with what came, and what they leave out."""
