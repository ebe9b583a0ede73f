"""Two rulebooks side by side: what differs, what it does, and to whom.

``parts`` takes a rulebook apart and puts it together again; ``matching`` says which clause is which; ``changes`` what
differs; ``hybrids`` makes rulebooks with some of the changes; ``together`` runs many of them at once; ``ledger`` adds up
what each does to each unit; ``witness`` looks for a case that shows it, ``proving`` shows that there is none.
"""
