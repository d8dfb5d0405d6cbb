"""The charts of purchases of clients and employees with 200,000 orders behind them."""

from bench.harness import Results
from bench.large import Catalogues
from bench.large.history import fill_with_history

GOODS = 5_000


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The size of the catalogue is its own: this is about orders."""
    results = Results(target)
    catalogue = catalogues.filled("history", GOODS, fill_with_history)
    results.rows += catalogue.inside("analytics")
    return results
