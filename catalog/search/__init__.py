"""Full-text search of the catalogue: analysis of names and queries, correction, planning and scoring over
bitmaps.
"""
