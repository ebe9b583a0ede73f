"""Rulebooks and data made by chance, run by both engines, compared cell by cell."""
