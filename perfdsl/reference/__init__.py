"""The auditor's reading: the second opinion.

Runs the MODEL over a year's data, unit by unit, with fractions and nothing else, as somebody would who has the
rulebook in one hand and the tables in the other. Slow, plain, readable. Knows nothing of graphs, engines or how
rules are compiled, so that a mistake made there cannot hide here.

``evaluate(rulebook, data)`` gives every published number of every unit, under the names of ``model.outputs``.
"""

from perfdsl.reference.outcome import evaluate

__all__ = ["evaluate"]
