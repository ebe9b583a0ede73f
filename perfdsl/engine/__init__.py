"""Run a graph over columns.

Knows operations and columns. Does not know clauses, indicators or text: a graph built by hand runs exactly like
one compiled from a rulebook.
"""
