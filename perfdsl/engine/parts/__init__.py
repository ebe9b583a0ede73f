"""The columnar engine on rows that lie in many parts, on one machine or on many.

``facts``: group facts that merge; ``jobs``: what is done with one part; ``driver``: what is done in which order; ``carry``:
how it travels. None of these knows where the parts lie.
"""
