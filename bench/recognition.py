"""Rows of an order file and of a paste become goods."""

from bench.harness import Results
from bench.large import Catalogues


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The first of the sizes."""
    catalogue = catalogues.of(sizes[0])
    results = Results(target, list(catalogue.figures))
    results.rows += catalogue.inside("recognition")
    return results
