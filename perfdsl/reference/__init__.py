"""The auditor's reading: the second opinion.

Runs the MODEL over a year's data, unit by unit, with fractions and nothing else, as somebody would who has the
rulebook in one hand and the tables in the other. Slow, plain, readable. Knows nothing of graphs, engines or how
rules are compiled, so that a mistake made there cannot hide here.

``evaluate(rulebook, data)`` gives every published number of every unit, under the names of ``model.outputs``. An
``Office`` keeps what it has worked out; ``outcome`` asks one for all of it.
"""

from perfdsl.reference.office import Office
from perfdsl.reference.outcome import evaluate, outcome

__all__ = ["Office", "evaluate", "outcome"]
