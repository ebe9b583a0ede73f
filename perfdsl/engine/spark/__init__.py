"""The columnar engine on rows that lie in many parts, on one machine or on many (Spark).

``facts``: group facts that merge; ``jobs``: what is done with one part; ``driver``: what is done in which order.
None of these knows Spark.
"""
