"""Text → tree, and back.

Knows lines, words and shapes. Is told the forms of the clause kinds and imports none: the same parser reads a
kind that was added this morning.
"""
