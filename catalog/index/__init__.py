"""The catalogue index: which goods a list holds, how many more each filter would leave, in which order.

Bitmaps and vectors over a dense number of each sku (its ordinal), kept as blocks in PostgreSQL and cached
by each process. See `docs/catalogue-index.md`.
"""
