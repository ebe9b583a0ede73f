"""Findings → a format, one file each. Computes nothing."""
