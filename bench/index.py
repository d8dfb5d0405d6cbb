"""The catalogue index inside a process: lists, filters, own prices; the same answers in plain SQL."""

from bench.harness import Results
from bench.large import Catalogues


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The first of the sizes."""
    catalogue = catalogues.of(sizes[0])
    results = Results(target, list(catalogue.figures))
    for part in ("selection", "prices"):
        results.rows += catalogue.inside(part)
    return results
