"""Tree → model → graph.

``resolve`` gives every written thing its meaning, ``check`` reads the model as a colleague would, ``lower`` turns
it into operations. Each pass returns what it made and what it has to say; the order of passes is one tuple.
"""
