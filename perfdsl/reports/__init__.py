"""Findings: what a reader wants to know, as plain values. Knows no format and no screen."""
