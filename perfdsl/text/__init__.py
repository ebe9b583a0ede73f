"""What was written, and what we say about it.

Sources, spans, citations, problems and their rendering. Knows no grammar and no rule: a problem is born in
the room that found it, is described by the catalogue here, and is drawn here.
"""
