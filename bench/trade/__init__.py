"""The catalogue that the search is measured on: believable Russian names of goods, queries of every kind.

Both come from the folder of shared data beside the checkout; without it there is nothing to measure.
"""
