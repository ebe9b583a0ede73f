"""What a rulebook means: inert, frozen dataclasses.

Knows neither how it was written (``syntax``) nor how it is computed (``graph``, ``reference``).
"""
