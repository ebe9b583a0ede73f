"""Cells → exact columns that remember their addresses.

Knows files and cells. Does not know clauses: what a column must hold is told by the model's tables.
"""
