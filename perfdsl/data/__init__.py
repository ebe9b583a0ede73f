"""Cells → exact columns that remember their addresses.

Knows files and cells. Does not know clauses: what a column must hold is told by the model's tables.

    package → workbook ┐
    separated ─────────┴→ cells → sources → heads → grid → assembly → load
    values → convert ────────────────────────────────────────┘

Four things that look alike are kept apart all the way: a cell nobody filled in (未报), a cell that cannot be read
(待定), a cell that says why it is empty (不涉及, 未发生, 零报告, 未到期), and 0.
"""
