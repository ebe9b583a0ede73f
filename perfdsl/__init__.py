"""perfdsl: rulebooks of government performance appraisal, read, checked, computed exactly and explained.

The rooms, in the order in which data flows: ``text`` → ``syntax`` → ``model`` → ``graph`` (``compile`` leads
from one to the next, with the clause kinds of ``clauses``) → ``data`` and ``engine`` → ``workspace`` →
``reports`` → ``publish`` → ``tools``. ``reference`` is the second opinion: it runs the model, never the graph.
"""

__version__ = "0.1.0"
