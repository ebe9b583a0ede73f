"""The waist of the house: a small closed set of typed operations.

Knows operations and types. Does not know clauses, indicators or text: a graph built by hand runs exactly like
one compiled from a rulebook.
"""
