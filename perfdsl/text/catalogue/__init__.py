"""Everything the tool can complain about, one function a mistake.

``writing`` K0xx characters and lines · ``names`` K1xx names, codes and structure · ``scoring`` K2xx phrases and
their two readings · ``totals`` K3xx sums, bands, grades · ``data`` K4xx files and cells · ``running`` K5xx what a
run finds.
"""
