"""Rubrics that ship with venire: one YAML file each (data only)."""
