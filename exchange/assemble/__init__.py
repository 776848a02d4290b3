"""Puts the parts together: workspace -> runnable flows; alone knows them all."""
