"""The YAML files that users edit: their models, their loading with positions, their mistakes."""
