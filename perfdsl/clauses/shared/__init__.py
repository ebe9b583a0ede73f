"""What several clause kinds have in common: amounts, awards, bounds, steps, counts, words; no kind stands here."""
